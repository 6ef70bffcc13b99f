// Handlers of the inventory: list, menus, export, one device, the evidence behind its facts, and the map.
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { DEVICE_COLUMNS, EXPORT_FORMATS } from '@interlock/model/api';
import { problem } from '../../api-problem.ts';
import { EXPORTERS } from '../../export/formats.ts';
import type { FactToFind } from '../../ingest/explain.ts';
import type { Context, Handlers } from '../context.ts';

type DeviceRoute =
  | 'listDevices'
  | 'deviceFacets'
  | 'exportDevices'
  | 'getDevice'
  | 'listDeviceFacts'
  | 'listConversations'
  | 'listOperations'
  | 'getEvidence'
  | 'getMap'
  | 'getFrame';

export function deviceHandlers({ store, folder, desk, now, version }: Context): Handlers<DeviceRoute> {
  /** Frames of a capture's file, or those that were kept of a live one, of which some are not. */
  const framesOf = async (capture: string, frames: readonly number[], most: number, fact?: FactToFind) =>
    folder.hasCapture(capture)
      ? desk.frames(folder.capture(capture), frames.slice(0, most), fact)
      : (await desk.evidence(folder.evidence(capture), frames, fact)).slice(0, most);

  return {
    listDevices: ({ query }) => store.devices.list(query),
    deviceFacets: ({ query }) => store.devices.facets(query),

    async exportDevices({ query, reply }) {
      const { format, columns = DEVICE_COLUMNS, ...list } = query;
      const { extension, media } = EXPORT_FORMATS[format];
      const time = now();
      const bytes = EXPORTERS[format]({
        rows: store.devices.each(list),
        columns,
        detail: (id) => store.devices.detail(id),
        time,
        version,
        uuid: randomUUID(),
      });
      const isText = media.startsWith('text/') || media.endsWith('json');
      return reply
        .type(isText ? `${media}; charset=utf-8` : media)
        .header(
          'content-disposition',
          `attachment; filename="inventory-${new Date(time).toISOString().slice(0, 10)}.${extension}"`,
        )
        .send(Readable.from(bytes));
    },

    getDevice: ({ params }) => store.devices.detail(params.id),
    listDeviceFacts: ({ params, query }) => store.devices.facts(params.id, query),
    listConversations: async ({ params, query }) =>
      store.traffic.conversations(await store.devices.numberOf(params.id), query),
    listOperations: async ({ params, query }) =>
      store.traffic.operations(await store.devices.numberOf(params.id), query),
    getMap: ({ query }) => store.map.draw(query),

    async getEvidence({ params, query }) {
      const evidence = await store.evidence.of(params.fact, (capture) => folder.hasFrames(capture));
      const shown = evidence.origins.find(
        (origin) =>
          origin.from === 'capture' &&
          origin.available &&
          (query.capture === undefined || origin.capture === query.capture),
      );
      if (shown?.from !== 'capture' || query.frames === 0) return { ...evidence, frames: [] };
      const { capture } = shown;
      const frames = await framesOf(capture, shown.frames, query.frames, evidence.fact);
      return { ...evidence, frames: frames.map((frame) => ({ capture, ...frame })) };
    },

    async getFrame({ params, query }) {
      const { id: capture, number } = params;
      if (!(await store.captures.get(capture))) throw problem('capture.not-found', { capture });
      if (!folder.hasFrames(capture)) throw problem('capture.file-missing', { capture });
      const fact = query.fact === undefined ? undefined : (await store.evidence.of(query.fact, () => true)).fact;
      const [frame] = await framesOf(capture, [number], 1, fact);
      if (!frame) throw problem('frame.not-found', { frame: number });
      return { capture, ...frame };
    },
  };
}
