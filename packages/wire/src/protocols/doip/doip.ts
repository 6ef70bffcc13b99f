// DoIP, by which vehicles and their test stands are diagnosed over Ethernet: a vehicle announces its number and address,
// and whoever opens a connection reads, resets and reprograms its control units.
import { type Conversation, NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, hexPairs, type Reader } from '../../reader.ts';
import { statedMac } from '../../stated.ts';

const HEADER = 8;
/** Longest message that is waited for; a transfer of firmware goes in blocks of 4 KiB in practice. */
const MAX_MESSAGE = 64 * 1024;

/** Payload types (ISO 13400-2 table 17). */
const TYPE = { announcement: 0x0004, activation: 0x0005, activated: 0x0006, diagnostic: 0x8001 } as const;
const isKnownType = (type: number): boolean =>
  type <= 0x0008 || (type >= 0x4001 && type <= 0x4004) || (type >= 0x8001 && type <= 0x8003);

type Kind = 'read' | 'diagnostic' | 'configure' | 'mode' | 'firmware' | 'authentication' | 'write';
interface State {
  readonly told: Set<string>;
}
interface Doip {
  readonly vin?: string;
  readonly mac?: string;
  readonly activated?: boolean;
  readonly service?: readonly [what: string, kind: Kind];
  readonly target?: number;
}
const NOTHING: Doip = {};

export const doip = protocol({
  name: 'doip',
  title: 'Diagnostics over IP (ISO 13400), with UDS in it',
  spec: 'ISO 13400-2; ISO 14229-1 (services)',
  depth: 'functions',
  on: { tcp: [13_400], udp: [13_400] },
  tells: ['doip.vin', 'address.announced-mac', 'service.role', 'operation'],
  open: (): State => ({ told: new Set() }),

  firstBytes: [0x01, 0x02, 0x03, 0x04, 0xff],
  recognise: (reader) => lengthOf(reader) >= reader.left && reader.left >= HEADER && reader.peek16(2) !== 0,

  frame(reader) {
    if (reader.left < HEADER) return NEED_MORE;
    const length = lengthOf(reader);
    return length > 0 ? length : NOT_MINE;
  },

  read(reader): Doip | undefined {
    if (lengthOf(reader) === 0) return undefined;
    reader.skip(2);
    const type = reader.u16();
    reader.skip(4);
    switch (type) {
      case TYPE.announcement:
        return readAnnouncement(reader);
      case TYPE.activated:
        reader.skip(4);
        return { activated: reader.u8() === 0x10 };
      case TYPE.diagnostic: {
        reader.skip(2);
        const target = reader.u16();
        const service = SERVICES[reader.u8()];
        return reader.ok && service ? { service, target } : NOTHING;
      }
      default:
        return NOTHING;
    }
  },

  observe(message, say, conversation: Conversation<State>) {
    if (message === NOTHING) return;
    const { vin, mac, activated, service, target = 0 } = message;
    const { sender, state } = conversation;
    if (vin) say.fact(sender, 'doip.vin', vin, 'vehicle announcement');
    if (vin || mac) say.fact(sender, 'service.role', 'DoIP entity', 'vehicle announcement');
    if (mac) say.fact(sender, 'address.announced-mac', mac, 'vehicle announcement, EID');
    if (activated !== undefined) say.operation('activate routing', 'session', { accepted: activated });
    // Services go to the control units from the tester only; the same one is told once per unit.
    if (!service || !conversation.fromClient) return;
    const key = `${service[0]} ${target}`;
    if (state.told.has(key) || state.told.size >= MAX_TOLD) return;
    state.told.add(key);
    say.operation(service[0], service[1], { detail: `control unit 0x${target.toString(16).padStart(4, '0')}` });
  },
});

/** Services and control units of one connection that are told apart. */
const MAX_TOLD = 1000;

/** Version, its complement, type, length: length of the whole message, 0 where it is none. */
function lengthOf(reader: Reader): number {
  const length = reader.peek16(4) * 0x10000 + reader.peek16(6);
  const fits = reader.left >= HEADER && (reader.peek() ^ 0xff) === reader.peek(1) && length <= MAX_MESSAGE;
  return fits && isKnownType(reader.peek16(2)) ? HEADER + length : 0;
}

/** Vehicle number, address, identifiers of the entity (a MAC address) and of its group. */
function readAnnouncement(reader: Reader): Doip {
  const vin = cleanText(reader.text(17), 17);
  reader.skip(2);
  const mac = statedMac(hexPairs(reader.bytes(6), ''));
  if (!reader.ok) return NOTHING;
  return { mac, ...(/^[A-HJ-NPR-Z0-9]{17}$/.test(vin) && !/^0+$/.test(vin) ? { vin } : {}) };
}

/** Services of UDS (ISO 14229-1 table 23). Those that only keep a session alive are left out. */
const SERVICES: Readonly<Record<number, readonly [string, Kind]>> = {
  16: ['change diagnostic session', 'mode'],
  17: ['reset control unit', 'mode'],
  20: ['clear diagnostic information', 'configure'],
  25: ['read diagnostic information', 'diagnostic'],
  34: ['read data', 'read'],
  35: ['read memory', 'read'],
  39: ['ask for security access', 'authentication'],
  40: ['switch communication', 'mode'],
  41: ['authenticate', 'authentication'],
  46: ['write data', 'configure'],
  47: ['control inputs and outputs', 'write'],
  49: ['control routine', 'mode'],
  52: ['request download', 'firmware'],
  53: ['request upload', 'firmware'],
  54: ['transfer data', 'firmware'],
  61: ['write memory', 'configure'],
};
