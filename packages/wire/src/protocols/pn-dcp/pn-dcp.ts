// PROFINET discovery and configuration: how controllers find their devices by name, and how engineering tools give
// devices names and addresses. Ethernet frames without IP; a device answers with everything it says of itself.
import type { FactKind, OperationKind, Subject } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { cleanText, decodeText, hexPairs, type Reader } from '../../reader.ts';
import { statedText } from '../../stated.ts';
import { PI_VENDORS } from './vendors.ts';

const TELLS = [
  'device.station-name',
  'device.model',
  'device.vendor',
  'device.hostname',
  'pn.vendor-id',
  'pn.device-id',
  'pn.oem-id',
  'pn.instance',
  'pn.role',
  'pn.alias',
  'pn.asked-station',
  'service.role',
  'address.announced-ip',
  'address.announced-mac',
  'network.mask',
  'network.router',
  'network.name-server',
  'dhcp.vendor-class',
  'dhcp.client-id',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const pnDcp = protocol({
  name: 'pn-dcp',
  title: 'PROFINET DCP',
  spec: 'IEC 61158-6-10, DCP',
  depth: 'full',
  on: { ether: [0x8892] },
  tells: TELLS,
  open: (): State => ({ pending: [] }),
  read: readMessage,
  observe(message, say, conversation) {
    if (message.isCut) say.malformed('pn-dcp.cut-short', SERVICE_NAMES[message.service]);
    if (message.isResponse) observeResponse(message, say, conversation);
    else if (message.service === IDENTIFY) observeIdentify(message, say, conversation.sender);
    else if (message.service === SET) observeSet(message, say, conversation);
    else if (message.service === HELLO) sayBlocks(message, conversation.sender, 'hello', say);
    else if (message.service === GET) say.operation('DCP get', 'diagnostic', endsOf(conversation));
  },
  close(say, conversation) {
    for (const set of conversation.state.pending)
      for (const change of set.changes) sayChange(set, change, undefined, say);
  },
});

// ------------------------------------------------------------------ reading

/** Frame identifiers of DCP among those of PROFINET's EtherType: hello, get and set, identify, its response. */
const FIRST_FRAME_ID = 0xfefc;
const LAST_FRAME_ID = 0xfeff;
const IDENTIFY_REQUEST = 0xfefe;

const GET = 3;
const SET = 4;
const IDENTIFY = 5;
const HELLO = 6;

interface Block {
  readonly option: number;
  readonly suboption: number;
  /** Block info of a response, block qualifier of a set request; 0 where there is none. */
  readonly info: number;
  readonly bytes: Uint8Array;
}
interface DcpMessage {
  readonly service: number;
  readonly isResponse: boolean;
  /** False where a response says that the service is not supported. */
  readonly isSupported: boolean;
  readonly xid: number;
  readonly blocks: readonly Block[];
  readonly isCut: boolean;
}

function readMessage(reader: Reader): DcpMessage | undefined {
  const frameId = reader.u16();
  if (frameId < FIRST_FRAME_ID || frameId > LAST_FRAME_ID) return undefined;
  const service = reader.u8();
  const type = reader.u8();
  const xid = reader.u32();
  reader.skip(2); // response delay of a multicast request, else reserved
  const length = reader.u16();
  if (!reader.ok || service < GET || service > HELLO) return undefined;
  const isResponse = (type & 0x01) !== 0;
  const isCut = length > reader.left;
  const inner = reader.sub(Math.min(length, reader.left));
  // A get request only names the options it wants; a filter of an identify request has no block info.
  const hasBlocks = service !== GET || isResponse;
  const hasInfo = frameId !== IDENTIFY_REQUEST;
  const blocks: Block[] = [];
  while (hasBlocks && inner.left >= 4) {
    const option = inner.u8();
    const suboption = inner.u8();
    const content = inner.u16();
    const isControlResponse = option === CONTROL && suboption === RESPONSE;
    const info = hasInfo && !isControlResponse && content >= 2 ? inner.u16() : 0;
    const bytes = inner.bytes(hasInfo && !isControlResponse && content >= 2 ? content - 2 : content);
    if (!inner.ok) break;
    blocks.push({ option, suboption, info, bytes });
    if (content % 2 !== 0 && inner.left > 0) inner.skip(1);
  }
  return { service, isResponse, isSupported: (type & 0x04) === 0, xid, blocks, isCut: isCut || !inner.ok };
}

// ------------------------------------------------------------------ observing

const IP = 1;
const DEVICE = 2;
const DHCP = 3;
const CONTROL = 5;
const NAME_OF_STATION = 2;
const ALIAS = 6;
const RESPONSE = 4;

/** Set requests kept while their responses are outstanding, per pair of stations: tools send one at a time. */
const MAX_PENDING = 8;

interface Change {
  readonly block: Block;
  readonly what: string;
  readonly kind: OperationKind;
  readonly detail: string;
}
interface PendingSet {
  readonly xid: number;
  readonly from: Subject;
  readonly to: Subject;
  readonly frame: number;
  readonly time: number;
  readonly changes: readonly Change[];
}
interface State {
  readonly pending: PendingSet[];
}

const endsOf = (conversation: Conversation<State>) => ({ from: conversation.sender, to: conversation.receiver });

/** A filter by name says which station the sender expects to exist. */
function observeIdentify(message: DcpMessage, say: Say, asker: Subject): void {
  for (const { option, suboption, bytes } of message.blocks) {
    if (option !== DEVICE || (suboption !== NAME_OF_STATION && suboption !== ALIAS)) continue;
    say.fact(
      asker,
      'pn.asked-station',
      stationName(bytes),
      suboption === ALIAS ? 'identify AliasName' : 'identify NameOfStation',
    );
  }
}

function observeSet(message: DcpMessage, say: Say, conversation: Conversation<State>): void {
  const { pending } = conversation.state;
  const changes = message.blocks
    .map((block) => changeOf({ ...block, bytes: block.bytes.slice() }))
    .filter((change) => change !== undefined);
  if (changes.length === 0) return;
  const { sender: from, receiver: to, frame, time } = conversation;
  const set = { xid: message.xid, from, to, frame, time, changes };
  // Nobody answers a request to a group.
  if (conversation.toGroup) for (const change of changes) sayChange(set, change, undefined, say);
  else pending.push(set);
  if (pending.length <= MAX_PENDING) return;
  const oldest = pending.shift();
  if (oldest) for (const change of oldest.changes) sayChange(oldest, change, undefined, say);
}

function sayChange(set: PendingSet, change: Change, accepted: boolean | undefined, say: Say): void {
  const { from, to, frame, time } = set;
  say.operation(change.what, change.kind, { from, to, frame, time, detail: change.detail || undefined, accepted });
}

/** What a block of a set request changes; undefined for the brackets of a transaction. */
function changeOf(block: Block): Change | undefined {
  const { option, suboption, info, bytes } = block;
  const kept = (info & 1) !== 0 ? 'permanent' : 'until restart';
  if (option === IP && suboption >= 2) {
    const ip = ipv4At(bytes, 0);
    return { block, what: 'set IP address', kind: 'configure', detail: ip ? `${ip}, ${kept}` : kept };
  }
  if (option === DEVICE && suboption === NAME_OF_STATION) {
    const name = stationName(bytes);
    return {
      block,
      what: 'set name of station',
      kind: 'configure',
      detail: name ? `${name}, ${kept}` : `none, ${kept}`,
    };
  }
  if (option === CONTROL) {
    const control = CONTROLS[suboption];
    return control && { block, ...control, detail: suboption === 6 ? (RESETS[info & 0xfffe] ?? '') : '' };
  }
  const name = OPTION_NAMES[option * 256 + suboption] ?? `option ${option}/${suboption}`;
  return { block, what: `set ${name}`, kind: 'configure', detail: '' };
}

function observeResponse(message: DcpMessage, say: Say, conversation: Conversation<State>): void {
  if (message.service !== SET) {
    if (message.isSupported) sayBlocks(message, conversation.sender, SERVICE_NAMES[message.service] ?? '', say);
    return;
  }
  const { pending } = conversation.state;
  const at = pending.findIndex((set) => set.xid === message.xid && set.to === conversation.sender);
  const [set] = at < 0 ? [] : pending.splice(at, 1);
  if (!set) return;
  for (const change of set.changes) {
    const { option, suboption } = change.block;
    const result = message.blocks.find(
      ({ option: of, suboption: kind, bytes }) =>
        of === CONTROL && kind === RESPONSE && bytes[0] === option && bytes[1] === suboption,
    );
    const accepted = message.isSupported && result ? result.bytes[2] === 0 : message.isSupported ? undefined : false;
    sayChange(set, change, accepted, say);
    // What a device took over is what it would say of itself from then on.
    if (accepted && (option === IP || option === DEVICE)) sayBlock(change.block, set.to, 'set', say);
  }
}

/** What Siemens' PROFINET driver on a PC calls itself: the vendor ID is the driver's then, not the computer's. */
const DRIVER_ON_PC = 'SIMATIC-PC';

function sayBlocks(message: DcpMessage, of: Subject, service: string, say: Say): void {
  const isDriver = message.blocks.some(
    ({ option, suboption, bytes }) =>
      option === DEVICE && suboption === 1 && decodeText(bytes, 'latin1').startsWith(DRIVER_ON_PC),
  );
  for (const block of message.blocks) sayBlock(block, of, service, say, isDriver);
}

function sayBlock({ option, suboption, bytes }: Block, of: Subject, service: string, say: Say, isDriver = false): void {
  const source = `${service} ${OPTION_NAMES[option * 256 + suboption] ?? ''}`;
  if (option === IP) sayAddresses(suboption, bytes, of, source, say);
  else if (option === DEVICE) sayDeviceProperty(suboption, bytes, of, source, say, isDriver);
  else if (option === DHCP) sayDhcpOption(suboption, bytes, of, source, say);
}

function sayAddresses(suboption: number, bytes: Uint8Array, of: Subject, source: string, say: Say): void {
  if (suboption === 1) {
    const mac = bytes.length >= 6 ? hexPairs(bytes.subarray(0, 6), ':') : '';
    if (mac && !/^(00:)+00$/.test(mac)) say.fact(of, 'address.announced-mac', mac, source);
    return;
  }
  if (suboption !== 2 && suboption !== 3) return;
  const ip = ipv4At(bytes, 0);
  if (!ip) return;
  say.fact(of, 'address.announced-ip', ip, source);
  say.fact(of, 'network.mask', ipv4At(bytes, 4), source);
  // A device without a router gives its own address.
  const router = ipv4At(bytes, 8);
  if (router !== ip) say.fact(of, 'network.router', router, source);
  for (let at = 12; suboption === 3 && at + 4 <= bytes.length; at += 4)
    say.fact(of, 'network.name-server', ipv4At(bytes, at), source);
}

function sayDeviceProperty(
  suboption: number,
  bytes: Uint8Array,
  of: Subject,
  source: string,
  say: Say,
  isDriver: boolean,
): void {
  switch (suboption) {
    case 1:
      say.fact(of, 'device.model', statedText(decodeText(bytes, 'latin1')), source);
      break;
    case NAME_OF_STATION:
      say.fact(of, 'device.station-name', stationName(bytes), source);
      break;
    case 3: {
      if (bytes.length < 4) break;
      const vendor = u16At(bytes, 0);
      say.fact(of, 'pn.vendor-id', hex4(vendor), source);
      say.fact(of, 'pn.device-id', hex4(u16At(bytes, 2)), source);
      if (!isDriver) say.fact(of, 'device.vendor', PI_VENDORS[vendor] ?? '', source);
      break;
    }
    case 4: {
      const role = bytes[0] ?? 0;
      if (role === 0) break;
      say.fact(of, 'pn.role', `0x${role.toString(16).padStart(2, '0')}`, source);
      for (const [bit, name] of ROLES) if (role & bit) say.fact(of, 'service.role', name, source);
      break;
    }
    case ALIAS:
      say.fact(of, 'pn.alias', stationName(bytes), source);
      break;
    case 7:
      if (bytes.length >= 2 && u16At(bytes, 0) !== 0) say.fact(of, 'pn.instance', hex4(u16At(bytes, 0)), source);
      break;
    case 8:
      if (bytes.length >= 4 && u16At(bytes, 0) !== 0)
        say.fact(of, 'pn.oem-id', `${hex4(u16At(bytes, 0))}/${hex4(u16At(bytes, 2))}`, source);
      break;
    case 9:
      say.fact(of, 'network.router', ipv4At(bytes, 0), source);
      break;
  }
}

/** Options of DHCP that the device would send; some stacks put their length before the value. */
function sayDhcpOption(code: number, bytes: Uint8Array, of: Subject, source: string, say: Say): void {
  const value = bytes.length > 1 && bytes[0] === bytes.length - 1 ? bytes.subarray(1) : bytes;
  const text = decodeText(value, 'latin1');
  if (code === 12) say.fact(of, 'device.hostname', statedText(text), source);
  else if (code === 60) say.fact(of, 'dhcp.vendor-class', statedText(text), source);
  else if (code === 61)
    say.fact(of, 'dhcp.client-id', /^[\x20-\x7e]+$/.test(text) ? text : hexPairs(value, ''), source);
}

/** A name of station is made of DNS labels (lower case letters, digits, dashes); others are shown as they are. */
const stationName = (bytes: Uint8Array): string => cleanText(decodeText(bytes, 'latin1'), 240);
const u16At = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const hex4 = (value: number): string => `0x${value.toString(16).padStart(4, '0')}`;

/** Four bytes as an address; empty where there are fewer or all are 0, which says "not set". */
function ipv4At(bytes: Uint8Array, at: number): string {
  if (at + 4 > bytes.length) return '';
  const four = Array.from(bytes.subarray(at, at + 4));
  return four.some((byte) => byte !== 0) ? four.join('.') : '';
}

// ------------------------------------------------------------------ names

const SERVICE_NAMES: Readonly<Record<number, string>> = { 3: 'get', 4: 'set', 5: 'identify', 6: 'hello' };

const ROLES = [
  [0x01, 'PROFINET IO device'],
  [0x02, 'PROFINET IO controller'],
  [0x04, 'PROFINET IO multidevice'],
  [0x08, 'PROFINET IO supervisor'],
] as const;

/** By option * 256 + suboption. */
const OPTION_NAMES: Readonly<Record<number, string>> = {
  257: 'MACAddress',
  258: 'IPParameter',
  259: 'FullIPSuite',
  513: 'DeviceVendorValue',
  514: 'NameOfStation',
  515: 'DeviceID',
  516: 'DeviceRole',
  517: 'DeviceOptions',
  518: 'AliasName',
  519: 'DeviceInstance',
  520: 'OEMDeviceID',
  521: 'StandardGateway',
  522: 'RSIProperties',
  780: 'DHCP option 12',
  811: 'DHCP option 43',
  822: 'DHCP option 54',
  823: 'DHCP option 55',
  828: 'DHCP option 60',
  829: 'DHCP option 61',
  849: 'DHCP option 81',
  865: 'DHCP option 97',
  1023: 'DHCP',
  1537: 'DeviceInitiative',
};

const CONTROLS: Readonly<Record<number, Pick<Change, 'what' | 'kind'>>> = {
  3: { what: 'flash LED', kind: 'diagnostic' },
  5: { what: 'factory reset', kind: 'mode' },
  6: { what: 'reset to factory', kind: 'mode' },
};

/** Qualifier of "reset to factory": what is reset. */
const RESETS: Readonly<Record<number, string>> = {
  2: 'application data',
  4: 'communication parameters',
  6: 'engineering parameters',
  8: 'all stored data',
  16: 'all stored data to factory values',
  18: 'reset and restore data',
};
