// rsh: runs a command on another computer because of the address and the account that ask for it; there is no password.
// Names of both accounts and the command stand in clear in the client's first bytes.
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText } from '../../reader.ts';
import { type CommandRequest, commandOf, readTexts, textsLength } from './texts.ts';

interface State {
  request: CommandRequest | undefined;
}
interface Rsh {
  readonly request?: CommandRequest;
  /** The server's first byte: whether it runs the command. */
  readonly accepted?: boolean;
}

export const rsh = protocol({
  name: 'rsh',
  title: 'Remote shell',
  spec: 'BSD rshd(8); RFC 1282 on the trust in addresses',
  depth: 'functions',
  on: { tcp: [514] },
  tells: ['service.account', 'exposure.anonymous', 'operation'],
  open: (): State => ({ request: undefined }),

  frame(reader, { state, fromClient }) {
    if (!fromClient) return state.request ? (reader.left > 0 ? 1 : NEED_MORE) : NOT_MINE;
    return state.request ? NOT_MINE : textsLength(reader);
  },

  read(reader, { state, fromClient, frame, time }): Rsh | undefined {
    if (!fromClient) return state.request ? { accepted: reader.u8() === 0 } : undefined;
    const texts = readTexts(reader);
    if (!texts) return undefined;
    state.request = { account: cleanText(texts[2], 64), command: commandOf(texts[3]), frame, time };
    return { request: state.request };
  },

  observe({ request, accepted }, say, conversation) {
    const { server, state } = conversation;
    if (request) say.fact(server, 'service.account', request.account, 'server user name');
    if (accepted === undefined || !state.request) return;
    const { command, frame, time } = state.request;
    if (accepted)
      say.fact(server, 'exposure.anonymous', 'rsh trusts the address of the client', 'first byte of the answer');
    say.operation('run command', 'configure', { detail: command || undefined, accepted, frame, time });
    state.request = undefined;
    conversation.done();
  },

  close(say, { state }) {
    if (!state.request) return;
    const { command, frame, time } = state.request;
    say.operation('run command', 'configure', { detail: command || undefined, frame, time });
  },
});
