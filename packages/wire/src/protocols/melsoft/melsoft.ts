// MELSOFT, the protocol between Mitsubishi's engineering tools (GX Works) and a MELSEC controller: type of the CPU, stop
// and run, files of program and parameters. The maker publishes nothing; what is read here is what traffic shows.
import type { FactKind, OperationKind } from '@interlock/model';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { type NamedFunction, Requests, tell } from '../../requests.ts';

const TELLS = ['device.vendor', 'device.model', 'operation'] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const melsoft = protocol({
  name: 'melsoft',
  title: 'MELSOFT (GX Works)',
  spec: 'no public document; frames as GX Works 2 and 3 exchange them with FX5, Q, L and iQ-R controllers',
  depth: 'functions',
  on: { tcp: [5007, 5562, 5563], udp: [5006, 5008, 5560, 5561] },
  tells: TELLS,
  recognise: (reader) => isFrame(reader) && 21 + bodyLength(reader) === reader.end - reader.at,
  firstBytes: [0x57, 0xd7],
  frame: frameLength,
  open: () => ({ requests: new Requests<undefined>() }),
  read: readMessage,
  observe(message, say, conversation) {
    if (message.isSearch) return;
    if (message.isCut) say.malformed('melsoft.cut-short');
    if (message.command < 0) return;
    if (message.isAnswer) observeAnswer(message, say, conversation);
    else observeRequest(message, say, conversation);
  },
  close: (say, conversation) => conversation.state.requests.close(say),
});

interface State {
  readonly requests: Requests<undefined>;
}

// ------------------------------------------------------------------ framing

/** First bytes of a request and of an answer, and the same of the search for controllers in the network. */
const REQUEST = 0x57;
const ANSWER = 0xd7;
const SEARCH = 0x5a;
const FOUND = 0xda;
/** Up to the length, which counts what follows it in little endian. */
const HEADER = 21;
const LENGTH_AT = 19;
/** Blocks of files and programs have a thousand bytes and some; the length field allows no more than this. */
const MAX_LENGTH = 0xffff;

/** Behind a number that counts: `11 11 07` in requests, `11 11 7f` in answers, then route and length. */
function isFrame(reader: Reader): boolean {
  const isAnswer = reader.peek() === ANSWER;
  return (
    (isAnswer || reader.peek() === REQUEST) &&
    reader.peek16(2) === 0 &&
    reader.peek(4) === 0 &&
    reader.peek16(5) === 0x1111 &&
    reader.peek(7) === (isAnswer ? 0x7f : 0x07) &&
    reader.peek(LENGTH_AT + 1) >= 0
  );
}
const bodyLength = (reader: Reader): number => reader.peek(LENGTH_AT) | (reader.peek(LENGTH_AT + 1) << 8);

function frameLength(reader: Reader): number {
  const first = reader.peek();
  if (first !== REQUEST && first !== ANSWER) return NOT_MINE;
  for (const [at, byte] of [0, 0, 0, 0x11, 0x11].entries()) {
    const is = reader.peek(2 + at);
    if (is < 0) return NEED_MORE;
    if (is !== byte) return NOT_MINE;
  }
  if (reader.peek(HEADER - 1) < 0) return NEED_MORE;
  const length = bodyLength(reader);
  return isFrame(reader) && length >= 4 && length <= MAX_LENGTH ? HEADER + length : NOT_MINE;
}

// ------------------------------------------------------------------ reading

/** Where in the body command and number are: requests have two bytes fewer of route before them. */
const COMMAND_AT_REQUEST = 24;
const COMMAND_AT_ANSWER = 26;
const READ_CPU_TYPE = 0x0121;
/** Open, and search for, a file by its path. */
const OPEN_FILE = 0x1867;
const SEARCH_FILE = 0x185f;

interface MelsoftMessage {
  readonly isSearch: boolean;
  readonly isAnswer: boolean;
  readonly isCut: boolean;
  readonly command: number;
  readonly number: number;
  readonly model: string;
  readonly file: string;
}
const SEARCHED: MelsoftMessage = {
  isSearch: true,
  isAnswer: false,
  isCut: false,
  command: -1,
  number: 0,
  model: '',
  file: '',
};

function readMessage(reader: Reader, conversation: Conversation<State>): MelsoftMessage | undefined {
  const first = reader.peek();
  if ((first === SEARCH || first === FOUND) && conversation.transport === 'udp') return readSearch(reader);
  if (!isFrame(reader)) return undefined;
  const isAnswer = first === ANSWER;
  reader.skip(HEADER);
  const kind = reader.u8();
  if (kind !== (isAnswer ? 0x9c : 0x1c)) return { ...SEARCHED, isSearch: false, isAnswer };
  reader.skip((isAnswer ? COMMAND_AT_ANSWER : COMMAND_AT_REQUEST) - 1);
  const command = reader.u16();
  const number = reader.u16le();
  if (!reader.ok) return { ...SEARCHED, isSearch: false, isAnswer, isCut: true };
  let model = '';
  let file = '';
  if (isAnswer && command === READ_CPU_TYPE && reader.left >= 18) {
    reader.skip(2);
    model = typeName(reader.text(16));
  } else if (!isAnswer && (command === OPEN_FILE || command === SEARCH_FILE)) file = readPath(reader);
  return { isSearch: false, isAnswer, isCut: false, command, number, model, file };
}

/** Four bytes that ask, 14 or more that answer; both name what is asked in the fourth. */
function readSearch(reader: Reader): MelsoftMessage | undefined {
  const size = reader.end - reader.start;
  if (reader.peek16(1) !== 0) return undefined;
  return (reader.peek() === SEARCH ? size === 4 : size >= 14 && size <= 64) ? SEARCHED : undefined;
}

function typeName(text: string): string {
  const name = cleanText(text);
  return /^[A-Z][\x20-\x7e]+$/.test(name) ? name : '';
}

/** Longest path of a file that is told; `$MELPRJ$\MAIN.PRG` is usual. */
const MAX_PATH = 128;
/** The first text in UTF-16, from a `$` on to its end, as `4$MELPRJ$\MAIN.PRG` has it behind the drive. */
function readPath(reader: Reader): string {
  while (reader.left >= 4) {
    if (reader.peek16() === 0x2400) {
      const path = reader.text(Math.min(reader.left & ~1, 2 * MAX_PATH), 'utf16le');
      const clean = cleanText(path);
      return /^[\x20-\x7e]+$/.test(clean) ? clean : '';
    }
    reader.skip(1);
  }
  return '';
}

// ------------------------------------------------------------------ observing

/** What an answer has in common with its request: command, its number, and the way it goes. */
const keyOf = (message: MelsoftMessage, fromClient: boolean): number =>
  (message.command * 65536 + message.number) * 2 + (fromClient ? 1 : 0);

function observeRequest(message: MelsoftMessage, say: Say, conversation: Conversation<State>): void {
  const done = melsoftFunction(message.command);
  // A tool at the other end of a single cable speaks to everybody: only what changes something is worth telling then.
  if (conversation.toGroup && (done.kind === 'read' || done.kind === 'diagnostic')) return;
  const key = keyOf(message, conversation.fromClient);
  conversation.state.requests.ask(key, done, message.file, undefined, say, conversation);
}

function observeAnswer(message: MelsoftMessage, say: Say, conversation: Conversation<State>): void {
  const request = conversation.state.requests.answer(keyOf(message, !conversation.fromClient));
  // How an answer refuses is not known, so that nothing is said of it.
  tell(request, undefined, say);
  if (!message.model) return;
  say.fact(conversation.sender, 'device.vendor', 'Mitsubishi Electric', 'read CPU type');
  say.fact(conversation.sender, 'device.model', message.model, 'read CPU type');
}

const is = (what: string, kind: OperationKind): NamedFunction => ({ what, kind });

/** Commands of which traffic shows what they do; those for remote control have the numbers of SLMP. */
const FUNCTIONS: Readonly<Record<number, NamedFunction>> = {
  [READ_CPU_TYPE]: is('read CPU type', 'diagnostic'),
  1040: is('memory read', 'read'),
  1041: is('device read', 'read'),
  4097: is('remote run', 'mode'),
  4098: is('remote stop', 'mode'),
  4099: is('remote pause', 'mode'),
  4101: is('remote latch clear', 'mode'),
  4102: is('remote reset', 'mode'),
  5136: is('memory write', 'write'),
  6233: is('read directory', 'file'),
  [SEARCH_FILE]: is('search file', 'file'),
  [OPEN_FILE]: is('open file', 'file'),
  6248: is('read file', 'file'),
  6249: is('write file', 'file'),
  6250: is('close file', 'file'),
  6270: is('read file information', 'file'),
  6304: is('read drive information', 'file'),
};
const unknown = new Map<number, NamedFunction>();
function melsoftFunction(code: number): NamedFunction {
  const known = FUNCTIONS[code] ?? unknown.get(code);
  if (known) return known;
  const made = is(`MELSOFT command 0x${code.toString(16).padStart(4, '0')}`, 'diagnostic');
  unknown.set(code, made);
  return made;
}
