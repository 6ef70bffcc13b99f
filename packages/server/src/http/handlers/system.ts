// Handlers about the server itself: its state, who is signed in, what happens, what the API is.
import { MAX_MAP_EDGES, MAX_MAP_NODES, MAX_PAGE, type Session } from '@interlock/model/api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '../../api-problem.ts';
import type { Context, Handlers } from '../context.ts';
import { isPassword, isPasswordSet } from '../password.ts';
import type { SessionState } from '../sessions.ts';

/** Name of the cookie that holds the session. */
export const SESSION_COOKIE = 'interlock_session';

/** Checks of a password that wait; each takes a third of a second. */
const MAX_CHECKS_WAITING = 20;

type SystemRoute = 'getStatus' | 'getSession' | 'signIn' | 'signOut' | 'watchEvents' | 'getOpenApi';

export function systemHandlers(context: Context): Handlers<SystemRoute> {
  const { store, ingest, sessions, folder } = context;

  const sessionShown = (session: SessionState | undefined): Session => {
    const passwordSet = isPasswordSet(folder.password);
    const signedIn = session !== undefined && (session.signedIn || !passwordSet);
    if (!session || !signedIn) return { passwordSet, signedIn: false };
    const { idle, whole } = sessions.ends(session);
    return { passwordSet, signedIn, csrf: session.csrf, idleEnd: idle, end: whole };
  };
  const isSignedIn = (session: SessionState | undefined): boolean =>
    session?.signedIn === true && sessions.isAlive(session);
  const begin = (reply: FastifyReply, signedIn: boolean): SessionState => {
    const { cookie, session } = sessions.begin(signedIn);
    reply.setCookie(SESSION_COOKIE, cookie, { path: '/', httpOnly: true, sameSite: 'strict' });
    return session;
  };
  const cookieOf = (request: FastifyRequest): string | undefined => request.cookies[SESSION_COOKIE];

  // Each check takes 128 MiB: one at a time, and those who would wait long are sent away.
  let checks: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const inTurn = async (check: () => Promise<boolean>): Promise<boolean> => {
    if (waiting >= MAX_CHECKS_WAITING) throw problem('session.too-many-attempts', { seconds: 10 }, 10);
    waiting++;
    const turn = checks.then(check);
    checks = turn.catch(() => undefined);
    return turn.finally(() => waiting--);
  };

  return {
    async getStatus() {
      const [counts, inventory, loaded, corrections] = await Promise.all([
        store.counts(),
        ingest.inventoryState(),
        context.demo.loaded(),
        store.corrections.count(),
      ]);
      const { maxUpload, maxUnpacked } = context.receiver.limits;
      return {
        version: context.version,
        engine: context.engine,
        store: { engine: store.engine, version: store.version, schema: store.schema },
        counts: { ...counts, corrections },
        waiting: ingest.waiting,
        demo: { loaded: loaded !== undefined, available: context.demo.isAvailable },
        inventory,
        limits: {
          uploadBytes: maxUpload,
          unpackedBytes: maxUnpacked,
          pageItems: MAX_PAGE,
          mapNodes: MAX_MAP_NODES,
          mapEdges: MAX_MAP_EDGES,
        },
      };
    },

    async getSession({ request, reply }) {
      const session = sessions.use(cookieOf(request));
      if (session || isPasswordSet(folder.password)) return sessionShown(session);
      return sessionShown(begin(reply, false));
    },

    async signIn({ body, request, reply }) {
      if (!(await inTurn(() => isPassword(folder.password, body.password)))) {
        request.log.warn({ event: 'sign-in refused', address: request.ip }, 'sign-in refused');
        throw problem('session.wrong-password', {});
      }
      request.log.info({ event: 'signed in', address: request.ip }, 'signed in');
      sessions.end(cookieOf(request));
      return sessionShown(begin(reply, true));
    },

    async signOut({ request, reply }) {
      sessions.end(cookieOf(request));
      reply.clearCookie(SESSION_COOKIE, { path: '/' });
      request.log.info({ event: 'signed out', address: request.ip }, 'signed out');
      return sessionShown(undefined);
    },

    async watchEvents({ request, reply }) {
      if (context.events.isFull) throw problem('request.too-many', { seconds: 30 }, 30);
      const session = sessions.use(cookieOf(request));
      const stream = context.events.watch(() => !isPasswordSet(folder.password) || isSignedIn(session));
      return reply.type('text/event-stream').header('cache-control', 'no-store').send(stream);
    },

    async getOpenApi({ reply }) {
      return reply.server.swagger() as { openapi: string };
    },
  };
}
