// ONC RPC, on which NFS, the port mapper and instruments with VXI-11 stand: who asks names its computer with the account
// it asks for, and what is mounted is in clear. Files are not looked at.
import { isHost } from '../../banners.ts';
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';

/** Largest record that is followed: NFS writes a megabyte at once. */
const MAX_RECORD = 4 * 1024 * 1024;
/** Bytes of a record that are looked at: header, credentials, a path. */
const MAX_LOOK = 1500;
/** Calls that wait for their answer. */
const MAX_PENDING = 64;
const MAX_MACHINE = 255;

interface Call {
  readonly program: number;
  readonly path: string;
  readonly isMount: boolean;
  readonly frame: number;
  readonly time: number;
}
interface State {
  readonly pending: Map<number, Call>;
  toldMachine: string;
  readonly toldPrograms: Set<number>;
}
interface Rpc {
  readonly machine?: string;
  /** The answer to a call, which was carried out or not. */
  readonly answered?: Call;
  readonly accepted?: boolean;
}
const NOTHING: Rpc = {};

export const sunrpc = protocol({
  name: 'sunrpc',
  title: 'ONC RPC (port mapper, NFS)',
  spec: 'RFC 5531, RFC 1833, RFC 1813 appendix I (mount)',
  depth: 'identity',
  on: { tcp: [111, 2049], udp: [111, 2049] },
  tells: ['device.hostname', 'service.role', 'operation'],
  open: (): State => ({ pending: new Map(), toldMachine: '', toldPrograms: new Set() }),

  recognise(reader) {
    // Over TCP a record mark stands before the call, over UDP nothing.
    const marked = (reader.peek16() & 0x7fff) * 0x10000 + reader.peek16(2);
    const isMarked = (reader.peek() & 0x80) !== 0 && marked >= reader.left - 4 && marked <= MAX_RECORD;
    const at = isMarked ? 4 : 0;
    return (
      reader.peek16(at + 4) === 0 &&
      reader.peek16(at + 6) === 0 &&
      reader.peek16(at + 8) === 0 &&
      reader.peek16(at + 10) === 2 &&
      PROGRAMS[reader.peek16(at + 12) * 0x10000 + reader.peek16(at + 14)] !== undefined &&
      reader.peek16(at + 16) === 0
    );
  },

  frame(reader) {
    if (reader.left < 12) return NEED_MORE;
    const length = (reader.peek16() & 0x7fff) * 0x10000 + reader.peek16(2);
    const kind = reader.peek16(8) * 0x10000 + reader.peek16(10);
    if (length < 24 || length > MAX_RECORD || kind > 1) return NOT_MINE;
    return Math.min(4 + length, MAX_LOOK);
  },

  read(reader, conversation): Rpc | undefined {
    if (conversation.transport === 'tcp') {
      const length = reader.u32() & 0x7fffffff;
      if (4 + length > MAX_LOOK) conversation.skip(4 + length - MAX_LOOK);
    }
    const id = reader.u32();
    const kind = reader.u32();
    const { state, frame, time } = conversation;
    if (kind === 1) return readAnswer(id, reader, state);
    if (kind !== 0 || reader.u32() !== 2) return undefined;
    const program = reader.u32();
    reader.skip(4);
    const procedure = reader.u32();
    if (!reader.ok || PROGRAMS[program] === undefined) return undefined;
    const machine = readMachine(reader);
    const isMount = program === MOUNT && (procedure === 1 || procedure === 3);
    const path = isMount ? cleanText(readText(reader, 1024), 512) : '';
    if (state.pending.size < MAX_PENDING) state.pending.set(id, { program, path, isMount, frame, time });
    return machine && machine !== state.toldMachine ? { machine } : NOTHING;
  },

  observe(message, say, { client, server, state }) {
    if (message === NOTHING) return;
    const { machine, answered, accepted } = message;
    if (machine) {
      state.toldMachine = machine;
      if (isHost(machine)) say.fact(client, 'device.hostname', machine, 'AUTH_SYS machine name');
    }
    if (!answered) return;
    const { program, path, isMount, frame, time } = answered;
    const role = PROGRAMS[program] ?? '';
    if (accepted && role && !state.toldPrograms.has(program)) {
      state.toldPrograms.add(program);
      say.fact(server, 'service.role', role, 'answer');
    }
    if (isMount) say.operation('mount directory', 'session', { detail: path || undefined, frame, time });
  },
});

const MOUNT = 100_005;
/** Programs (IANA "rpc-program-numbers") and what an answer to them says of a server; others are not taken for RPC. */
const PROGRAMS: Readonly<Record<number, string>> = {
  100000: 'port mapper',
  100001: '',
  100002: '',
  100003: 'NFS server',
  100004: 'NIS server',
  100005: 'NFS server',
  100007: '',
  100011: '',
  100021: 'NFS server',
  100024: '',
  100227: 'NFS server',
  395183: 'VXI-11 instrument',
  395184: '',
};

/** Credentials and verifier (RFC 5531 section 8.2, appendix A); the machine where they are AUTH_SYS. */
function readMachine(reader: Reader): string {
  const flavor = reader.u32();
  const body = reader.sub(Math.min(reader.u32(), 400));
  reader.skip(4);
  reader.skip(Math.min(reader.u32(), 400));
  if (flavor !== 1) return '';
  body.skip(4);
  return cleanText(readText(body, MAX_MACHINE), MAX_MACHINE);
}

/** A string in XDR: length, bytes, filled up to four. */
function readText(reader: Reader, most: number): string {
  const length = reader.u32();
  return length <= most ? reader.text(length, 'utf8') : '';
}

/** Accepted and carried out, or not (RFC 5531 section 9). */
function readAnswer(id: number, reader: Reader, state: State): Rpc {
  const answered = state.pending.get(id);
  if (!answered) return NOTHING;
  state.pending.delete(id);
  const isDenied = reader.u32() !== 0;
  reader.skip(4);
  reader.skip(Math.min(reader.u32(), 400));
  return { answered, accepted: !isDenied && reader.u32() === 0 && reader.ok };
}
