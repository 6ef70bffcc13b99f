// rsync as a server of its own: which modules are copied from or to, and whether a password is wanted. The files that are
// copied are not looked at.
import { frameLine, readLine } from '../../lines.ts';
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

const MAX_LINE = 1024;

interface State {
  greeted: [boolean, boolean];
  module: { readonly name: string; readonly frame: number; readonly time: number } | undefined;
  challenged: boolean;
}
interface Rsync {
  readonly version?: string;
  readonly account?: string;
  readonly outcome?: 'demands' | 'open' | 'refused' | 'listed';
}
const NOTHING: Rsync = {};

export const rsync = protocol({
  name: 'rsync',
  title: 'rsync daemon',
  spec: 'rsync, csprotocol.txt and rsyncd.conf(5)',
  depth: 'functions',
  on: { tcp: [873] },
  tells: ['service.banner', 'service.account', 'service.authentication', 'exposure.anonymous', 'operation'],
  open: (): State => ({ greeted: [false, false], module: undefined, challenged: false }),

  firstBytes: [0x40],
  recognise: (reader) => /^@RSYNCD: \d{2}(?:\.\d+)?/.test(reader.text(Math.min(reader.left, 16))),

  frame(reader, { state, fromClient }) {
    const length = reader.left > 0 ? frameLine(reader, MAX_LINE) : NEED_MORE;
    const isGreeting =
      state.greeted[fromClient ? 0 : 1] || '@RSYNCD: '.startsWith(reader.text(Math.min(reader.left, 9)));
    return isGreeting ? length : NOT_MINE;
  },

  read(reader, { state, fromClient, frame, time }): Rsync | undefined {
    const line = readLine(reader);
    const side = fromClient ? 0 : 1;
    if (!state.greeted[side]) {
      const version = /^@RSYNCD: (\d{2}(?:\.\d+)?)/.exec(line)?.[1];
      if (version === undefined) return undefined;
      state.greeted[side] = true;
      return fromClient ? NOTHING : { version };
    }
    if (fromClient) {
      if (!state.module) {
        state.module = { name: cleanText(line, 255), frame, time };
        return NOTHING;
      }
      return state.challenged ? { account: cleanText(/^\S+(?= )/.exec(line)?.[0] ?? '', 128) } : NOTHING;
    }
    if (line.startsWith('@RSYNCD: AUTHREQD ')) {
      state.challenged = true;
      return { outcome: 'demands' };
    }
    if (line === '@RSYNCD: OK') return { outcome: 'open' };
    if (line === '@RSYNCD: EXIT') return { outcome: 'listed' };
    return line.startsWith('@ERROR') ? { outcome: 'refused' } : NOTHING;
  },

  secrets(reader, { fromClient, state }): SecretRange[] {
    if (!fromClient) return [];
    const line = readLine(reader);
    if (line.startsWith('@RSYNCD: ') || (!state.module && state.greeted[0])) return [];
    // An account and what proves its password.
    const from = (/^\S+ /.exec(line)?.[0] ?? '').length;
    return from < line.length ? [{ from, to: line.length, what: 'answer to a challenge' }] : [];
  },

  observe(message, say, conversation) {
    if (message === NOTHING) return;
    const { version, account, outcome } = message;
    const { server, state } = conversation;
    if (version) say.fact(server, 'service.banner', `rsync protocol ${version}`, 'greeting');
    if (account) say.fact(server, 'service.account', account, 'answer to AUTHREQD');
    if (outcome === 'demands') say.fact(server, 'service.authentication', 'password by challenge', 'AUTHREQD');
    else if (outcome) {
      const { name = '', frame, time } = state.module ?? {};
      const when = frame === undefined || time === undefined ? {} : { frame, time };
      if (outcome === 'listed' || name === '' || name === '#list') say.operation('list modules', 'diagnostic', when);
      else say.operation('copy files of a module', 'file', { detail: name, accepted: outcome === 'open', ...when });
      if (outcome === 'open' && !state.challenged)
        say.fact(server, 'exposure.anonymous', 'rsync module without a password', 'OK');
      conversation.done();
    }
  },
});
