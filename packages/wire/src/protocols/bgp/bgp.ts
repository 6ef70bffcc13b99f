// BGP between routers of different networks: who a router is and which autonomous system it belongs to stands in the
// message with which it opens. Routes are not read.
import { type Conversation, NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';

const HEADER = 19;
/** RFC 8654; ordinary messages end at 4096. */
const MAX_MESSAGE = 65_535;

interface Bgp {
  readonly type: number;
  readonly system: number;
  readonly router: string;
  readonly hostname: string;
}

export const bgp = protocol({
  name: 'bgp',
  title: 'Border Gateway Protocol',
  spec: 'RFC 4271 section 4; RFC 5492 and RFC 6793 (capabilities)',
  depth: 'identity',
  on: { tcp: [179] },
  tells: ['service.role', 'network.autonomous-system', 'network.router-id', 'device.hostname'],

  firstBytes: [0xff],
  recognise: (reader) => lengthOf(reader) > 0,
  frame: lengthOf,

  read(reader): Bgp | undefined {
    if (lengthOf(reader) <= 0) return undefined;
    reader.skip(18);
    const type = reader.u8();
    return type === OPEN ? readOpen(reader) : { type, system: 0, router: '', hostname: '' };
  },

  observe({ type, system, router, hostname }, say, { sender }: Conversation<undefined>) {
    if (type !== OPEN) return;
    say.fact(sender, 'service.role', 'BGP router', 'OPEN');
    if (system > 0) say.fact(sender, 'network.autonomous-system', system, 'OPEN, autonomous system');
    say.fact(sender, 'network.router-id', router, 'OPEN, BGP identifier');
    say.fact(sender, 'device.hostname', hostname, 'OPEN, FQDN capability');
  },
});

const OPEN = 1;
const ROUTE_REFRESH = 5;
/** Stands in place of numbers that do not fit two bytes (RFC 6793 section 4.1). */
const AS_TRANS = 23_456;
const FOUR_BYTE_SYSTEM = 65;
const HOST_NAME = 73;
const MAX_PARAMETERS = 64;

/** Sixteen bytes of ones, length, type. */
function lengthOf(reader: Reader): number {
  const have = Math.min(16, reader.left);
  for (let at = 0; at < have; at++) if (reader.peek(at) !== 0xff) return NOT_MINE;
  if (reader.left < HEADER) return NEED_MORE;
  const length = reader.peek16(16);
  const type = reader.peek(18);
  return length < HEADER || length > MAX_MESSAGE || type < OPEN || type > ROUTE_REFRESH ? NOT_MINE : length;
}

/** Version, system, hold time, identifier, parameters (type 2: capabilities). */
function readOpen(reader: Reader): Bgp | undefined {
  const version = reader.u8();
  let system = reader.u16();
  reader.skip(2);
  const router = reader.ipv4();
  const parameters = reader.sub(Math.min(reader.u8(), reader.left));
  if (!reader.ok || version !== 4) return undefined;
  let hostname = '';
  for (let n = 0; n < MAX_PARAMETERS && parameters.left >= 2; n++) {
    const isCapability = parameters.u8() === 2;
    const parameter = parameters.sub(parameters.u8());
    while (isCapability && parameter.left >= 2) {
      const code = parameter.u8();
      const capability = parameter.sub(parameter.u8());
      if (!capability.ok) break;
      if (code === FOUR_BYTE_SYSTEM && capability.left >= 4) system = capability.u32();
      else if (code === HOST_NAME) hostname = cleanText(capability.text(capability.u8(), 'utf8'), 64);
    }
  }
  return { type: OPEN, system: system === AS_TRANS ? 0 : system, router, hostname };
}
