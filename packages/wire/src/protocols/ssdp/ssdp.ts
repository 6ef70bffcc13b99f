// SSDP: UPnP devices announce what they are and where their description lies; programs that look for them name
// themselves. Written in the form of HTTP heads, one per datagram.
import { type Conversation, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { withoutLogin } from '../../secrets.ts';
import { macOfEui64, statedMac, statedText, statedUuid } from '../../stated.ts';
import { type Head, readHead, takeHead } from '../http/head.ts';
import { PRODUCT_KINDS, tellProduct } from '../http/product-headers.ts';

/** Longest datagram that is read; announcements have up to 600 bytes. */
const MAX_LENGTH = 4096;

interface SsdpMessage {
  readonly kind: 'notify' | 'search' | 'response';
  readonly fields: Head['fields'];
}

export const ssdp = protocol({
  name: 'ssdp',
  title: 'Simple Service Discovery Protocol',
  spec: 'UPnP Device Architecture 2.0, section 1',
  depth: 'full',
  on: { udp: [1900] },
  tells: [
    'upnp.server',
    'upnp.location',
    'upnp.device-type',
    'upnp.user-agent',
    'device.uuid',
    'address.announced-mac',
    ...PRODUCT_KINDS,
  ],

  // Answers go from any port to the port that asked, so both ends can be odd ones.
  firstBytes: [0x48, 0x4d, 0x4e], // H, M, N
  recognise(reader) {
    const message = readSsdp(reader);
    return message !== undefined && (message.kind !== 'response' || message.fields.has('usn'));
  },

  read: readSsdp,

  observe({ kind, fields }, say, conversation: Conversation<undefined>) {
    const { sender } = conversation;
    if (kind === 'search') {
      const agent = cleanText(fields.get('user-agent') ?? '');
      say.fact(sender, 'upnp.user-agent', agent, 'M-SEARCH, USER-AGENT');
      tellProduct(agent, sender, 'M-SEARCH, USER-AGENT', say.fact);
      return;
    }
    // What leaves (ssdp:byebye) says as much of its sender as what comes.
    const server = cleanText(fields.get('server') ?? '');
    say.fact(sender, 'upnp.server', server, 'SERVER');
    tellProduct(server, sender, 'SERVER', say.fact);
    const location = withoutLogin(fields.get('location') ?? fields.get('al') ?? '');
    say.fact(sender, 'upnp.location', cleanText(location), 'LOCATION');
    const type = cleanText(fields.get(kind === 'notify' ? 'nt' : 'st') ?? '');
    if (DEVICE_TYPE.test(type)) say.fact(sender, 'upnp.device-type', type, kind === 'notify' ? 'NT' : 'ST');
    observeName(fields.get('usn') ?? '', say.fact, sender);
    const bridge = macOfEui64(fields.get('hue-bridgeid') ?? '');
    say.fact(sender, 'address.announced-mac', bridge, 'hue-bridgeid');
    // Televisions and players tell how they are woken: "MAC=a0:b1:c2:d3:e4:f5;Timeout=10".
    const wakeup = statedMac(/\bMAC=([0-9a-f:-]{12,17})/i.exec(fields.get('wakeup') ?? '')?.[1] ?? '');
    say.fact(sender, 'address.announced-mac', wakeup, 'WAKEUP');
  },
});

const DEVICE_TYPE = /^urn:[^:]+:device:/i;

/** The unique service name (section 1.1.4): the UUID of the device, or a serial number in the dialect of Roku. */
function observeName(
  name: string,
  fact: (subject: Conversation['sender'], kind: 'device.uuid' | 'device.serial', value: string, source: string) => void,
  sender: Conversation['sender'],
): void {
  const serial = /^uuid:roku:ecp:(\w{6,20})$/i.exec(name)?.[1];
  if (serial !== undefined) fact(sender, 'device.serial', statedText(serial), 'USN');
  // Only the root device's: those of devices embedded in it change from maker to maker.
  const root = /^(uuid:[^:]+)(?:::upnp:rootdevice)?$/i.exec(name)?.[1];
  if (root !== undefined && name.toLowerCase().endsWith('rootdevice'))
    fact(sender, 'device.uuid', statedUuid(root), 'USN');
}

function readSsdp(reader: Reader): SsdpMessage | undefined {
  const first = reader.peek();
  if (first !== 0x4e && first !== 0x4d && first !== 0x48) return undefined; // N, M, H
  const { firstLine, fields } = readHead(takeHead(reader, Math.min(reader.left, MAX_LENGTH)));
  if (/^NOTIFY\s+\*\s+HTTP\/1/i.test(firstLine)) return { kind: 'notify', fields };
  if (/^M-SEARCH\s+\*\s+HTTP\/1/i.test(firstLine)) return { kind: 'search', fields };
  // A response without any of these belongs to plain HTTP.
  const isAnswer = fields.has('st') || fields.has('usn') || fields.has('location');
  return /^HTTP\/1\.\d\s+200/.test(firstLine) && isAnswer ? { kind: 'response', fields } : undefined;
}
