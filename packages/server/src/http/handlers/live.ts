// Handlers of live captures.
import type { Context, Handlers } from '../context.ts';

type LiveRoute = 'listInterfaces' | 'listLive' | 'startLive' | 'stopLive';

export function liveHandlers({ live }: Context): Handlers<LiveRoute> {
  return {
    listInterfaces: () => live.interfaces(),
    listLive: async () => ({ items: await live.list() }),

    async startLive({ body, request }) {
      const row = await live.start(body.interface);
      request.log.info(
        { event: 'live capture started', capture: row.id, interface: row.interface },
        'live capture started',
      );
      return row;
    },
    async stopLive({ params, request }) {
      const row = await live.stop(params.id);
      request.log.info({ event: 'live capture stopped', capture: row.id }, 'live capture stopped');
      return row;
    },
  };
}
