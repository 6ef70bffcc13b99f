import { expect, test } from 'vitest';
import { z } from 'zod';
import { API_PREFIX, addressOf, EVERYWHERE, ROUTES, type RouteShape, routeNamed } from './api.ts';
import { ERRORS, errorMessage } from './errors.ts';

const routes: readonly RouteShape[] = ROUTES;

test('every route has a name and a place of its own, and schemas for the parameters of its path', () => {
  expect(new Set(routes.map((route) => route.name)).size).toBe(routes.length);
  expect(new Set(routes.map((route) => `${route.method} ${route.path}`)).size).toBe(routes.length);
  for (const route of routes) {
    const inPath = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1]);
    expect(Object.keys(route.params?.shape ?? {}), route.name).toEqual(inPath);
  }
});

test('every schema can be written as JSON Schema', () => {
  for (const route of routes) {
    expect(z.toJSONSchema(route.output, { io: 'output' }), route.name).toHaveProperty('$schema');
    for (const schema of [route.params, route.query, route.body])
      if (schema) expect(z.toJSONSchema(schema, { io: 'input' }), route.name).toHaveProperty('$schema');
  }
});

test('every error that crosses HTTP is named by a route, or may come from all', () => {
  const named = new Set<string>([...EVERYWHERE, 'request.no-such-route', ...routes.flatMap((route) => route.errors)]);
  for (const [code, { status }] of Object.entries(ERRORS)) expect(named.has(code), code).toBe(status > 0);
});

test('texts of errors are filled in', () => {
  expect(errorMessage('request.no-such-route', { method: 'GET', path: '/api/v1/nothing' })).toBe(
    'There is nothing at GET /api/v1/nothing',
  );
});

test('addresses are percent-encoded, several values are repeated, undefined ones left out', () => {
  expect(addressOf('getDevice', { id: 'a/b c' })).toBe(`${API_PREFIX}/devices/a%2Fb%20c`);
  expect(addressOf('listDevices', undefined, { vendor: ['A&B', ''], search: 'ö', model: undefined })).toBe(
    `${API_PREFIX}/devices?vendor=A%26B&vendor=&search=%C3%B6`,
  );
});

test('one value of a filter and several come out alike; unknown parameters are refused', () => {
  const { query } = routeNamed('listDevices');
  expect(query.parse({ vendor: 'A' }).vendor).toEqual(['A']);
  expect(query.parse({ vendor: ['A', 'B'], exposed: 'true' })).toMatchObject({ vendor: ['A', 'B'], exposed: true });
  for (const wrong of [{ vendr: 'A' }, { limit: '0' }, { limit: '1001' }, { limit: 'x' }, { level: 'moon' }])
    expect(query.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false);
});
