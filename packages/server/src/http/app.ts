// The web server: guards every request, registers the routes of the contract, describes them, and serves the console.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import fastifyMultipart from '@fastify/multipart';
import fastifyRateLimit from '@fastify/rate-limit';
import fastifyStatic from '@fastify/static';
import fastifySwagger from '@fastify/swagger';
import { API_PREFIX, CSRF_HEADER, EVERYWHERE, errorAnswer, ROUTES, type RouteShape } from '@interlock/model/api';
import { type ApiErrorCode, ERRORS } from '@interlock/model/errors';
import { type FastifyBaseLogger, type FastifyInstance, type FastifySchema, fastify, LogController } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { problem } from '../api-problem.ts';
import type { Context, Handlers } from './context.ts';
import { guardRequests } from './guard.ts';
import { captureHandlers } from './handlers/captures.ts';
import { deviceHandlers } from './handlers/devices.ts';
import { importHandlers } from './handlers/imports.ts';
import { liveHandlers } from './handlers/live.ts';
import { questionHandlers } from './handlers/questions.ts';
import { systemHandlers } from './handlers/system.ts';
import { sendProblem } from './problems.ts';

export interface AppOptions {
  readonly context: Context;
  readonly logger: FastifyBaseLogger;
  /** Whether only this machine can reach it; then only its own names are answered to. */
  readonly loopback: boolean;
  /** Folder of the built console; absent where it is not built. */
  readonly console?: string;
}

/** Bodies other than uploads: a correction has a few hundred bytes. */
const MAX_BODY_BYTES = 64 * 1024;
/** Attempts to sign in, per address: a person mistypes a few times. */
const SIGN_IN_LIMIT = { max: 8, timeWindow: 60_000 };
/** Requests of all kinds, per address: a console that scrolls quickly asks ten times a second. */
const REQUEST_LIMIT = { max: 3_000, timeWindow: 60_000 };
/** A client that sends its headers this slowly holds a connection for nothing. */
const HEADERS_MILLISECONDS = 30_000;
/** A connection on which nothing moves. Unpacking the largest upload takes a minute or two; events send a comment. */
const IDLE_MILLISECONDS = 300_000;

export async function buildApp({
  context,
  logger,
  loopback,
  console: consoleFolder,
}: AppOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: sendProblem,
    bodyLimit: MAX_BODY_BYTES,
    // Uploads may take as long as they need; headers may not.
    requestTimeout: 0,
    connectionTimeout: IDLE_MILLISECONDS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 400 },
    http: { headersTimeout: HEADERS_MILLISECONDS },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendProblem);
  guardRequests(app, context, loopback);

  await app.register(fastifyCookie);
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: true,
    // The console is served over plain HTTP on loopback; whoever puts TLS in front sets this there.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
  await app.register(fastifyRateLimit, {
    ...REQUEST_LIMIT,
    errorResponseBuilder: (_, { ttl }) => problem('request.too-many', { seconds: seconds(ttl) }, seconds(ttl)),
  });
  await app.register(fastifyMultipart);
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Interlock',
        version: context.version,
        description:
          `What is connected in a plant, from captures of its traffic. Requests that change something carry the
          cookie of a session and its token, both given by GET ${API_PREFIX}/session, the token as header ${CSRF_HEADER}.`.replace(
            /\s+/g,
            ' ',
          ),
      },
      servers: [{ url: '/' }],
      components: {
        securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'interlock_session' } },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });

  await app.register(async (api) => {
    const handlers: Handlers = {
      ...systemHandlers(context),
      ...deviceHandlers(context),
      ...captureHandlers(context),
      ...liveHandlers(context),
      ...questionHandlers(context),
      ...importHandlers(context),
    };
    for (const route of ROUTES) registerRoute(api, route, handlers[route.name] as AnyHandler);
  });
  await serveConsole(app, consoleFolder);
  return app;
}

/** A handler whose route is not known to the compiler. */
type AnyHandler = (input: never) => Promise<unknown>;

const seconds = (milliseconds: number): number => Math.max(1, Math.ceil(milliseconds / 1_000));

function registerRoute(app: FastifyInstance, route: RouteShape, handler: AnyHandler): void {
  const signIn = route.name === 'signIn';
  app.route({
    method: route.method,
    url: `${API_PREFIX}${route.path}`,
    exposeHeadRoute: false,
    schema: schemaOf(route),
    // A multipart body is read part by part by its handler; there is nothing to check before.
    ...(route.sends ? { validatorCompiler: () => () => true } : {}),
    config: {
      route,
      ...(signIn
        ? {
            rateLimit: {
              ...SIGN_IN_LIMIT,
              errorResponseBuilder: (_: unknown, { ttl }: { ttl: number }) =>
                problem('session.too-many-attempts', { seconds: seconds(ttl) }, seconds(ttl)),
            },
          }
        : {}),
    },
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store');
      if (route.status !== undefined) reply.code(route.status);
      const { params, query, body } = request;
      // The contract ties name, input and handler together; inside this loop over all routes the tie cannot be seen.
      return handler({ params, query, body, request, reply } as never);
    },
  });
}

/** What Fastify checks, sends and describes of a route. */
function schemaOf(route: RouteShape): FastifySchema {
  const byStatus = new Map<number, ApiErrorCode[]>();
  for (const code of new Set([...route.errors, ...EVERYWHERE])) {
    const { status } = ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const failures = [...byStatus].map(([status, codes]) => [
    status,
    { description: codes.join(', '), content: { 'application/json': { schema: errorAnswer } } },
  ]);
  const success = route.answers
    ? {
        description: route.summary,
        content: Object.fromEntries(route.answers.map((type) => [type, { schema: route.output }])),
      }
    : route.output;
  return {
    operationId: route.name,
    summary: route.summary,
    ...(route.open ? { security: [] } : { security: [{ session: [] }] }),
    ...(route.params ? { params: route.params } : {}),
    ...(route.query ? { querystring: route.query } : {}),
    ...(route.body ? { body: route.body } : {}),
    ...(route.sends ? { consumes: [route.sends] } : {}),
    response: { [route.status ?? 200]: success, ...Object.fromEntries(failures) },
  } as FastifySchema;
}

/** The built console: its files, and its one page for every address that is none of ours. */
async function serveConsole(app: FastifyInstance, folder: string | undefined): Promise<void> {
  const built = folder !== undefined && existsSync(join(folder, 'index.html'));
  if (built)
    await app.register(fastifyStatic, {
      root: folder,
      index: false,
      cacheControl: false,
      // Names of assets hold a hash of their content.
      setHeaders: (reply, path) =>
        reply.setHeader(
          'cache-control',
          path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        ),
    });
  if (built) app.get('/', { schema: { hide: true } as FastifySchema }, (_, reply) => reply.sendFile('index.html'));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const page =
      (request.method === 'GET' || request.method === 'HEAD') && !path.startsWith('/api/') && !/\.\w+$/.test(path);
    if (built && page) return reply.sendFile('index.html');
    return sendProblem(
      problem('request.no-such-route', { method: request.method, path: path.slice(0, 200) }),
      request,
      reply,
    );
  });
}
