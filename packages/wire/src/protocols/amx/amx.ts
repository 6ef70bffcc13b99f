// Beacons of AMX's device discovery: projectors, switchers and infrared gateways in meeting and control rooms tell their
// maker, model and revision to a group, for a controller that has never met them.
import { protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { statedMac, statedText } from '../../stated.ts';

/** Longest beacon that is read; the known ones have up to 400 bytes. */
const MAX_BEACON = 1500;

const isBeacon = (reader: Reader): boolean =>
  reader.peek16() === 0x414d && reader.peek16(2) === 0x5842 && reader.peek(4) === 0x3c;

export const amx = protocol({
  name: 'amx',
  title: 'AMX device discovery beacons',
  spec: 'AMX Dynamic Device Discovery Protocol; Global Caché API documents',
  depth: 'full',
  on: { udp: [9131] },
  tells: [
    'device.vendor',
    'device.model',
    'device.firmware',
    'device.type',
    'device.friendly-label',
    'address.announced-mac',
  ],

  firstBytes: [0x41], // A
  recognise: isBeacon,

  read(reader): ReadonlyMap<string, string> | undefined {
    if (!isBeacon(reader)) return undefined;
    const text = reader.text(Math.min(reader.left, MAX_BEACON), 'utf8');
    const values = new Map<string, string>();
    for (const [, name = '', value = ''] of text.matchAll(/<(?:Device)?-([\w-]{1,40})=([^<>]{0,200})>/g))
      if (!values.has(name)) values.set(name, cleanText(value, 200));
    return values;
  },

  observe(values, say, { sender }) {
    const value = (name: string) => statedText(values.get(name) ?? '');
    const model = value('Model');
    say.fact(sender, 'device.vendor', value('Make'), 'beacon, Make');
    say.fact(sender, 'device.model', model, 'beacon, Model');
    // Without a model the revision is that of the beacon.
    if (model !== '') say.fact(sender, 'device.firmware', value('Revision'), 'beacon, Revision');
    const kind = value('SDKClass');
    if (!/^(?:Utility|DiscDevice|Other)$/i.test(kind)) say.fact(sender, 'device.type', kind, 'beacon, SDKClass');
    say.fact(sender, 'device.friendly-label', value('Config-Name'), 'beacon, Config-Name');
    const mac = statedMac(/^(?:GlobalCache_)?([0-9A-F]{12})$/i.exec(values.get('UUID') ?? '')?.[1] ?? '');
    say.fact(sender, 'address.announced-mac', mac, 'beacon, UUID');
  },
});
