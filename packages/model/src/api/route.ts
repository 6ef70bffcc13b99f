// The shape of one route of the API. Server, OpenAPI description and the console's client are made from such values.
import type { z } from 'zod';
import type { ApiErrorCode } from '../errors.ts';

export interface RouteShape {
  /** Name of the operation; the client calls it by this. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `API_PREFIX`; parameters as `:name`. */
  readonly path: string;
  readonly summary: string;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** What the body is sent as, where it is not JSON. */
  readonly sends?: 'multipart/form-data';
  /** Of the whole answer, or of each event where `answers` is an event stream. */
  readonly output: z.ZodType;
  /** What the answer is sent as, where it is not only JSON. */
  readonly answers?: readonly string[];
  /** Status of success, where it is not 200. */
  readonly status?: number;
  /** Errors of its own, besides those that every route may answer with (`EVERYWHERE`). */
  readonly errors: readonly ApiErrorCode[];
  /** Answered also to those who are not signed in. */
  readonly open?: true;
}

/** Only fixes the types. */
export const route = <const R extends RouteShape>(value: R): R => value;
