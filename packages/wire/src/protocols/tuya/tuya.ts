// Tuya: the platform under many brands of plugs, lamps and sensors. Devices announce themselves by broadcast, older ones
// in plain JSON; commands on the local network are encrypted, and only their kind is seen.
import type { OperationKind } from '@interlock/model';
import { objectAt, parseJson, textOf } from '../../json.ts';
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';

interface Tuya {
  readonly command: number;
  readonly id: string;
  readonly product: string;
  readonly version: string;
  readonly address: string;
}

/** Longest message; states of devices have some hundred bytes. */
const MAX_LENGTH = 16_384;

export const tuya = protocol({
  name: 'tuya',
  title: 'Tuya local protocol',
  spec: 'Tuya devices, versions 3.1 to 3.5 (no public document)',
  depth: 'identity',
  on: { tcp: [6668], udp: [6666, 6667, 7000] },
  tells: ['tuya.device-id', 'tuya.version', 'device.product-code', 'address.announced-ip', 'operation'],

  firstBytes: [0x00],
  recognise: (reader) => frameTuya(reader) === reader.left,
  frame: frameTuya,

  read(reader): Tuya | undefined {
    const length = frameTuya(reader);
    if (length <= 0 || length > reader.left) return undefined;
    const isNew = reader.peek16(2) === NEW_PREFIX;
    reader.skip(isNew ? 10 : 8);
    const command = reader.u32();
    const size = reader.u32();
    const nothing = { command, id: '', product: '', version: '', address: '' };
    if (isNew || !BROADCASTS.has(command)) return nothing;
    // Devices put a return code before their data.
    const text = reader.text(Math.min(size, reader.left)).replace(/^\0{4}/, '');
    const end = text.lastIndexOf('}');
    const object = text.startsWith('{') && end > 0 ? objectAt(parseJson(text.slice(0, end + 1))) : undefined;
    if (!object) return nothing;
    const value = (name: string) => cleanText(textOf(object, name), 64);
    return {
      command,
      id: value('gwId'),
      product: value('productKey'),
      version: value('version'),
      address: value('ip'),
    };
  },

  observe({ command, id, product, version, address }, say, { sender, receiver, fromClient, transport }) {
    if (id !== '') {
      say.fact(sender, 'tuya.device-id', id, 'announcement, gwId');
      say.fact(sender, 'device.product-code', product, 'announcement, productKey');
      say.fact(sender, 'tuya.version', version, 'announcement, version');
      if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address))
        say.fact(sender, 'address.announced-ip', address, 'announcement, ip');
    }
    const operation = fromClient && transport === 'tcp' ? OPERATIONS[command] : undefined;
    if (operation) say.operation(operation[0], operation[1], { from: sender, to: receiver });
  },
});

const OLD_PREFIX = 0x55aa;
const NEW_PREFIX = 0x6699;

/** Prefix, numbers, length of the rest, and at its end a word by which it ends. */
function frameTuya(reader: Reader): number {
  const prefix = reader.peek16(2);
  if (reader.left < 18)
    return reader.peek() === 0 && (prefix === OLD_PREFIX || prefix === NEW_PREFIX || prefix < 0) ? NEED_MORE : NOT_MINE;
  if (reader.peek16() !== 0) return NOT_MINE;
  const at = prefix === OLD_PREFIX ? 12 : prefix === NEW_PREFIX ? 14 : 0;
  if (at === 0 || reader.peek16(at) !== 0) return NOT_MINE;
  const size = reader.peek16(at + 2);
  // The length counts the end word in the old form, and stands before it in the new one.
  const length = at + 4 + size + (prefix === NEW_PREFIX ? 4 : 0);
  if (size < 8 || size > MAX_LENGTH) return NOT_MINE;
  if (reader.left < length) return length;
  const end = prefix === OLD_PREFIX ? 0xaa55 : 0x9966;
  return reader.peek16(length - 4) === 0 && reader.peek16(length - 2) === end ? length : NOT_MINE;
}

/** Commands with which devices announce themselves. */
const BROADCASTS = new Set([0x00, 0x13, 0x23, 0x25]);
const OPERATIONS: Readonly<Record<number, readonly [string, OperationKind]>> = {
  7: ['control', 'write'],
  13: ['control', 'write'],
  10: ['read data points', 'read'],
  16: ['read data points', 'read'],
  3: ['negotiate a session key', 'session'],
};
