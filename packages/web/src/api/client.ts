// Speaks HTTP with the server: one typed call per route of the contract, errors as they are listed there.
import {
  addressOf,
  type BodyOf,
  CSRF_HEADER,
  type ErrorAnswer,
  type OutputOf,
  type ParamsOf,
  type QueryOf,
  type RouteName,
  type RouteShape,
  routeNamed,
  type Session,
} from '@interlock/model/api';

export interface CallInput<N extends RouteName> {
  readonly params?: ParamsOf<N>;
  readonly query?: QueryOf<N>;
  readonly body?: BodyOf<N>;
  readonly signal?: AbortSignal;
}

/** What went wrong, in the server's words; `code` is 'offline' where it did not answer at all. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly whatToDo: string;

  constructor(code: string, status: number, message: string, whatToDo: string) {
    super(message);
    this.code = code;
    this.status = status;
    this.whatToDo = whatToDo;
  }
}

let session: Session | undefined;

/** Asks who is signed in and keeps the token that changing requests must carry. */
export async function loadSession(): Promise<Session> {
  session = await call('getSession', {});
  return session;
}
export const csrfToken = (): string => session?.csrf ?? '';

/** In: a route's name and input. Out: its answer. Throws ApiError for every other answer and where there is none. */
export async function call<N extends RouteName>(name: N, input: CallInput<N>): Promise<OutputOf<N>> {
  const route: RouteShape = routeNamed(name);
  const changes = route.method !== 'GET';
  if (changes && !session) await loadSession();
  const response = await fetch(addressOf(name, input.params, input.query), {
    method: route.method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(changes ? { [CSRF_HEADER]: csrfToken() } : {}),
    },
    ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    ...(input.signal ? { signal: input.signal } : {}),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw offline();
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw errorOf(response.status, answer);
  if (name === 'signIn' || name === 'signOut') session = answer as Session;
  return answer as OutputOf<N>;
}

export const offline = (): ApiError =>
  new ApiError(
    'offline',
    0,
    'The server does not answer.',
    'Check that it still runs where you started it, then try again.',
  );

/** In: status and body of an answer that is no success. Out: the error it tells of. */
export function errorOf(status: number, answer: unknown): ApiError {
  const told = (answer as ErrorAnswer | undefined)?.error;
  if (told) return new ApiError(told.code, status, told.message, told.whatToDo);
  return new ApiError('unexpected', status, `The server answered with status ${status}.`, 'Load the page again.');
}
