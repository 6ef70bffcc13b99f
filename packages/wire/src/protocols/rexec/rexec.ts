// rexec: runs a command on another computer for an account with its password, all of it in clear in the client's first
// bytes.
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText } from '../../reader.ts';
import { type CommandRequest, commandOf, readTexts, textEnds, textsLength } from '../rsh/texts.ts';

interface State {
  request: CommandRequest | undefined;
}
interface Rexec {
  readonly request?: CommandRequest;
  readonly hasPassword?: boolean;
  readonly accepted?: boolean;
}

export const rexec = protocol({
  name: 'rexec',
  title: 'Remote execution',
  spec: 'BSD rexecd(8)',
  depth: 'functions',
  on: { tcp: [512] },
  tells: ['credential.cleartext', 'operation'],
  open: (): State => ({ request: undefined }),

  frame(reader, { state, fromClient }) {
    if (!fromClient) return state.request ? (reader.left > 0 ? 1 : NEED_MORE) : NOT_MINE;
    return state.request ? NOT_MINE : textsLength(reader);
  },

  read(reader, { state, fromClient, frame, time }): Rexec | undefined {
    if (!fromClient) return state.request ? { accepted: reader.u8() === 0 } : undefined;
    const texts = readTexts(reader);
    if (!texts) return undefined;
    state.request = { account: cleanText(texts[1], 64), command: commandOf(texts[3]), frame, time };
    return { request: state.request, hasPassword: texts[2] !== '' };
  },

  secrets(reader, { fromClient }) {
    if (!fromClient) return [];
    const length = reader.left;
    const [, user = -1, password = length] = textEnds(reader);
    // Without a whole account before it, everything may be part of the password.
    return [{ from: user + 1, to: Math.max(password, user + 1), what: 'rexec password' }].filter(
      ({ from, to }) => from < to,
    );
  },

  observe({ request, hasPassword, accepted }, say, conversation) {
    const { server, state } = conversation;
    if (request && hasPassword) {
      const { account } = request;
      const value = { what: 'rexec password', ...(account ? { account } : {}) };
      say.fact(server, 'credential.cleartext', value, 'password');
    }
    if (accepted === undefined || !state.request) return;
    const { command, frame, time } = state.request;
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
