// Handlers of captures, corrections and the demo plant.
import { problem } from '../../api-problem.ts';
import { existing } from '../../store/captures.ts';
import type { Context, Handlers } from '../context.ts';
import { uploadOf } from '../upload.ts';

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
      const { name, bytes } = await uploadOf(request, 'capture');
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
