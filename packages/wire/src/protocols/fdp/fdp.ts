// FDP: switches of Foundry and Brocade announce their name, port, platform and software, much as Cisco's do.
import { readDescription } from '../../descriptions.ts';
import { isGivenName } from '../../names.ts';
import { type Conversation, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';

interface Fdp {
  device: string;
  port: string;
  capabilities: string;
  version: string;
  platform: string;
  readonly addresses: string[];
  broken: boolean;
}

export const fdp = protocol({
  name: 'fdp',
  title: 'Foundry Discovery Protocol',
  spec: 'Foundry Networks (SNAP 00-E0-52, 0x2000)',
  depth: 'identity',
  on: { snap: [0x00e0522000] },
  tells: [
    'device.hostname',
    'device.vendor',
    'device.model',
    'device.firmware',
    'device.description',
    'network.port-id',
    'network.platform',
    'network.capabilities',
    'address.announced-ip',
  ],

  read(reader): Fdp | undefined {
    const version = reader.u8();
    reader.skip(3); // time to live, checksum
    if (!reader.ok || version !== 1) return undefined;
    const message: Fdp = {
      device: '',
      port: '',
      capabilities: '',
      version: '',
      platform: '',
      addresses: [],
      broken: false,
    };
    let elements = 0;
    for (; elements < MAX_ELEMENTS && reader.left >= 4; elements++) {
      const type = reader.u16();
      const element = reader.sub(reader.u16() - 4);
      message.broken = !element.ok;
      if (!element.ok) break;
      readElement(type, element, message);
    }
    return elements > 0 ? message : undefined;
  },

  observe(message, say, { sender }: Conversation<undefined>) {
    const { device, port, capabilities, version, platform, addresses, broken } = message;
    if (broken) say.malformed('fdp.element-past-end');
    if (isGivenName(device)) say.fact(sender, 'device.hostname', device, 'device ID');
    say.fact(sender, 'network.port-id', port, 'interface');
    say.fact(sender, 'network.capabilities', capabilities, 'capabilities');
    say.fact(sender, 'network.platform', platform, 'platform');
    say.fact(sender, 'device.model', platform, 'platform');
    say.fact(sender, 'device.description', version, 'version');
    const { vendor = '', firmware = '' } = readDescription(version);
    say.fact(sender, 'device.vendor', vendor, 'version');
    say.fact(sender, 'device.firmware', firmware, 'version');
    for (const ip of addresses) say.fact(sender, 'address.announced-ip', ip, 'addresses');
  },
});

const MAX_ELEMENTS = 64;
const MAX_ADDRESSES = 16;

function readElement(type: number, element: Reader, message: Fdp): void {
  const text = () => cleanText(element.text(element.left), 512);
  if (type === 1) message.device = text();
  else if (type === 2) readAddresses(element, message.addresses);
  else if (type === 3) message.port = text();
  // Foundry writes words here where Cisco has bits.
  else if (type === 4) message.capabilities = text().toLowerCase();
  else if (type === 5) message.version = text();
  else if (type === 6) message.platform = text();
}

/** Number of addresses, then of each the protocol and the address, both with their lengths. */
function readAddresses(element: Reader, into: string[]): void {
  const count = Math.min(element.u32(), MAX_ADDRESSES);
  for (let n = 0; n < count && element.ok; n++) {
    element.skip(1);
    element.skip(element.u8());
    const address = element.sub(element.u16());
    if (address.left !== 4) continue;
    const ip = address.ipv4();
    if (!/^(?:0|127|255)\./.test(ip)) into.push(ip);
  }
}
