// NTP (RFC 5905) and SNTP: who asks whom for the time, how near a server is to a clock, and what its control messages
// tell of the machine it runs on.
import { protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { statedText } from '../../stated.ts';

interface Ntp {
  readonly kind: 'time' | 'control' | 'private';
  readonly mode: number;
  readonly version: number;
  readonly stratum: number;
  /** Name of the reference clock of a stratum 1 server. */
  readonly reference: string;
  readonly response: boolean;
  readonly opcode: number;
  /** Variables of a control answer. */
  readonly variables: string;
}

export const ntp = protocol({
  name: 'ntp',
  title: 'NTP',
  spec: 'RFC 5905; RFC 4330 (SNTP); RFC 9327 (control messages)',
  depth: 'full',
  on: { udp: [123] },
  tells: [
    'network.time-server',
    'service.role',
    'service.banner',
    'ntp.stratum',
    'ntp.version',
    'ntp.reference',
    'device.os',
    'operation',
  ],

  read(reader): Ntp | undefined {
    const first = reader.u8();
    const mode = first & 7;
    const version = (first >> 3) & 7;
    if (version < 1 || version > 4 || mode === 0) return undefined;
    if (mode === 6) return (first & 0xc0) === 0 ? readControl(reader, version) : undefined;
    if (mode === 7) return readPrivate(reader, first, version);
    if (reader.left < 47) return undefined;
    const stratum = reader.u8();
    const poll = (reader.u8() << 24) >> 24;
    reader.skip(1); // precision
    const rootDelay = reader.u32() >>> 24;
    const rootDispersion = reader.u32() >>> 24;
    // Bytes that mean nothing must not become a time server: values beyond those of any implementation.
    if (stratum > 16 || poll < MIN_POLL || poll > MAX_POLL) return undefined;
    if (rootDispersion !== 0 || (rootDelay !== 0 && rootDelay !== 0xff)) return undefined;
    const reference = stratum === 1 ? cleanText(reader.text(4), 4) : '';
    return { kind: 'time', mode, version, stratum, reference, response: false, opcode: 0, variables: '' };
  },

  observe(message, say, { sender, receiver, client, server, toGroup }) {
    if (message.kind !== 'time') {
      observeControl(message, say.operation, (kind, value) => say.fact(server, kind, value, 'control message'));
      return;
    }
    const { mode, stratum, version, reference } = message;
    if (mode === MODE_CLIENT) {
      if (!toGroup) say.fact(sender, 'network.time-server', receiver.ip ?? '', 'client message');
      return;
    }
    if (mode === MODE_SERVER || mode === MODE_BROADCAST) {
      // Stratum 0 and 16 are of servers that have no time to give (RFC 5905 section 7.3).
      const source = mode === MODE_SERVER ? 'server message' : 'broadcast message';
      say.fact(sender, 'service.role', 'NTP server', source);
      say.fact(sender, 'ntp.version', version, source);
      if (stratum > 0 && stratum < 16) say.fact(sender, 'ntp.stratum', stratum, source);
      if (/^[A-Z][A-Z0-9]{1,3}$/.test(reference)) say.fact(sender, 'ntp.reference', reference, source);
      return;
    }
    // Symmetric peers ask each other; only the one that already has the time serves it.
    if (stratum > 0 && stratum < 16) {
      say.fact(sender, 'service.role', 'NTP peer', 'symmetric message');
      say.fact(sender, 'ntp.stratum', stratum, 'symmetric message');
      say.fact(sender, 'ntp.version', version, 'symmetric message');
    }
    if (mode === MODE_SYMMETRIC_ACTIVE) say.fact(client, 'network.time-server', server.ip ?? '', 'symmetric message');
  },
});

/** Poll interval as a power of two seconds: RFC 5905 has 4 to 17, others poll faster or more rarely. */
const MIN_POLL = -7;
const MAX_POLL = 24;

const MODE_SYMMETRIC_ACTIVE = 1;
const MODE_CLIENT = 3;
const MODE_SERVER = 4;
const MODE_BROADCAST = 5;

/** Bytes of data in one control message (RFC 9327 section 2). */
const MAX_CONTROL_DATA = 468;
/** Bytes of data in one private message, by the ntpd that wrote them. */
const MAX_PRIVATE_DATA = 500;

/** Control message (RFC 9327 section 2): flags and opcode, sequence, status, association, offset, count, data. */
function readControl(reader: Reader, version: number): Ntp | undefined {
  const flags = reader.u8();
  reader.skip(6);
  const offset = reader.u16();
  const count = reader.u16();
  if (!reader.ok || count > MAX_CONTROL_DATA) return undefined;
  // A request is whole: no error, no fragment.
  if ((flags & 0x80) === 0 && ((flags & 0x60) !== 0 || offset !== 0)) return undefined;
  const variables = cleanText(reader.text(Math.min(count, reader.left)), 1024);
  return {
    kind: 'control',
    mode: 6,
    version,
    stratum: 0,
    reference: '',
    response: (flags & 0x80) !== 0,
    opcode: flags & 0x1f,
    variables,
  };
}

/** Private message of ntpd: flags, sequence, implementation, request code, then sizes. */
function readPrivate(reader: Reader, first: number, version: number): Ntp | undefined {
  reader.skip(1);
  const implementation = reader.u8();
  const opcode = reader.u8();
  if (!reader.ok || (implementation !== 2 && implementation !== 3 && implementation !== 0)) return undefined;
  const response = (first & 0x80) !== 0;
  // Error and number of items, then four bits that must be zero and the size of an item. Short requests end before.
  const items = reader.left >= 4 ? reader.u16() : 0;
  const size = reader.left >= 2 ? reader.u16() : 0;
  if ((!response && items >>> 12 !== 0) || size >>> 12 !== 0 || (items & 0xfff) * size > MAX_PRIVATE_DATA)
    return undefined;
  return { kind: 'private', mode: 7, version, stratum: 0, reference: '', response, opcode, variables: '' };
}

function observeControl(
  { kind, response, opcode, variables }: Ntp,
  operation: (what: string, kind: 'diagnostic' | 'configure') => void,
  tell: (kind: 'device.os' | 'service.banner', value: string) => void,
): void {
  if (!response) {
    if (kind === 'private')
      operation(MONITOR_LISTS.has(opcode) ? 'list monitored NTP clients' : 'NTP private request', 'diagnostic');
    else if (opcode === 3 || opcode === 5 || opcode === 8) operation(CONTROL_WRITES[opcode] ?? '', 'configure');
    else operation('read NTP variables', 'diagnostic');
    return;
  }
  for (const [, name, value = ''] of variables.matchAll(/\b(version|system)="([^"]{1,200})"/g)) {
    if (name === 'version') tell('service.banner', value);
    // Hardened servers answer with a lone sign, others with the bare family.
    else if (/^[A-Za-z][\w. /+-]{3,}$/.test(value) && !/^unix$/i.test(value)) tell('device.os', statedText(value));
  }
}

/** MON_GETLIST and MON_GETLIST_1. */
const MONITOR_LISTS = new Set([20, 42]);
const CONTROL_WRITES: Record<number, string> = {
  3: 'write NTP variables',
  5: 'write NTP clock variables',
  8: 'configure NTP server',
};
