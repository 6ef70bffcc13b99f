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

/** Out: the token that requests which change something must carry, asked for anew: a server that restarted has others. */
export const loadToken = async (): Promise<string> => (await call('getSession', {})).csrf ?? '';

/** In: a route's name and input. Out: its answer. Throws ApiError for every other answer and where there is none. */
export async function call<N extends RouteName>(name: N, input: CallInput<N>): Promise<OutputOf<N>> {
  const changes = routeNamed(name).method !== 'GET';
  try {
    return await send(name, input, changes ? (session?.csrf ?? (await loadToken())) : undefined);
  } catch (error) {
    if (!changes || !(error instanceof ApiError) || error.code !== 'session.csrf') throw error;
    return send(name, input, await loadToken());
  }
}

async function send<N extends RouteName>(
  name: N,
  input: CallInput<N>,
  token: string | undefined,
): Promise<OutputOf<N>> {
  const route: RouteShape = routeNamed(name);
  const response = await fetch(addressOf(name, input.params, input.query), {
    method: route.method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { [CSRF_HEADER]: token }),
    },
    ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    ...(input.signal ? { signal: input.signal } : {}),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw offline();
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw errorOf(response.status, answer);
  if (name === 'getSession' || name === 'signIn' || name === 'signOut') session = answer as Session;
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
