// Media redundancy of rings: the manager sends test frames around the ring and lets one of its ports block while they
// come back; clients report links that went down. Switches and devices of PROFINET plants speak it.
import type { FactKind } from '@interlock/model';
import { protocol } from '../../protocol.ts';
import { hexPairs, type Reader } from '../../reader.ts';

const TELLS = [
  'network.redundancy',
  'mrp.domain',
  'mrp.ring-state',
  'address.announced-mac',
] as const satisfies readonly FactKind[];

export const mrp = protocol({
  name: 'mrp',
  title: 'MRP',
  spec: 'IEC 62439-2',
  depth: 'full',
  on: { ether: [0x88e3] },
  tells: TELLS,
  open: (): State => ({ said: '' }),
  read: readFrame,
  observe(message, say, { sender, state }) {
    const { role, mac, domain, ring, isCut } = message;
    if (isCut) say.malformed('mrp.cut-short');
    // Fifty test frames a second say the same until the ring changes.
    const said = `${role} ${mac} ${domain} ${ring}`;
    if (state.said === said) return;
    state.said = said;
    say.fact(sender, 'network.redundancy', role, 'frame type');
    say.fact(sender, 'address.announced-mac', mac, 'source address');
    say.fact(sender, 'mrp.domain', domain, 'domain');
    say.fact(sender, 'mrp.ring-state', ring, 'test frame');
  },
});

interface State {
  said: string;
}
interface MrpMessage {
  readonly role: string;
  readonly mac: string;
  readonly domain: string;
  readonly ring: string;
  readonly isCut: boolean;
}

const END = 0;
const COMMON = 1;
/** Parts of one frame: one that says what it is, the common one, perhaps options. */
const MAX_PARTS = 8;

function readFrame(reader: Reader): MrpMessage | undefined {
  if (reader.u16() !== 1) return undefined;
  let role = '';
  let mac = '';
  let domain = '';
  let ring = '';
  let isEnded = false;
  for (let i = 0; i < MAX_PARTS && reader.left >= 2 && !isEnded; i++) {
    const type = reader.u8();
    const body = reader.sub(reader.u8());
    if (type === END) isEnded = true;
    else if (type === COMMON) {
      body.skip(2); // sequence number
      domain = domainText(body.bytes(16));
    } else if (ROLES[type]) {
      role = ROLES[type];
      if (type === TEST || type === TOPOLOGY_CHANGE) body.skip(2); // priority
      mac = macText(body.bytes(6));
      if (type === TEST || type === INTERCONNECTION_TEST) {
        body.skip(type === TEST ? 2 : 4); // role of the port, before it the number of the interconnection
        const state = body.u16();
        const what = type === TEST ? 'ring' : 'interconnection';
        if (body.ok) ring = state === 0 ? `${what} open` : state === 1 ? `${what} closed` : '';
      }
    }
  }
  const isCut = !isEnded || !reader.ok;
  return role || domain ? { role, mac, domain, ring, isCut } : undefined;
}

/** All ones stand for "the only domain"; zeros are none. */
function domainText(bytes: Uint8Array): string {
  const digits = hexPairs(bytes, '');
  if (digits.length < 32 || /^0+$/.test(digits)) return '';
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function macText(bytes: Uint8Array): string {
  const text = bytes.length === 6 ? hexPairs(bytes, ':') : '';
  return /^(?:00:){5}00$|^.[13579bdf]/.test(text) ? '' : text;
}

const TEST = 2;
const TOPOLOGY_CHANGE = 3;
const INTERCONNECTION_TEST = 6;
/** Who sends a frame of this type. */
const ROLES: Readonly<Record<number, string>> = {
  2: 'MRP manager',
  3: 'MRP manager',
  4: 'MRP client',
  5: 'MRP client',
  6: 'MRP interconnection manager',
  7: 'MRP interconnection manager',
  8: 'MRP interconnection client',
  9: 'MRP interconnection client',
};
