// Discovery of Ubiquiti devices: radios, access points and cameras answer with model, firmware, name and addresses.
import { isGivenName } from '../../names.ts';
import { type Conversation, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { statedMac, statedText } from '../../stated.ts';

interface Discovery {
  readonly macs: string[];
  readonly addresses: string[];
  firmware: string;
  release: string;
  hostname: string;
  platform: string;
  model: string;
  network: string;
  elements: number;
}

export const ubntDiscovery = protocol({
  name: 'ubnt-discovery',
  title: 'Ubiquiti discovery',
  spec: 'Ubiquiti device discovery, versions 1 and 2',
  depth: 'full',
  on: { udp: [10001] },
  tells: [
    'address.announced-mac',
    'address.announced-ip',
    'device.vendor',
    'device.model',
    'device.product-code',
    'device.firmware',
    'device.hostname',
    'network.wireless-name',
  ],

  read(reader): Discovery | undefined {
    const version = reader.u8();
    const command = reader.u8();
    const length = reader.u16();
    if (!reader.ok || version < 1 || version > 2 || length !== reader.left || command > 11) return undefined;
    const message: Discovery = {
      macs: [],
      addresses: [],
      firmware: '',
      release: '',
      hostname: '',
      platform: '',
      model: '',
      network: '',
      elements: 0,
    };
    while (reader.left >= 3 && message.elements < MAX_ELEMENTS) {
      const type = reader.u8();
      const element = reader.sub(reader.u16());
      if (!element.ok) break;
      message.elements++;
      readElement(version, type, element, message);
    }
    return length === 0 || message.macs.length > 0 ? message : undefined;
  },

  observe(message, say, { sender }: Conversation<undefined>) {
    if (message.elements === 0) return;
    const { firmware, release, hostname, platform, model, network } = message;
    for (const mac of message.macs) say.fact(sender, 'address.announced-mac', mac, 'hardware address');
    for (const ip of message.addresses) say.fact(sender, 'address.announced-ip', ip, 'hardware address and IP address');
    say.fact(sender, 'device.vendor', 'Ubiquiti', 'header');
    say.fact(sender, 'device.firmware', firmware || release, 'firmware');
    say.fact(sender, 'device.model', model || platform, model ? 'model' : 'platform');
    if (model !== '') say.fact(sender, 'device.product-code', platform, 'platform');
    if (isGivenName(hostname)) say.fact(sender, 'device.hostname', hostname, 'host name');
    say.fact(sender, 'network.wireless-name', network, 'ESSID');
  },
});

const MAX_ELEMENTS = 64;
const MAX_ADDRESSES = 16;

function readElement(version: number, type: number, element: Reader, message: Discovery): void {
  const text = () => statedText(element.text(element.left, 'utf8'), 128);
  switch (type) {
    case 0x01:
      addMac(element, message.macs);
      break;
    case 0x02: {
      addMac(element, message.macs);
      const ip = element.ipv4();
      if (element.ok && !/^(?:0|127|255)\./.test(ip) && message.addresses.length < MAX_ADDRESSES)
        message.addresses.push(ip);
      break;
    }
    case 0x03:
      message.firmware = text();
      break;
    case 0x0b:
      message.hostname = cleanText(element.text(element.left, 'utf8'), 128);
      break;
    case 0x0c:
      message.platform = text();
      break;
    case 0x0d:
      message.network = cleanText(element.text(element.left, 'utf8'), 32);
      break;
    case 0x14:
      message.model = text();
      break;
    // The short name of the model in the second version, where the first has the long one above.
    case 0x15:
      if (version === 2) message.platform ||= text();
      break;
    case 0x16:
      message.release = text();
      break;
  }
}

function addMac(element: Reader, into: string[]): void {
  const mac = statedMac(element.mac());
  if (mac !== '' && !into.includes(mac) && into.length < MAX_ADDRESSES) into.push(mac);
}
