// SCCP ("Skinny"): Cisco telephones and their call manager. A telephone registers by its device name, which holds its
// MAC address.
import { type Conversation, NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { statedMac } from '../../stated.ts';

interface Sccp {
  readonly id: number;
  readonly name: string;
  readonly ip: string;
  readonly model: number;
  /** Software that an alarm names. */
  readonly load: string;
}

export const sccp = protocol({
  name: 'sccp',
  title: 'Skinny Client Control Protocol',
  spec: 'Cisco Skinny Client Control Protocol',
  depth: 'identity',
  on: { tcp: [2000] },
  tells: [
    'device.hostname',
    'device.vendor',
    'device.model',
    'device.type',
    'device.firmware',
    'address.announced-mac',
    'address.announced-ip',
    'service.role',
  ],

  frame: lengthOf,

  read(reader): Sccp | undefined {
    if (lengthOf(reader) <= 0) return undefined;
    reader.skip(8);
    const id = reader.u32le();
    if (id === REGISTER) return readRegister(reader, id);
    if (id !== ALARM) return { ...NOTHING, id };
    reader.skip(4);
    const text = cleanText(reader.text(Math.min(80, reader.left)), 80);
    const [, name = '', load = ''] = /\bName=((?:SEP|ATA)[\dA-F]{12})\b.*?\bLoad= ?([\w.()-]{3,})/.exec(text) ?? [];
    return { ...NOTHING, id, name, load };
  },

  observe({ id, name, ip, model, load }, say, { client, server, sender }: Conversation<undefined>) {
    if (id === REGISTER_ACKNOWLEDGED) say.fact(server, 'service.role', 'call manager', 'RegisterAck');
    if (name === '' || sender !== client) return;
    const source = id === ALARM ? 'Alarm' : 'Register';
    say.fact(client, 'device.hostname', name, source);
    say.fact(client, 'address.announced-mac', statedMac(name.slice(3)), source);
    say.fact(client, 'device.vendor', 'Cisco', source);
    if (name.startsWith('SEP')) say.fact(client, 'device.type', 'Phone', source);
    say.fact(client, 'device.firmware', load, 'Alarm, Load');
    say.fact(client, 'device.model', MODELS[model] ?? '', 'Register, device type');
    say.fact(client, 'address.announced-ip', ip, 'Register, station IP address');
  },
});

const NOTHING: Sccp = { id: 0, name: '', ip: '', model: 0, load: '' };
const REGISTER = 1;
const ALARM = 0x20;
const REGISTER_ACKNOWLEDGED = 0x81;
const HIGHEST_ID = 0x0200;
/** Longest message; lists of soft keys have about 1200 bytes. */
const MAX_LENGTH = 4096;
/** Versions of the header: 0 of old, then that of the protocol. */
const HIGHEST_VERSION = 0x20;

/** Length of what follows eight bytes, version of the header, kind of message. */
function lengthOf(reader: Reader): number {
  if (reader.left < 12) return reader.left > 1 && reader.peek(1) > MAX_LENGTH >> 8 ? NOT_MINE : NEED_MORE;
  const at = reader.at;
  const length = reader.view.getUint32(at, true);
  const version = reader.view.getUint32(at + 4, true);
  const id = reader.view.getUint32(at + 8, true);
  return length < 4 || length > MAX_LENGTH || version > HIGHEST_VERSION || id > HIGHEST_ID ? NOT_MINE : length + 8;
}

/** Device name, user, instance, address, kind of device. */
function readRegister(reader: Reader, id: number): Sccp | undefined {
  const name = cleanText(reader.text(16), 16);
  reader.skip(8);
  const ip = reader.ipv4();
  const model = reader.u32le();
  if (!/^(?:SEP|ATA|VGC|CIPC)[\w-]{3,13}$/.test(name)) return undefined;
  const isNamedAfterMac = /^(?:SEP|ATA)[\dA-F]{12}$/.test(name);
  return { ...NOTHING, id, name: isNamedAfterMac ? name : '', ip: /^(?:0|127|255)\./.test(ip) ? '' : ip, model };
}

/** Kinds of device that telephones register as. */
const MODELS: Readonly<Record<number, string>> = {
  7: 'CP-7960',
  8: 'CP-7940',
  115: 'CP-7941G',
  119: 'CP-7971G',
  307: 'CP-7911G',
  365: 'CP-7921G',
  369: 'CP-7906G',
  404: 'CP-7962G',
  434: 'CP-7942G',
  435: 'CP-7945G',
  436: 'CP-7965G',
  437: 'CP-7975G',
};
