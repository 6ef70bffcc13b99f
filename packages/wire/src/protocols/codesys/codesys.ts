// CODESYS, the runtime inside the controllers of several hundred makers. Version 3 finds controllers in the network by
// their names and speaks to them through channels; version 2 asks over plain TCP.
import type { FactKind } from '@interlock/model';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { statedText } from '../../stated.ts';
import { ANSWER, serviceOf } from './services.ts';

const TELLS = [
  'device.vendor',
  'device.model',
  'device.firmware',
  'device.serial',
  'device.software',
  'device.plc-name',
  'device.os',
  'service.banner',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const codesys = protocol({
  name: 'codesys',
  title: 'CODESYS V2 and V3',
  spec: 'no public document; layers of V3 (block driver, router, channel, services) and the V2 query as traffic shows them',
  depth: 'functions',
  on: { tcp: [1200, 1201, 2455, 11740], udp: [1740, 1741, 1742, 1743] },
  tells: TELLS,
  recognise: (reader) => isBlock(reader) || (isRouted(reader) && isNameService(reader)),
  firstBytes: [0x00, 0xc5],
  frame: frameLength,
  open: () => ({ isOldIdentityAsked: false }),
  read: readMessage,
  observe(message, say, conversation) {
    if (message.isCut) say.malformed('codesys.cut-short');
    if (message.group > 0 && message.group < ANSWER) {
      const { what, kind } = serviceOf(message.group, message.command);
      const { sender: from, receiver: to } = conversation;
      say.operation(what, kind, { from, to });
    }
    if (message.asksIdentity) conversation.state.isOldIdentityAsked = true;
    if (message.found) sayFound(message.found, say, conversation);
    if (message.old) sayOld(message.old, say, conversation);
  },
});

interface State {
  /** The query of V2 that is answered with names of system and product was sent. */
  isOldIdentityAsked: boolean;
}

// ------------------------------------------------------------------ framing

/** Block driver of V3 over TCP: this, then the length of the whole block in little endian. */
const BLOCK_HIGH = 0x0001;
const BLOCK_LOW = 0x17e8;
const BLOCK_HEADER = 8;
const MAX_BLOCK = 0x1_0000;
const OLD_MAGIC = 0xbbbb;
const OLD_HEADER = 6;

const lengthAt = (reader: Reader, at: number): number =>
  reader.peek(at + 3) < 0
    ? -1
    : reader.peek(at) + reader.peek(at + 1) * 256 + reader.peek(at + 2) * 65536 + reader.peek(at + 3) * 0x100_0000;

function isBlock(reader: Reader): boolean {
  const length = lengthAt(reader, 4);
  return (
    reader.peek16() === BLOCK_HIGH && reader.peek16(2) === BLOCK_LOW && length > BLOCK_HEADER && length <= MAX_BLOCK
  );
}

function frameLength(reader: Reader): number {
  const first = reader.peek();
  if (first !== 0 && first !== 0xbb) return NOT_MINE;
  if (reader.peek(BLOCK_HEADER - 2) < 0) return NEED_MORE;
  if (reader.peek16() === OLD_MAGIC) return oldLength(reader);
  if (reader.peek16() !== BLOCK_HIGH || reader.peek16(2) !== BLOCK_LOW) return NOT_MINE;
  const length = lengthAt(reader, 4);
  if (length < 0) return NEED_MORE;
  return length > BLOCK_HEADER && length <= MAX_BLOCK ? length : NOT_MINE;
}

/** V2 writes numbers as its processor does; the length counts what follows it. */
function oldLength(reader: Reader): number {
  const little = lengthAt(reader, 2);
  if (little > 0 && little <= MAX_BLOCK) return OLD_HEADER + little;
  const big = reader.peek16(2) * 0x1_0000 + reader.peek16(4);
  return big > 0 && big <= MAX_BLOCK ? OLD_HEADER + big : NOT_MINE;
}

/** Router datagram of V3: its first byte, length of the head in words, and a service that exists. */
const ROUTED = 0xc5;
const NAME_SERVICE_REQUEST = 3;
const NAME_SERVICE_ANSWER = 4;
const CHANNELS = 0x40;
const MAX_ADDRESSING = 4;

function isRouted(reader: Reader, at = 0): boolean {
  const words = reader.peek(at + 1) & 7;
  const service = reader.peek(at + 3);
  return (
    reader.peek(at) === ROUTED &&
    reader.peek(at + 5) >= 0 &&
    (words === 3 || words === 4) &&
    ((service > 0 && service <= MAX_ADDRESSING) || service === CHANNELS)
  );
}
/** Length of head and addresses, which is filled up to a multiple of four. */
function routedLength(reader: Reader, at = 0): number {
  const lengths = reader.peek(at + 5);
  const length = 2 * ((reader.peek(at + 1) & 7) + (lengths >> 4) + (lengths & 15));
  return length + (length % 4);
}
function isNameService(reader: Reader): boolean {
  const service = reader.peek(3);
  const at = routedLength(reader);
  const isCommand = reader.peek(at + 1) === 0xc2 && (reader.peek(at) <= 3 || reader.peek(at) === 0x80);
  return (service === NAME_SERVICE_REQUEST || service === NAME_SERVICE_ANSWER) && isCommand;
}

// ------------------------------------------------------------------ reading

/** Who answers a search: node name, then what its runtime was built for. */
interface Found {
  readonly node: string;
  readonly device: string;
  readonly vendor: string;
  readonly version: string;
  readonly serial: string;
}
interface OldIdentity {
  readonly os: string;
  readonly osDetails: string;
  readonly product: string;
}
interface CodesysMessage {
  readonly isCut: boolean;
  /** Service group and command; 0 where there is none. */
  readonly group: number;
  readonly command: number;
  readonly found: Found | undefined;
  readonly asksIdentity: boolean;
  readonly old: OldIdentity | undefined;
}
const NOTHING: CodesysMessage = {
  isCut: false,
  group: 0,
  command: 0,
  found: undefined,
  asksIdentity: false,
  old: undefined,
};

function readMessage(reader: Reader, conversation: Conversation<State>): CodesysMessage | undefined {
  if (conversation.transport === 'tcp') {
    if (reader.peek16() === OLD_MAGIC) return readOld(reader, conversation);
    if (!isBlock(reader)) return undefined;
    reader.skip(BLOCK_HEADER);
  }
  if (!isRouted(reader)) return undefined;
  const service = reader.peek(3);
  reader.skip(routedLength(reader));
  if (!reader.ok) return { ...NOTHING, isCut: true };
  if (service === NAME_SERVICE_ANSWER) return readFound(reader);
  return service === CHANNELS ? readChannel(reader) : NOTHING;
}

const IDENTIFICATION = 0xc280;
const VERSION_4 = 0x0400;
/** Names have no more than this in what is known of makers; the length field allows far more. */
const MAX_NAME = 128;

/** Name service, package 0xc280 of version 4: lengths of all that varies, numbers, then the texts in UTF-16. */
function readFound(reader: Reader): CodesysMessage {
  const kind = reader.u16le();
  const version = reader.u16le();
  if (kind !== IDENTIFICATION || version !== VERSION_4) return NOTHING;
  reader.skip(4 + 2 + 1 + 1); // request, channels, byte order, difference of addresses
  const parent = reader.u16le();
  const [nodeLength, deviceLength, vendorLength] = [reader.u16le(), reader.u16le(), reader.u16le()];
  reader.skip(8); // type and identifier of the target
  const target = reader.u32le();
  reader.skip(4); // flags
  const serialLength = reader.u8();
  reader.skip(1 + 1 + 1 + 8 + parent); // length of the maker's own data, block driver, reserved, parent address
  const node = readName(reader, nodeLength);
  const device = readName(reader, deviceLength);
  const vendor = readName(reader, vendorLength);
  const serial = reader.left >= serialLength ? statedText(reader.text(serialLength)) : '';
  if (!reader.ok) return { ...NOTHING, isCut: true };
  const digits = `${target >>> 24}.${(target >> 16) & 255}.${(target >> 8) & 255}.${target & 255}`;
  return { ...NOTHING, found: { node, device, vendor, version: target === 0 ? '' : digits, serial } };
}

function readName(reader: Reader, length: number): string {
  const text = reader.sub(2 * length);
  reader.skip(2); // the zero behind it
  return statedText(text.text(2 * Math.min(length, MAX_NAME), 'utf16le'), MAX_NAME);
}

/** A block of a channel; the first of a message carries the head of a service. */
const BLOCK = 1;
const CHANNEL_HEADER = 20;
const SERVICE = 0xcd55;

function readChannel(reader: Reader): CodesysMessage {
  if (reader.peek() !== BLOCK) return NOTHING;
  if (reader.left < CHANNEL_HEADER + 8) return NOTHING;
  reader.skip(CHANNEL_HEADER);
  if (reader.u16le() !== SERVICE) return NOTHING;
  reader.skip(2);
  return { ...NOTHING, group: reader.u16le(), command: reader.u16le() };
}

/** V2, query of the system: one byte, answered with texts at fixed places behind the head. */
const OLD_QUERY = 0x01;
const OLD_OS_AT = 64;

function readOld(reader: Reader, conversation: Conversation<State>): CodesysMessage {
  const size = reader.end - reader.start;
  if (conversation.fromClient) return { ...NOTHING, asksIdentity: size === 7 && reader.peek(6) === OLD_QUERY };
  if (!conversation.state.isOldIdentityAsked || size < OLD_OS_AT + 96) return NOTHING;
  reader.seek(OLD_OS_AT);
  const [os, osDetails, product] = [oldText(reader), oldText(reader), oldText(reader)];
  return os && product ? { ...NOTHING, old: { os, osDetails, product } } : NOTHING;
}
function oldText(reader: Reader): string {
  const text = cleanText(reader.text(Math.min(32, reader.left)));
  return /^[\x20-\x7e]+$/.test(text) ? text : '';
}

// ------------------------------------------------------------------ observing

/** The maker of the runtime itself: its product is a program on somebody's computer, not a device. */
const RUNTIME_MAKER = /3S.?-.?Smart|CODESYS/i;

function sayFound(found: Found, say: Say, { sender }: Conversation<State>): void {
  const { node, device, vendor, version, serial } = found;
  say.fact(sender, 'device.plc-name', node, 'name service, node name');
  if (RUNTIME_MAKER.test(vendor)) {
    say.fact(
      sender,
      'device.software',
      device && version ? `${device} ${version}` : device,
      'name service, device name',
    );
    return;
  }
  say.fact(sender, 'device.vendor', vendor, 'name service, vendor name');
  say.fact(sender, 'device.model', device, 'name service, device name');
  say.fact(sender, 'device.firmware', version, 'name service, target version');
  say.fact(sender, 'device.serial', serial, 'name service, serial number');
}

function sayOld({ os, osDetails, product }: OldIdentity, say: Say, { sender }: Conversation<State>): void {
  say.fact(sender, 'device.os', os, 'V2 query, system');
  say.fact(sender, 'service.banner', `${os}; ${osDetails}; ${product}`, 'V2 query');
}
