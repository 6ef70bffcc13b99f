// PTP: precise time in plants and substations. Masters announce which clock the time comes from and how good it is;
// management messages name maker, model and versions of a clock.
import type { Subject } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import { macOfEui64, statedMac } from '../../stated.ts';
import { type ClockDescription, NO_DESCRIPTION, readDescription } from './management.ts';

interface Ptp {
  readonly version: number;
  readonly type: number;
  readonly domain: number;
  readonly clock: string;
  readonly grandmaster: string;
  readonly clockClass: number;
  readonly timeSource: number;
  readonly description: ClockDescription;
  readonly action: number;
}
const TELLS = [
  'service.role',
  'ptp.clock',
  'ptp.grandmaster',
  'ptp.domain',
  'ptp.clock-class',
  'ptp.time-source',
  'address.announced-mac',
  'address.announced-ip',
  'device.vendor',
  'device.model',
  'device.serial',
  'device.hardware-version',
  'device.firmware',
  'device.software',
  'device.friendly-label',
  'device.location',
  'operation',
] as const;
type Says = Saying<(typeof TELLS)[number]>;
/** Whether this end was already said to follow a master: it asks up to 128 times a second. */
interface State {
  saidSlave: boolean;
}

export const ptp = protocol({
  name: 'ptp',
  title: 'Precision Time Protocol',
  spec: 'IEEE 1588-2019 clauses 13 and 15; IEEE 1588-2002 (version 1); IEEE 802.1AS-2020',
  depth: 'full',
  on: { ether: [0x88f7], udp: [319, 320] },
  tells: TELLS,

  open: (): State => ({ saidSlave: false }),

  read(reader): Ptp | undefined {
    const type = reader.peek() & 15;
    const version = reader.peek(1) & 15;
    if (version === 1) return readFirst(reader);
    const length = reader.peek16(2);
    if (version !== 2 || length < HEADER || length > reader.left || !TYPES.has(type)) return undefined;
    if (type !== ANNOUNCE && type !== MANAGEMENT) return type === DELAY_REQUEST ? DELAY : EVENT;
    reader.skip(4);
    const domain = reader.u8();
    reader.skip(15);
    const clock = reader.hex(8);
    reader.skip(6);
    const common = { ...EVENT, version, type, domain, clock };
    return type === ANNOUNCE ? readAnnounce(reader, common) : readManagement(reader, common, length - HEADER);
  },

  observe(message, say, conversation: Conversation<State>) {
    const { type, clock } = message;
    if (type === DELAY_REQUEST && !conversation.state.saidSlave) {
      conversation.state.saidSlave = true;
      say.fact(conversation.sender, 'service.role', 'PTP slave', 'Delay_Req');
    }
    if (clock === '') return;
    const { sender } = conversation;
    say.fact(sender, 'ptp.clock', clock, 'clock identity');
    // Only version 1 and clocks made of a MAC address (clause 7.5.2.2.2.2) tell an adapter.
    say.fact(
      sender,
      'address.announced-mac',
      clock.length === 12 ? statedMac(clock) : macOfEui64(clock),
      'clock identity',
    );
    if (type === ANNOUNCE) sayAnnounce(message, sender, say);
    else if (type === MANAGEMENT) sayManagement(message, conversation, say);
  },
});

function sayAnnounce({ clock, grandmaster, domain, clockClass, timeSource }: Ptp, sender: Subject, say: Says): void {
  const isGrandmaster = grandmaster === clock;
  say.fact(sender, 'service.role', isGrandmaster ? 'PTP grandmaster' : 'PTP boundary clock', 'Announce');
  say.fact(sender, 'ptp.grandmaster', grandmaster, 'Announce, grandmaster identity');
  say.fact(sender, 'ptp.domain', domain, 'Announce, domain');
  if (!isGrandmaster) return;
  say.fact(sender, 'ptp.clock-class', clockClass, 'Announce, grandmaster clock quality');
  say.fact(sender, 'ptp.time-source', TIME_SOURCES[timeSource] ?? '', 'Announce, time source');
}

function sayManagement(
  { action, description }: Ptp,
  { sender, receiver, toGroup }: Conversation<State>,
  say: Says,
): void {
  if (action === SET || action === COMMAND) {
    const what = action === SET ? 'set a value of a PTP clock' : 'command a PTP clock';
    if (!toGroup) say.operation(what, 'configure', { from: sender, to: receiver, detail: description.name });
  }
  if (action !== RESPONSE) return;
  for (const { kind, value } of description.facts) say.fact(sender, kind, value, `Management, ${description.name}`);
}

const HEADER = 34;
const DELAY_REQUEST = 1;
const ANNOUNCE = 11;
const MANAGEMENT = 13;
/** Sync, Delay_Req, Pdelay_Req, Pdelay_Resp, Follow_Up, Delay_Resp, Pdelay_Resp_Follow_Up, Announce, Signaling, Management. */
const TYPES = new Set([0, DELAY_REQUEST, 2, 3, 8, 9, 10, ANNOUNCE, 12, MANAGEMENT]);
const SET = 1;
const RESPONSE = 2;
const COMMAND = 3;

const EVENT: Ptp = {
  version: 2,
  type: 0,
  domain: 0,
  clock: '',
  grandmaster: '',
  clockClass: 0,
  timeSource: 0,
  description: NO_DESCRIPTION,
  action: 0,
};
const DELAY: Ptp = { ...EVENT, type: DELAY_REQUEST };

/** Origin time, offset to UTC, first priority, class, accuracy, variance, second priority, identity, steps, source. */
function readAnnounce(reader: Reader, common: Ptp): Ptp | undefined {
  reader.skip(14);
  const clockClass = reader.u8();
  reader.skip(4);
  const grandmaster = reader.hex(8);
  reader.skip(2);
  const timeSource = reader.u8();
  return reader.ok ? { ...common, clockClass, grandmaster, timeSource } : undefined;
}

/** Target port, two counts of hops, action, then one element (clause 15.4). */
function readManagement(reader: Reader, common: Ptp, length: number): Ptp | undefined {
  reader.skip(12);
  const action = reader.u8() & 15;
  reader.skip(1);
  const element = reader.sub(Math.min(reader.left, length - 14));
  return reader.ok && element.ok ? { ...common, action, description: readDescription(element) } : undefined;
}

/** Version 1: versions of protocol and network, name of the domain, kind of message, technology, identity (clause 8.2). */
function readFirst(reader: Reader): Ptp | undefined {
  const version = reader.u16();
  const network = reader.u16();
  const domain = reader.text(4);
  reader.skip(12);
  const kind = reader.u8();
  const technology = reader.u8();
  const clock = reader.hex(6);
  if (!reader.ok || version !== 1 || network !== 1 || !/^_(?:DFL|ALT)/.test(domain) || kind < 1 || kind > 2)
    return undefined;
  return { ...EVENT, version, type: 0, clock: technology === 1 ? clock : '' };
}

/** Clause 7.6.2.8. */
const TIME_SOURCES: Readonly<Record<number, string>> = {
  16: 'atomic clock',
  32: 'GNSS',
  48: 'terrestrial radio',
  57: 'serial time code',
  64: 'PTP',
  80: 'NTP',
  96: 'set by hand',
  144: 'other',
  160: 'internal oscillator',
};
