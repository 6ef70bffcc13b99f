// The messages of HART themselves, as they cross a loop between master and transmitter and, unchanged, HART-IP: who is
// asked, with which command, and what a device says of itself.
import { cleanText, type Reader } from '../../reader.ts';
import { statedText } from '../../stated.ts';

/** What an answer says of the device that gives it. */
export interface HartIdentity {
  /** -1 where the answer has no number for it: devices before HART 7 give it as part of their type. */
  readonly manufacturer: number;
  /** Expanded device type: maker and type. */
  readonly type: number;
  readonly deviceId: number;
  readonly universalRevision: number;
  readonly deviceRevision: number;
  readonly softwareRevision: number;
  readonly hardwareRevision: number;
}
export interface HartTexts {
  readonly tag?: string;
  readonly descriptor?: string;
  readonly message?: string;
  readonly longTag?: string;
}
/** A device behind an I/O system, out of its list. */
export interface SubDevice {
  readonly address: number;
  readonly manufacturer: number;
  readonly type: number;
  readonly deviceId: number;
  readonly universalRevision: number;
  readonly longTag: string;
}
export interface HartPdu {
  readonly isAnswer: boolean;
  /** Sent without being asked, in burst mode. */
  readonly isBurst: boolean;
  /** Lower 14 bits of the expanded device type and device identifier; -1 for a short address. */
  readonly address: number;
  readonly command: number;
  /** Of an answer: 0 is done, others are warnings and errors; with the highest bit, errors of the line. */
  readonly response: number;
  readonly identity: HartIdentity | undefined;
  readonly texts: HartTexts | undefined;
  readonly subDevice: SubDevice | undefined;
  /** What is asked of, or answered by, a device behind the one that is spoken to. */
  readonly embedded: HartPdu | undefined;
}

/** Frame types in the delimiter (HCF_SPEC-81 section 5.2): burst, from master, from device. */
const BURST = 1;
const FROM_MASTER = 2;
const FROM_DEVICE = 6;
const LONG_ADDRESS = 0x80;

/** Upper limit of an address number, and its parts. */
export const addressOf = (type: number, deviceId: number): number => (type & 0x3fff) * 0x100_0000 + deviceId;
export const addressText = (address: number): string =>
  `${Math.floor(address / 0x100_0000)
    .toString(16)
    .padStart(4, '0')}/${(address % 0x100_0000).toString(16).padStart(6, '0')}`;

/** Sum that ends a message: all bytes of it and itself are zero together. Undefined where it is cut off. */
export function isCheckRight(reader: Reader): boolean {
  const { at, end, view } = reader;
  let sum = 0;
  for (let n = at; n < end; n++) sum ^= view.getUint8(n);
  return sum === 0;
}

/** Where the command stands in a message that starts here; -1 where none starts. */
export function commandAt(reader: Reader): number {
  const delimiter = reader.peek();
  if (delimiter < 0) return -1;
  const kind = delimiter & 7;
  if ((kind !== BURST && kind !== FROM_MASTER && kind !== FROM_DEVICE) || (delimiter & 0x18) !== 0) return -1;
  return 1 + (delimiter & LONG_ADDRESS ? 5 : 1) + ((delimiter >> 5) & 3);
}

const SEND_TO_SUB_DEVICE = 77;
const SUB_DEVICE_IDENTITY = 84;

/** Reads one message; undefined where it is none, or ends before its data do. */
export function readPdu(reader: Reader, isEmbedded = false): HartPdu | undefined {
  const behindAddress = commandAt(reader);
  if (behindAddress < 0) return undefined;
  const delimiter = reader.u8();
  const kind = delimiter & 7;
  let address = -1;
  if (delimiter & LONG_ADDRESS) address = addressOf(reader.u16(), reader.u24());
  else reader.skip(1);
  reader.skip((delimiter >> 5) & 3);
  const command = reader.u8();
  const data = reader.sub(reader.u8());
  if (!reader.ok) return undefined;
  return readData(data, kind !== FROM_MASTER, kind === BURST, address, command, isEmbedded);
}

/** What comes with a command: in answers behind two bytes of status. */
function readData(
  data: Reader,
  isAnswer: boolean,
  isBurst: boolean,
  address: number,
  command: number,
  isEmbedded: boolean,
): HartPdu {
  const response = isAnswer ? data.u8() : 0;
  if (isAnswer) data.skip(1);
  // Devices answer to some errors with nothing but their status.
  const isUseful = isAnswer && data.ok && response < 0x80;
  let embedded: HartPdu | undefined;
  if (command === SEND_TO_SUB_DEVICE && !isEmbedded && (isUseful || !isAnswer)) {
    data.skip(isAnswer ? 2 : 3); // I/O card and channel, and how many preambles to send
    embedded = readPdu(data, true);
  }
  return {
    isAnswer,
    isBurst,
    address,
    command,
    response,
    identity: isUseful && IDENTITY_COMMANDS.has(command) ? readIdentity(data) : undefined,
    texts: isUseful ? readTexts(command, data) : undefined,
    subDevice: isUseful && command === SUB_DEVICE_IDENTITY ? readSubDevice(data) : undefined,
    embedded,
  };
}

/** A command of a direct PDU (HCF_SPEC-85): two bytes of number, and a response code but no device status in answers. */
export function readDirectCommand(reader: Reader, isAnswer: boolean, address: number): HartPdu | undefined {
  const command = reader.u16();
  const data = reader.sub(reader.u8());
  if (!reader.ok) return undefined;
  const response = isAnswer ? data.u8() : 0;
  const isUseful = isAnswer && data.ok && response < 0x80;
  return {
    isAnswer,
    isBurst: false,
    address,
    command,
    response,
    identity: isUseful && IDENTITY_COMMANDS.has(command) ? readIdentity(data) : undefined,
    texts: isUseful ? readTexts(command, data) : undefined,
    subDevice: isUseful && command === SUB_DEVICE_IDENTITY ? readSubDevice(data) : undefined,
    embedded: undefined,
  };
}

/** Commands that answer with who the device is: itself, by tag, by long tag. */
const IDENTITY_COMMANDS = new Set([0, 11, 21]);
/** First byte of that answer. */
const EXPANSION = 254;
/** Up to the device identifier; devices before HART 6 say no more. */
const SHORT_IDENTITY = 12;

/** HCF_SPEC-127, command 0. */
function readIdentity(data: Reader): HartIdentity | undefined {
  if (data.left < SHORT_IDENTITY || data.u8() !== EXPANSION) return undefined;
  const type = data.u16();
  data.skip(1);
  const universalRevision = data.u8();
  const deviceRevision = data.u8();
  const softwareRevision = data.u8();
  const hardwareRevision = data.u8() >> 3;
  data.skip(1);
  const deviceId = data.u24();
  let manufacturer = universalRevision < 6 ? type >> 8 : -1;
  if (data.left >= 7) {
    data.skip(5); // preambles, number of variables, counter of changes, extended status
    manufacturer = data.u16();
  }
  return { manufacturer, type, deviceId, universalRevision, deviceRevision, softwareRevision, hardwareRevision };
}

/** Tag, message and descriptor are packed, four characters into three bytes; the long tag is plain. */
function readTexts(command: number, data: Reader): HartTexts | undefined {
  if ((command === 12 || command === 17) && data.left >= 24) return { message: readPacked(data, 24) };
  if ((command === 13 || command === 18) && data.left >= 18)
    return { tag: readPacked(data, 6), descriptor: readPacked(data, 12) };
  if ((command === 20 || command === 22) && data.left >= 32) return { longTag: statedText(data.text(32)) };
  return undefined;
}

/** Packed ASCII (HCF_SPEC-127 section 4.2): six bits for each of the characters from 0x20 to 0x5f. */
function readPacked(data: Reader, size: number): string {
  let text = '';
  for (let n = 0; n < size; n += 3) {
    const four = data.u24();
    for (const shift of [18, 12, 6, 0]) {
      const six = (four >> shift) & 0x3f;
      text += String.fromCharCode(six < 0x20 ? six + 0x40 : six);
    }
  }
  return statedText(text);
}

/** Command 84: index, I/O card, channel, then who the device there is. */
function readSubDevice(data: Reader): SubDevice | undefined {
  data.skip(4);
  const manufacturer = data.u16();
  const type = data.u16();
  const deviceId = data.u24();
  const universalRevision = data.u8();
  const longTag = data.left >= 32 ? statedText(cleanText(data.text(32))) : '';
  if (!data.ok || (type === 0 && deviceId === 0)) return undefined;
  return { address: addressOf(type, deviceId), manufacturer, type, deviceId, universalRevision, longTag };
}
