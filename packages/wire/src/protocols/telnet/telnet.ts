// Telnet: terminals in clear. What a server says before the login names its maker more often than any other service, and
// whoever logs in shows the password to everybody on the wire.
import { protocol } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
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
} from './login-dialogue.ts';

const COMMAND = { end: 240, begin: 250, will: 251, dont: 254, escape: 255 } as const;
/** Options of a negotiation (IANA): 0 to 49, and three of 138 and above. */
const MAX_OPTION = 140;

/** Where a direction stands within a command; commands may be cut anywhere. */
type Place = 'text' | 'command' | 'option' | 'parameters' | 'parameters-escape';
interface State {
  readonly dialogue: Dialogue;
  /** By direction: client's, server's. */
  readonly places: [Place, Place];
  isProven: boolean;
}

export const telnet = protocol({
  name: 'telnet',
  title: 'Telnet',
  spec: 'RFC 854, RFC 855',
  depth: 'identity',
  on: { tcp: [23, 2323] },
  tells: DIALOGUE_KINDS,
  open: (): State => ({ dialogue: newDialogue(), places: ['text', 'text'], isProven: false }),

  firstBytes: [COMMAND.escape],
  recognise: (reader) => isNegotiation(reader, 0) && isNegotiation(reader, 3),

  read(reader, { state, fromClient }): DialogueFacts | undefined {
    if (!state.isProven) {
      if (!isTelnet(reader)) return undefined;
      state.isProven = true;
    }
    const side = fromClient ? 0 : 1;
    let text = '';
    const bytes = reader.bytes(reader.left);
    state.places[side] = walk(bytes, state.places[side], (from, to) => {
      for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at] ?? 0);
    });
    if (text === '') return {};
    return fromClient ? hearClient(text, state.dialogue) : hearServer(text, state.dialogue);
  },

  secrets(reader, { state, fromClient }) {
    const bytes = reader.bytes(reader.left);
    if (fromClient) return findTyped(bytes, state.places[0]);
    const found: SecretRange[] = [];
    walk(bytes, state.places[1], (from, to) => {
      found.push(...findEcho(String.fromCharCode(...bytes.subarray(from, to)), from, state.dialogue));
    });
    return found;
  },

  observe(facts, say, conversation) {
    tellDialogue(facts, 'Telnet password', say, conversation);
  },
});

const isNegotiation = (reader: Reader, at: number): boolean =>
  reader.peek(at) === COMMAND.escape &&
  reader.peek(at + 1) >= COMMAND.will &&
  reader.peek(at + 1) <= COMMAND.dont &&
  reader.peek(at + 2) >= 0 &&
  reader.peek(at + 2) <= MAX_OPTION;

/** Bytes looked at to tell text from something else. */
const MAX_LOOK = 64;

/** A negotiation, or text: no other control characters than those of terminals. */
function isTelnet(reader: Reader): boolean {
  if (reader.peek() === COMMAND.escape) return isNegotiation(reader, 0) || reader.peek(1) === COMMAND.begin;
  for (let at = 0; at < Math.min(reader.left, MAX_LOOK); at++) {
    const byte = reader.peek(at);
    if (byte === COMMAND.escape) return true;
    if (byte < 0x20 && !TERMINAL.includes(byte)) return false;
  }
  return true;
}
/** NUL after a carriage return, bell, backspace, tab, line feed, form feed, carriage return, escape. */
const TERMINAL: readonly number[] = [0, 3, 7, 8, 9, 10, 12, 13, 27];

/** Calls `text` for every run of text between commands (RFC 854); returns where the direction stands at the end. */
function walk(bytes: Uint8Array, place: Place, text: (from: number, to: number) => void): Place {
  let from = -1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (place === 'text') {
      if (byte === COMMAND.escape) {
        if (from >= 0) text(from, at);
        from = -1;
        place = 'command';
      } else if (from < 0) from = at;
      continue;
    }
    if (place === 'command') {
      if (byte === COMMAND.begin) place = 'parameters';
      else place = byte >= COMMAND.will && byte <= COMMAND.dont ? 'option' : 'text';
    } else if (place === 'option') place = 'text';
    else if (place === 'parameters') place = byte === COMMAND.escape ? 'parameters-escape' : place;
    else place = byte === COMMAND.end ? 'text' : 'parameters';
  }
  if (from >= 0) text(from, bytes.length);
  return place;
}

/**
 * Everything a client sends behind its negotiations at the start of a message. Parameters hold logins too (authentication,
 * environment), and where commands end is not known when bytes before are missing.
 */
function findTyped(bytes: Uint8Array, place: Place): SecretRange[] {
  let from = 0;
  if (place === 'text')
    while (
      bytes[from] === COMMAND.escape &&
      (bytes[from + 1] ?? 0) >= COMMAND.will &&
      bytes[from + 1] !== COMMAND.escape
    )
      from += 3;
  return from < bytes.length ? [{ from, to: bytes.length, what: TYPED }] : [];
}
