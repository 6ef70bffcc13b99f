// A server of a test's own: real HTTP on loopback, real store, in a folder that goes when the test ends. Every answer is
// checked against the contract.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addressOf,
  type BodyOf,
  CSRF_HEADER,
  type ErrorAnswer,
  errorAnswer,
  type OutputOf,
  type ParamsOf,
  type QueryOf,
  type RouteName,
  type RouteShape,
  routeNamed,
} from '@interlock/model/api';
import { pino } from 'pino';
import { type RunningServer, type ServerOptions, startServer } from '../start-server.ts';

export interface CallInput<N extends RouteName> {
  readonly params?: ParamsOf<N>;
  readonly query?: QueryOf<N>;
  readonly body?: BodyOf<N>;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface Answer<N extends RouteName> {
  readonly status: number;
  readonly headers: Headers;
  /** Absent where it failed. */
  readonly output?: OutputOf<N>;
  readonly error?: ErrorAnswer['error'];
}

export interface TestServer extends RunningServer {
  readonly data: string;
  /** Calls a route; throws where the answer is not as the contract says. */
  call<N extends RouteName>(name: N, input?: CallInput<N>): Promise<Answer<N>>;
  /** Calls a route that must succeed. */
  get<N extends RouteName>(name: N, input?: CallInput<N>): Promise<OutputOf<N>>;
  /** Uploads a file as the console does. */
  upload(bytes: Uint8Array, name?: string): Promise<Answer<'addCapture'>>;
  /** Uploads a document to be looked at. */
  uploadDocument(bytes: Uint8Array | string, name: string, importer?: string): Promise<Answer<'addImport'>>;
  /** Uploads a document and imports it. Out: the finished import. */
  importDocument(bytes: Uint8Array | string, name: string, source: string): Promise<OutputOf<'getImport'>>;
  /** Headers that prove the session: cookie and token. */
  session(): Promise<Record<string, string>>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Ends the server and keeps its folder; `end` removes that too. */
  close(): Promise<void>;
  end(): Promise<void>;
}

/** In: options; demo plant, console and log are off unless asked for. */
export async function startTestServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'interlock-server-'));
  const server = await startServer({
    port: 0,
    demo: false,
    console: join(data, 'no-console'),
    logger: pino({ level: 'silent' }),
    ...options,
    data,
  });
  let cookie = '';
  let token = '';
  let closed = false;

  const fetchFrom = (path: string, init: RequestInit = {}) => fetch(`${server.address}${path}`, init);
  const session = async (): Promise<Record<string, string>> => {
    if (token === '') {
      const answer = await fetchFrom(addressOf('getSession'), { headers: cookie ? { cookie } : {} });
      cookie = answer.headers.get('set-cookie')?.split(';', 1)[0] ?? cookie;
      token = ((await answer.json()) as OutputOf<'getSession'>).csrf ?? '';
    }
    return { cookie, [CSRF_HEADER]: token };
  };
  const checked = async <N extends RouteName>(name: N, response: Response): Promise<Answer<N>> => {
    const { status, headers } = response;
    if (status >= 400) return { status, headers, error: errorAnswer.parse(await response.json()).error };
    const route: RouteShape = routeNamed(name);
    return { status, headers, output: route.output.parse(await response.json()) as OutputOf<N> };
  };
  const call = async <N extends RouteName>(name: N, input: CallInput<N> = {}): Promise<Answer<N>> => {
    const { method } = routeNamed(name);
    const response = await fetchFrom(addressOf(name, input.params, input.query), {
      method,
      headers: {
        ...(method === 'GET' ? (cookie ? { cookie } : {}) : await session()),
        ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...input.headers,
      },
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    });
    const given = response.headers.get('set-cookie');
    if (given) {
      cookie = given.split(';', 1)[0] ?? '';
      token = '';
    }
    return checked(name, response);
  };
  const close = async (): Promise<void> => {
    if (!closed) await server.close();
    closed = true;
  };
  const get: TestServer['get'] = async (name, input) => {
    const { output, error } = await call(name, input);
    if (error || output === undefined) throw new Error(`${name}: ${error?.code} ${error?.message}`);
    return output;
  };
  const uploadDocument: TestServer['uploadDocument'] = async (bytes, name, importer) => {
    const form = new FormData();
    form.append('file', new Blob([bytes as Uint8Array<ArrayBuffer> | string]), name);
    const response = await fetchFrom(addressOf('addImport', undefined, importer ? { importer } : undefined), {
      method: 'POST',
      headers: await session(),
      body: form,
    });
    return checked('addImport', response);
  };
  return {
    ...server,
    data,
    call,
    session,
    fetch: fetchFrom,
    close,
    get,
    async upload(bytes, name = 'plant.pcap') {
      const form = new FormData();
      form.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), name);
      const response = await fetchFrom(addressOf('addCapture'), {
        method: 'POST',
        headers: await session(),
        body: form,
      });
      return checked('addCapture', response);
    },
    uploadDocument,
    async importDocument(bytes, name, source) {
      const { output, error } = await uploadDocument(bytes, name);
      if (!output) throw new Error(`${name} was refused: ${error?.code} ${error?.message}`);
      await get('startImport', { params: { id: output.id }, body: { source } });
      await server.settled();
      return get('getImport', { params: { id: output.id } });
    },
    async end() {
      await close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
