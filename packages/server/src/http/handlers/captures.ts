// Handlers of captures, corrections and the demo plant.
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { problem } from '../../api-problem.ts';
import { existing } from '../../store/captures.ts';
import type { Context, Handlers } from '../context.ts';

type CaptureRoute =
  | 'listCaptures'
  | 'addCapture'
  | 'getCapture'
  | 'listTroubles'
  | 'removeCapture'
  | 'listCorrections'
  | 'addCorrection'
  | 'removeCorrection'
  | 'addDemo'
  | 'removeDemo';

/** Who says what is said in the console; there are no accounts. */
const CONSOLE_AUTHOR = 'console';
/** Parts of one upload besides the file; browsers and tools send none. */
const MAX_FIELDS = 8;

export function captureHandlers(context: Context): Handlers<CaptureRoute> {
  const { store, folder, ingest, receiver, demo, events, now, live } = context;

  const removeCapture = async (id: string): Promise<{ observations: number }> => {
    await ingest.cancel(id);
    await live.prepareRemoval(id);
    const observations = await folder.drop(id, () => store.captures.remove(id));
    await live.forget(id);
    events.tell({ event: 'capture-removed', id });
    ingest.changed();
    return { observations: existing(observations, id) };
  };
  const correctionsChanged = (): void => {
    events.tell({ event: 'corrections' });
    ingest.changed();
  };

  return {
    async listCaptures({ query }) {
      const page = await store.captures.list(query);
      return { ...page, items: page.items.map((row) => ingest.withProgress(row)) };
    },

    async addCapture({ request, reply }) {
      const { name, bytes } = await uploadOf(request);
      const answer = await receiver.receive({ name, bytes, demo: false });
      request.log.info(
        { event: 'capture added', capture: answer.capture.id, already: answer.already },
        'capture added',
      );
      if (answer.already) reply.code(200);
      return answer;
    },

    async getCapture({ params }) {
      const detail = existing(await store.captures.detail(params.id), params.id);
      return { ...detail, ...ingest.withProgress(detail), fileAvailable: folder.hasFrames(params.id) };
    },

    async listTroubles({ params, query }) {
      existing(await store.captures.get(params.id), params.id);
      return store.captures.troubles(params.id, query);
    },

    async removeCapture({ params, request }) {
      const row = existing(await store.captures.get(params.id), params.id);
      if (row.demo) await demo.forget();
      const answer = await removeCapture(params.id);
      request.log.info({ event: 'capture removed', capture: params.id }, 'capture removed');
      return answer;
    },

    listCorrections: ({ query }) => store.corrections.list(query),

    async addCorrection({ body, request }) {
      const correction = await store.corrections.add(body, CONSOLE_AUTHOR, now());
      request.log.info(
        { event: 'correction added', correction: correction.id, kind: correction.kind },
        'correction added',
      );
      correctionsChanged();
      return correction;
    },

    async removeCorrection({ params, request }) {
      await store.corrections.remove(params.id);
      request.log.info({ event: 'correction removed', correction: params.id }, 'correction removed');
      correctionsChanged();
      return { removed: true as const };
    },

    async addDemo() {
      return { capture: await demo.load() };
    },

    async removeDemo() {
      const id = await demo.loaded();
      if (id === undefined) throw problem('demo.not-loaded', {});
      await demo.forget();
      return removeCapture(id);
    },
  };
}

/**
 * The one file of an upload. Its bytes end with the whole body, so that a second file is refused before anything is
 * kept of the first.
 */
async function uploadOf(request: FastifyRequest): Promise<{ name: string; bytes: AsyncIterable<Uint8Array> }> {
  if (!request.isMultipart()) throw problem('request.media-type', { type: request.headers['content-type'] ?? 'none' });
  const parts = request.parts({
    limits: { fields: MAX_FIELDS, fileSize: Number.MAX_SAFE_INTEGER },
    preservePath: true,
  });
  const file = await nextFile(parts);
  if (!file) throw problem('capture.none-sent', {});
  return { name: file.filename ?? '', bytes: bytesOf(file, parts) };
}

async function nextFile(parts: AsyncIterableIterator<Multipart>): Promise<MultipartFile | undefined> {
  try {
    for (;;) {
      const { done, value } = await parts.next();
      if (done) return undefined;
      if (value.type === 'file') return value;
    }
  } catch (error) {
    throw isCutOff(error) ? problem('capture.cut-off', {}) : error;
  }
}

async function* bytesOf(file: MultipartFile, parts: AsyncIterableIterator<Multipart>): AsyncGenerator<Uint8Array> {
  try {
    yield* file.file as AsyncIterable<Uint8Array>;
    const another = await nextFile(parts);
    if (another) {
      another.file.resume();
      throw problem('capture.one-at-a-time', {});
    }
  } catch (error) {
    throw isCutOff(error) ? problem('capture.cut-off', {}) : error;
  }
}

/** Errors of a body that ends before its parts do, by whatever part of the reading noticed first. */
function isCutOff(error: unknown): boolean {
  const { code, message = '' } = error as { code?: string; message?: string };
  return (
    code === 'FST_MP_PREMATURE_CLOSE' ||
    code === 'ERR_STREAM_PREMATURE_CLOSE' ||
    code === 'ECONNRESET' ||
    code === 'ABORT_ERR' ||
    /unexpected end|terminated early|aborted/i.test(message)
  );
}
