// rlogin: terminals of old UNIX systems in clear. The client names both accounts in its first bytes; where the server does
// not trust its address, it is asked for a password like at any terminal.
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import {
  DIALOGUE_KINDS,
  type Dialogue,
  type DialogueFacts,
  findEcho,
  hearClient,
  hearServer,
  newDialogue,
  TYPED,
  tellDialogue,
} from '../telnet/login-dialogue.ts';

/** Names of accounts, and the terminal with its speed. */
const MAX_NAME = 64;

interface State {
  readonly dialogue: Dialogue;
  isOpen: boolean;
}
interface Rlogin {
  readonly account?: string;
  readonly facts: DialogueFacts;
}
const NOTHING: Rlogin = { facts: {} };

export const rlogin = protocol({
  name: 'rlogin',
  title: 'rlogin',
  spec: 'RFC 1282',
  depth: 'identity',
  on: { tcp: [513] },
  tells: [...DIALOGUE_KINDS, 'service.account'],
  open: (): State => ({ dialogue: newDialogue(), isOpen: false }),

  frame(reader, { state, fromClient }) {
    if (state.isOpen) return reader.left;
    if (fromClient) return openingLength(reader);
    return NOT_MINE;
  },

  read(reader, { state, fromClient }): Rlogin | undefined {
    if (!state.isOpen) {
      if (!fromClient) return undefined;
      reader.skip(1);
      reader.textz(MAX_NAME);
      const account = cleanText(reader.textz(MAX_NAME));
      reader.textz(MAX_NAME);
      if (!reader.ok) return undefined;
      state.isOpen = true;
      state.dialogue.candidate = account;
      return { account, facts: {} };
    }
    const text = reader.text(reader.left).replaceAll('\0', '');
    if (text === '') return NOTHING;
    return { facts: fromClient ? hearClient(text, state.dialogue) : hearServer(text, state.dialogue) };
  },

  secrets(reader, { state, fromClient }) {
    const length = reader.left;
    if (!fromClient) return findEcho(reader.text(length), 0, state.dialogue);
    const opening = state.isOpen ? 0 : openingLength(reader);
    const from = opening > 0 ? opening : 0;
    return from < length ? [{ from, to: length, what: TYPED }] : [];
  },

  observe({ account, facts }, say, conversation) {
    if (account) say.fact(conversation.server, 'service.account', account, 'server user name');
    tellDialogue(facts, 'rlogin password', say, conversation);
  },
});

/** A 0, then three texts that end with one: user of the client, user of the server, terminal and speed. */
function openingLength(reader: Reader): number {
  if (reader.peek() !== 0) return reader.left > 0 ? NOT_MINE : NEED_MORE;
  let at = 1;
  for (let i = 0; i < 3; i++) {
    const from = at;
    for (; reader.peek(at) !== 0; at++) {
      const byte = reader.peek(at);
      if (byte < 0) return at - from > MAX_NAME ? NOT_MINE : NEED_MORE;
      if (byte < 0x20 || byte > 0x7e || at - from > MAX_NAME) return NOT_MINE;
    }
    at++;
  }
  return at;
}
