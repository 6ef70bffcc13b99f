// What every request passes before anything else looks at it: the server is not stopping, the host is ours, somebody is
// signed in where a password is set, and what changes something carries the token of its session.
import { API_PREFIX, CSRF_HEADER, type RouteShape } from '@interlock/model/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { problem } from '../api-problem.ts';
import type { Context } from './context.ts';
import { SESSION_COOKIE } from './handlers/system.ts';
import { isSameOrigin, namesLoopback } from './hosts.ts';
import { isPasswordSet } from './password.ts';
import { carriesToken } from './sessions.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route of the contract; absent for files of the console. */
    route?: RouteShape;
  }
}

export function guardRequests(app: FastifyInstance, context: Context, loopback: boolean): void {
  let stopping = false;
  app.addHook('preClose', async () => {
    stopping = true;
    context.events.close();
  });
  app.addHook('onRequest', async (request) => {
    if (stopping) throw problem('server.stopping', {});
    if (loopback && !namesLoopback(request.headers.host)) {
      request.log.warn({ event: 'wrong host', host: request.headers.host, address: request.ip }, 'wrong host');
      throw problem('request.wrong-host', { host: (request.headers.host ?? 'none').slice(0, 100) });
    }
  });
  // After the cookie plugin has read its header.
  app.addHook('preValidation', async (request) => {
    if (request.url.startsWith(API_PREFIX)) guardApi(request, context);
  });
}

function guardApi(request: FastifyRequest, { sessions, folder }: Context): void {
  const { route } = request.routeOptions.config;
  if (!route) return;
  const safe = route.method === 'GET';
  if (!safe && !isSameOrigin(request.headers)) {
    request.log.warn({ event: 'wrong origin', origin: request.headers.origin, address: request.ip }, 'wrong origin');
    throw problem('session.csrf', {});
  }
  if (route.open) return;
  const session = sessions.use(request.cookies[SESSION_COOKIE]);
  if (isPasswordSet(folder.password) && !session?.signedIn) throw problem('session.required', {});
  if (safe) return;
  if (!session || !carriesToken(session, request.headers[CSRF_HEADER])) {
    request.log.warn({ event: 'token missing', address: request.ip, path: request.url }, 'token missing');
    throw problem('session.csrf', {});
  }
}
