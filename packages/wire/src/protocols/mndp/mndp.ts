// MNDP: MikroTik routers announce name, model and version to everybody on the wire.
import { isGivenName } from '../../names.ts';
import { type Conversation, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { statedMac } from '../../stated.ts';

interface Mndp {
  mac: string;
  identity: string;
  version: string;
  platform: string;
  licence: string;
  board: string;
  port: string;
  readonly addresses: string[];
}

export const mndp = protocol({
  name: 'mndp',
  title: 'MikroTik Neighbor Discovery Protocol',
  spec: 'MikroTik RouterOS, neighbour discovery',
  depth: 'full',
  on: { udp: [5678] },
  tells: [
    'address.announced-mac',
    'address.announced-ip',
    'device.hostname',
    'device.firmware',
    'device.vendor',
    'device.model',
    'device.os',
    'mndp.software-id',
    'network.port-id',
  ],

  read(reader): Mndp | undefined {
    reader.skip(4); // header, sequence number
    const message: Mndp = {
      mac: '',
      identity: '',
      version: '',
      platform: '',
      licence: '',
      board: '',
      port: '',
      addresses: [],
    };
    let known = 0;
    for (let n = 0; n < MAX_ELEMENTS && reader.left >= 4; n++) {
      const type = reader.u16();
      const element = reader.sub(reader.u16());
      if (!element.ok) break;
      if (readElement(type, element, message)) known++;
    }
    // Who asks sends four zeros.
    return known > 1 || (reader.ok && known === 0 && reader.offset === 4 && reader.left === 0) ? message : undefined;
  },

  observe(message, say, { sender }: Conversation<undefined>) {
    const { mac, identity, version, platform, licence, board, port, addresses } = message;
    say.fact(sender, 'address.announced-mac', mac, 'MAC address');
    if (isGivenName(identity) && identity !== 'MikroTik') say.fact(sender, 'device.hostname', identity, 'identity');
    say.fact(sender, 'device.firmware', version, 'version');
    say.fact(sender, 'device.vendor', platform, 'platform');
    if (platform === 'MikroTik') say.fact(sender, 'device.os', 'RouterOS', 'platform');
    say.fact(sender, 'device.model', board, 'board');
    say.fact(sender, 'mndp.software-id', licence, 'software ID');
    say.fact(sender, 'network.port-id', port, 'interface name');
    for (const ip of addresses) say.fact(sender, 'address.announced-ip', ip, 'address');
  },
});

const MAX_ELEMENTS = 32;

/** Whether it is one of those that routers send. */
function readElement(type: number, element: Reader, message: Mndp): boolean {
  const text = () => cleanText(element.text(element.left, 'utf8'), 128);
  switch (type) {
    case 1:
      message.mac = element.left === 6 ? statedMac(element.mac()) : '';
      return message.mac !== '';
    case 5:
      message.identity = text();
      return true;
    case 7:
      message.version = text();
      return /^\d/.test(message.version);
    case 8:
      message.platform = text();
      return true;
    case 11:
      message.licence = text();
      return true;
    case 12:
      message.board = text();
      return true;
    case 15: {
      const ip = element.ipv6();
      if (element.ok && ip !== '::') message.addresses.push(ip);
      return element.ok;
    }
    case 16:
      message.port = text();
      return true;
    case 17: {
      const ip = element.ipv4();
      if (element.ok && !/^(?:0|127|255)\./.test(ip)) message.addresses.push(ip);
      return element.ok;
    }
    default:
      return false; // uptime, unpacking, and what is to come
  }
}
