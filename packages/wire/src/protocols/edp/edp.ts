// EDP: switches of Extreme Networks announce their name, port, software and VLANs to their neighbours.
import { isGivenName } from '../../names.ts';
import { type Conversation, protocol } from '../../protocol.ts';
import { cleanText, ipv4Text, type Reader } from '../../reader.ts';
import { statedMac } from '../../stated.ts';

interface Edp {
  mac: string;
  name: string;
  port: string;
  version: string;
  readonly vlans: string[];
  readonly addresses: string[];
  broken: boolean;
}

export const edp = protocol({
  name: 'edp',
  title: 'Extreme Discovery Protocol',
  spec: 'Extreme Networks (SNAP 00-E0-2B, 0x00BB)',
  depth: 'identity',
  on: { snap: [0x00e02b00bb] },
  tells: [
    'device.hostname',
    'device.vendor',
    'device.firmware',
    'network.port-id',
    'network.vlan-name',
    'address.announced-mac',
    'address.announced-ip',
  ],

  read(reader): Edp | undefined {
    const version = reader.u8();
    reader.skip(1);
    const length = reader.u16();
    reader.skip(4);
    const identifier = reader.u16();
    const mac = reader.mac();
    if (!reader.ok || version !== 1 || identifier !== 0 || length < 16) return undefined;
    const message: Edp = {
      mac: statedMac(mac),
      name: '',
      port: '',
      version: '',
      vlans: [],
      addresses: [],
      broken: false,
    };
    for (let n = 0; n < MAX_ELEMENTS && reader.left >= 4; n++) {
      if (reader.u8() !== MARKER) break;
      const type = reader.u8();
      const element = reader.sub(reader.u16() - 4);
      message.broken = !element.ok;
      if (!element.ok || type === 0) break;
      readElement(type, element, message);
    }
    return message;
  },

  observe({ mac, name, port, version, vlans, addresses, broken }, say, { sender }: Conversation<undefined>) {
    if (broken) say.malformed('edp.element-past-end');
    say.fact(sender, 'device.vendor', 'Extreme Networks', 'header');
    say.fact(sender, 'address.announced-mac', mac, 'header, machine');
    if (isGivenName(name)) say.fact(sender, 'device.hostname', name, 'display');
    say.fact(sender, 'device.firmware', version, 'info, version');
    say.fact(sender, 'network.port-id', port, 'info, slot and port');
    for (const vlan of vlans) say.fact(sender, 'network.vlan-name', vlan, 'VLAN');
    for (const ip of addresses) say.fact(sender, 'address.announced-ip', ip, 'VLAN, address');
  },
});

const MARKER = 0x99;
const MAX_ELEMENTS = 128;

function readElement(type: number, element: Reader, message: Edp): void {
  if (type === 1) message.name = cleanText(element.text(element.left), 64);
  else if (type === 2) {
    const slot = element.u16();
    const port = element.u16();
    element.skip(8); // virtual chassis, reserved
    const version = element.bytes(4).join('.');
    if (!element.ok) return;
    message.port = `${slot + 1}/${port + 1}`;
    message.version = version;
  } else if (type === 5) {
    element.skip(2);
    const number = element.u16();
    element.skip(4);
    const address = element.u32();
    const name = cleanText(element.text(element.left), 64);
    if (!element.ok) return;
    if (name !== '') message.vlans.push(`${number} ${name}`);
    if (address >>> 24 > 0 && address >>> 24 < 224 && address >>> 24 !== 127) message.addresses.push(ipv4Text(address));
  }
}
