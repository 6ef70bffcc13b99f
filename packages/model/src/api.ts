// The contract of the API: one plain array of routes. The server registers them, OpenAPI 3.1 is made from them, and the
// console's client takes its types from them, so the three cannot differ.
import type { z } from 'zod';
import { CAPTURE_ROUTES } from './api/captures.ts';
import { DEVICE_ROUTES } from './api/devices.ts';
import { IMPORT_ROUTES } from './api/imports.ts';
import { LIVE_ROUTES } from './api/live.ts';
import { MAP_ROUTES } from './api/map.ts';
import { QUESTION_ROUTES } from './api/questions.ts';
import type { RouteShape } from './api/route.ts';
import { SYSTEM_ROUTES } from './api/system.ts';
import type { ApiErrorCode } from './errors.ts';

export * from './api/captures.ts';
export { type ErrorAnswer, errorAnswer, MAX_PAGE } from './api/common.ts';
export * from './api/devices.ts';
export * from './api/export.ts';
export * from './api/imports.ts';
export * from './api/live.ts';
export * from './api/map.ts';
export * from './api/questions.ts';
export type { RouteShape } from './api/route.ts';
export * from './api/system.ts';

export const API_PREFIX = '/api/v1';

export const ROUTES = [
  ...SYSTEM_ROUTES,
  ...DEVICE_ROUTES,
  ...MAP_ROUTES,
  ...CAPTURE_ROUTES,
  ...LIVE_ROUTES,
  ...IMPORT_ROUTES,
  ...QUESTION_ROUTES,
] as const;

/** Errors that every route may answer with, besides its own. */
export const EVERYWHERE: readonly ApiErrorCode[] = [
  'request.invalid',
  'request.too-large',
  'request.wrong-host',
  'request.too-many',
  'session.required',
  'session.csrf',
  'server.stopping',
  'server.fault',
];

export type ApiRoute = (typeof ROUTES)[number];
export type RouteName = ApiRoute['name'];
export type RouteNamed<N extends RouteName> = Extract<ApiRoute, { readonly name: N }>;

type InputOf<R, K extends string> = R extends { readonly [P in K]: infer S extends z.ZodType } ? z.input<S> : undefined;
type ParsedOf<R, K extends string> = R extends { readonly [P in K]: infer S extends z.ZodType }
  ? z.output<S>
  : undefined;
/** What a caller gives in the path, the query and the body of a route; `undefined` where it takes none. */
export type ParamsOf<N extends RouteName> = InputOf<RouteNamed<N>, 'params'>;
export type QueryOf<N extends RouteName> = InputOf<RouteNamed<N>, 'query'>;
export type BodyOf<N extends RouteName> = InputOf<RouteNamed<N>, 'body'>;
/** What a caller gets. */
export type OutputOf<N extends RouteName> = z.output<RouteNamed<N>['output']>;
/** What the server's handler gets: checked, with defaults filled in. */
export type ParsedParamsOf<N extends RouteName> = ParsedOf<RouteNamed<N>, 'params'>;
export type ParsedQueryOf<N extends RouteName> = ParsedOf<RouteNamed<N>, 'query'>;
export type ParsedBodyOf<N extends RouteName> = ParsedOf<RouteNamed<N>, 'body'>;

const BY_NAME: ReadonlyMap<string, ApiRoute> = new Map(ROUTES.map((one) => [one.name, one]));

/** In: the name of a route. Out: the route. */
export function routeNamed<N extends RouteName>(name: N): RouteNamed<N> {
  const found = BY_NAME.get(name);
  if (!found) throw new Error(`no route ${name}`);
  return found as RouteNamed<N>;
}

/**
 * The address of a route with its parameters filled in. In: name, path parameters and query; values that are `undefined`
 * are left out, arrays are repeated. Out: path and query from the root of the server, percent-encoded (RFC 3986).
 */
export function addressOf<N extends RouteName>(name: N, params?: ParamsOf<N>, query?: QueryOf<N>): string {
  const shape: RouteShape = routeNamed(name);
  const values = (params ?? {}) as Readonly<Record<string, unknown>>;
  const path = shape.path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(String(values[key] ?? '')));
  const pairs: string[] = [];
  for (const [key, value] of Object.entries((query ?? {}) as Readonly<Record<string, unknown>>)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) pairs.push(`${encodeURIComponent(key)}=${encodeURIComponent(String(one))}`);
  }
  return `${API_PREFIX}${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`;
}
