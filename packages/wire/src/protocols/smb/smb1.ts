// SMB 1 (MS-CIFS, MS-SMB): negotiation, session setup with the names of the systems at both ends, shares and files. Every
// message is a header of 32 bytes, a list of words and a list of bytes; some carry a chain of further commands.
import type { Conversation } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { expectAnswer, purposeOfOpen, type SmbMessage, type State, shareOf, takeAnswer } from './message.ts';
import { readNtlmssp } from './ntlmssp.ts';

/** Commands chained in one message, and dialects a client offers. */
const MAX_CHAIN = 8;
const MAX_DIALECTS = 32;
const MAX_NAME = 256;

const COMMAND = {
  deleteFile: 0x06,
  sessionSetup: 0x73,
  negotiate: 0x72,
  oldTreeConnect: 0x70,
  treeConnect: 0x75,
  create: 0xa2,
} as const;
const CHAINED = new Set([0x24, 0x2d, 0x2e, 0x2f, 0x73, 0x74, 0x75, 0xa2]);
const STATUS_MORE_PROCESSING = 0xc0000016;

interface Header {
  readonly status: number;
  readonly isResponse: boolean;
  readonly unicode: boolean;
  /** Client process, user, tree and exchange: what an answer repeats. */
  readonly id: number;
}

/** Reads a message that starts with 0xFF 'SMB'. Undefined where its header does not fit. */
export function readSmb1(reader: Reader, conversation: Conversation<State>): SmbMessage | undefined {
  reader.skip(4);
  const command = reader.u8();
  const status = reader.u32le();
  const isResponse = (reader.u8() & 0x80) !== 0;
  const unicode = (reader.u16le() & 0x8000) !== 0;
  reader.skip(14);
  const process = reader.u16le();
  reader.skip(2);
  const header = { status, isResponse, unicode, id: process * 0x10000 + reader.u16le() };
  if (!reader.ok) return undefined;
  const message: SmbMessage = {};
  visitCommands(reader, command, (chained, words, bytes) =>
    readCommand(chained, header, words, bytes, message, conversation, reader.start),
  );
  return message;
}

/** Goes through the commands of a message; `words` stand behind what chains them. */
function visitCommands(
  reader: Reader,
  command: number,
  visit: (command: number, words: Reader, bytes: Reader) => void,
): void {
  for (let i = 0; i < MAX_CHAIN; i++) {
    const words = reader.sub(2 * reader.u8());
    const bytes = reader.sub(Math.min(reader.u16le(), reader.left));
    if (!reader.ok || !words.ok) return;
    const chained = CHAINED.has(command) && words.left >= 4;
    const next = chained ? words.u8() : 0xff;
    if (chained) words.skip(1);
    const offset = chained ? words.u16le() : 0;
    visit(command, words, bytes);
    // Commands follow each other; one that points back would be read for ever.
    if (next === 0xff || offset < reader.offset) return;
    reader.seek(offset);
    command = next;
  }
}

/** Where passwords stand in a message that starts with 0xFF 'SMB', from `origin` on; hashed ones count too. */
export function findSmb1Secrets(reader: Reader, origin: number): SecretRange[] {
  const found: SecretRange[] = [];
  const hide = (bytes: Reader, length: number) => {
    const from = bytes.at - origin;
    const to = from + Math.min(length, bytes.left);
    if (to > from) found.push({ from, to, what: 'SMB password' });
  };
  reader.skip(4);
  const command = reader.u8();
  reader.skip(4);
  if ((reader.u8() & 0x80) !== 0) return found;
  reader.skip(22);
  visitCommands(reader, command, (chained, words, bytes) => {
    const count = words.left;
    if (chained === COMMAND.sessionSetup && (count === 22 || count === 16)) {
      words.skip(10);
      hide(bytes, words.u16le() + (count === 22 ? words.u16le() : 0));
    } else if (chained === COMMAND.treeConnect) {
      words.skip(2);
      hide(bytes, words.u16le());
    } else if (chained === COMMAND.oldTreeConnect) {
      // Path, password, service: each a 4 and a text up to its zero (MS-CIFS section 2.2.4.50).
      while (bytes.left > 0 && bytes.u8() !== 0);
      hide(bytes, bytes.left);
    }
  });
  return found;
}

function readCommand(
  command: number,
  header: Header,
  words: Reader,
  bytes: Reader,
  message: SmbMessage,
  conversation: Conversation<State>,
  start: number,
): void {
  const { state, frame, time } = conversation;
  const { id, status, isResponse, unicode } = header;
  const text = () => readText(bytes, unicode, start);
  if (isResponse) {
    const answered = takeAnswer(state, id, status === 0);
    if (answered) message.answered = answered;
  }
  switch (command) {
    case COMMAND.negotiate:
      if (isResponse) readNegotiateAnswer(words, bytes, unicode, state, message);
      else state.dialects = readDialects(bytes);
      break;
    case COMMAND.sessionSetup:
      if (!isResponse) readSessionSetup(words, bytes, text, state, message);
      else if (status === 0 || status === STATUS_MORE_PROCESSING) {
        readSessionAnswer(words, bytes, text, message);
        if (status === 0 && state.anonymous) message.anonymous ??= 'SMB null session';
      }
      break;
    case COMMAND.treeConnect: {
      if (isResponse) break;
      words.skip(2);
      bytes.skip(words.u16le());
      const share = shareOf(text());
      if (share) expectAnswer(state, id, { what: '', kind: 'file', detail: '', share, frame, time });
      break;
    }
    case COMMAND.create: {
      if (isResponse) break;
      words.skip(11);
      const access = words.u32le();
      words.skip(16);
      const disposition = words.u32le();
      const options = words.u32le();
      const name = text();
      const purpose = words.ok ? purposeOfOpen(name, access, disposition, options) : undefined;
      if (purpose) expectAnswer(state, id, { ...purpose, detail: name, share: '', frame, time });
      break;
    }
    case COMMAND.deleteFile: {
      if (isResponse) break;
      bytes.skip(1);
      expectAnswer(state, id, { what: 'delete file', kind: 'file', detail: text(), share: '', frame, time });
      break;
    }
  }
}

/** A text up to its zero; in Unicode it starts at an even offset from the header (MS-CIFS section 2.2.1.1). */
function readText(bytes: Reader, unicode: boolean, start: number): string {
  if (!unicode) {
    let length = 0;
    while (bytes.peek(length) > 0) length++;
    const text = bytes.text(length);
    if (bytes.left > 0) bytes.skip(1);
    return cleanText(text, MAX_NAME);
  }
  if ((bytes.at - start) % 2 !== 0 && bytes.left > 0) bytes.skip(1);
  let length = 0;
  while (bytes.peek16(length) > 0) length += 2;
  const text = bytes.text(length, 'utf16le');
  if (bytes.left >= 2) bytes.skip(2);
  return cleanText(text, MAX_NAME);
}

function readDialects(bytes: Reader): string[] {
  const dialects: string[] = [];
  while (bytes.left > 1 && dialects.length < MAX_DIALECTS && bytes.u8() === 2) dialects.push(bytes.textz(64));
  return dialects;
}

/** Section 2.2.4.52.2 of MS-CIFS; 17 words from NT LM 0.12 on. */
function readNegotiateAnswer(words: Reader, bytes: Reader, unicode: boolean, state: State, message: SmbMessage): void {
  const full = words.left >= 34;
  const index = words.u16le();
  const dialect = state.dialects[index];
  // A client of all generations may get an answer of this one that refuses it (0xFFFF).
  if (index === 0xffff || !words.ok) return;
  message.dialect = dialect ? `SMB 1 (${cleanText(dialect, 64)})` : 'SMB 1';
  if (!full) return;
  const mode = words.u8();
  message.signing = mode & 8 ? 'required' : mode & 4 ? 'optional' : 'off';
  state.plainPasswords = (mode & 2) === 0;
  words.skip(16);
  const capabilities = words.u32le();
  words.skip(10);
  const challenge = words.u8();
  // With extended security the bytes are an identifier and a token; else they are the challenge and two names.
  if (!words.ok || (capabilities & 0x80000000) !== 0) return;
  bytes.skip(challenge);
  if (bytes.left < 2) return;
  message.domain = readText(bytes, unicode, bytes.at);
  message.name = readText(bytes, unicode, bytes.at);
}

/** Request: 12 words with a security token, 13 with the passwords of NT LM, 10 with that of LAN Manager. */
function readSessionSetup(words: Reader, bytes: Reader, text: () => string, state: State, message: SmbMessage): void {
  const count = words.left + 4;
  words.skip(10);
  if (count === 24) {
    message.ntlm = readNtlmssp(bytes.bytes(words.u16le()));
    if (message.ntlm?.type === 'authenticate') state.anonymous = message.ntlm.anonymous;
  } else if (count === 26 || count === 20) {
    const plain = words.u16le();
    const other = count === 26 ? words.u16le() : 0;
    bytes.skip(plain + other);
    const account = text();
    text();
    if (state.plainPasswords && plain + other > 1) message.password = { account };
    state.anonymous = account === '' && plain <= 1 && other === 0;
  } else return;
  if (!words.ok || !bytes.ok) return;
  message.os = text();
  message.lanManager = text();
}

function readSessionAnswer(words: Reader, bytes: Reader, text: () => string, message: SmbMessage): void {
  const hasToken = words.left >= 4;
  const action = words.u16le();
  if (!words.ok) return;
  if (action & 1) message.anonymous = 'SMB guest login';
  if (hasToken) message.ntlm = readNtlmssp(bytes.bytes(words.u16le()));
  if (!bytes.ok) return;
  message.os = text();
  message.lanManager = text();
  const domain = hasToken ? '' : text();
  if (domain) message.domain = domain;
}
