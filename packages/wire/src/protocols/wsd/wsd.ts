// WS-Discovery: cameras, printers and Windows computers answer who looks for them with their types, scopes and addresses.
// SOAP in one datagram; what an ONVIF camera is stands in its scopes.
import type { Subject } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { cleanText } from '../../reader.ts';
import { withoutLogin } from '../../secrets.ts';
import { statedUuid } from '../../stated.ts';
import { scanXml } from '../http/xml.ts';
import { readScopes, SCOPE_KINDS, type ScopeFact } from './scopes.ts';

/** Longest datagram that is read: SOAP over UDP asks for 4 KiB to be taken, answers of many devices are longer. */
const MAX_LENGTH = 32_768;
/** Types and addresses of one device; more than this is no device's. */
const MAX_VALUES = 32;

interface Wsd {
  readonly kind: 'announcement' | 'question' | 'other';
  /** Name of the message: `Hello`, `ProbeMatches`. */
  readonly name: string;
  /** More than one device in one message: it comes of a discovery proxy, and nothing in it is of the sender. */
  readonly ofOthers: boolean;
  readonly uuid: string;
  readonly types: readonly string[];
  readonly scopes: readonly ScopeFact[];
  readonly addresses: readonly string[];
}
const TELLS = [
  'device.uuid',
  'wsd.type',
  'wsd.address',
  'device.type',
  'address.announced-ip',
  'service.role',
  ...SCOPE_KINDS,
] as const;
type Says = Saying<(typeof TELLS)[number]>;

export const wsd = protocol({
  name: 'wsd',
  title: 'WS-Discovery',
  spec: 'OASIS Web Services Dynamic Discovery 1.1; submission of April 2005; ONVIF Core Specification section 7.3',
  depth: 'full',
  on: { udp: [3702] },
  tells: TELLS,

  // Devices answer from any port to the port that asked.
  firstBytes: [0x3c, 0xef, 0x0a, 0x0d, 0x20], // <, byte order mark, white space
  recognise(reader) {
    const text = reader.text(Math.min(reader.left, 2048));
    return /<(?:[\w-]{1,40}:)?Envelope\b/.test(text) && DISCOVERY.test(text);
  },

  read(reader): Wsd | undefined {
    const text = reader.text(Math.min(reader.left, MAX_LENGTH), 'utf8');
    return DISCOVERY.test(text) ? readMessage(text) : undefined;
  },

  observe(message, say, { sender }: Conversation<undefined>) {
    if (message.kind !== 'announcement') return;
    const { name } = message;
    if (message.ofOthers) say.fact(sender, 'service.role', 'WS-Discovery proxy', name);
    else sayDevice(message, sender, say);
  },
});

function sayDevice({ name, uuid, types, scopes, addresses }: Wsd, sender: Subject, say: Says): void {
  say.fact(sender, 'device.uuid', uuid, `${name}, endpoint reference`);
  for (const type of types) {
    say.fact(sender, 'wsd.type', type, `${name}, types`);
    if (Object.hasOwn(DEVICE_TYPES, type)) say.fact(sender, 'device.type', DEVICE_TYPES[type] ?? '', `${name}, types`);
  }
  for (const { kind, value } of scopes) say.fact(sender, kind, value, `${name}, scopes`);
  for (const address of addresses) {
    say.fact(sender, 'wsd.address', address, `${name}, transport addresses`);
    say.fact(sender, 'address.announced-ip', hostOf(address), `${name}, transport addresses`);
  }
}

const DISCOVERY = /schemas\.xmlsoap\.org\/ws\/2005\/04\/discovery|docs\.oasis-open\.org\/ws-dd\/ns\/discovery\/2009/;

function readMessage(text: string): Wsd {
  let name = '';
  let devices = 0;
  let uuid = '';
  const types: string[] = [];
  const scopes: string[] = [];
  const addresses: string[] = [];
  scanXml(text, (path, value) => {
    const body = path.indexOf('Body');
    if (body < 0) return;
    const message = path[body + 1] ?? '';
    if (name === '') name = message;
    const field = path.at(-1);
    if (field === 'Address' && path.at(-2) === 'EndpointReference') {
      devices++;
      uuid ||= statedUuid(value);
    } else if (devices > 1) return;
    else if (field === 'Types') addWords(value, types, (type) => cleanText(type.replace(/^.*:/, ''), 128));
    else if (field === 'Scopes') addWords(value, scopes, (scope) => scope);
    else if (field === 'XAddrs') addWords(value, addresses, (address) => cleanText(withoutLogin(address), 256));
  });
  // A message without any text in its body is known by its action alone.
  const kind = ANNOUNCEMENTS.has(name) ? 'announcement' : /^(?:Probe|Resolve)$/.test(name) ? 'question' : 'other';
  return { kind, name, ofOthers: devices > 1, uuid, types, scopes: readScopes(scopes), addresses };
}

const ANNOUNCEMENTS = new Set(['Hello', 'ProbeMatches', 'ResolveMatches']);

function addWords(text: string, into: string[], clean: (word: string) => string): void {
  for (const word of text.split(/\s+/)) if (word !== '' && into.length < MAX_VALUES) into.push(clean(word));
}

/** The address in a transport address, where it is one and not a name. */
function hostOf(url: string): string {
  const [, ipv6, host = ''] = /^\w+:\/\/(?:\[([\da-f:]+)(?:%[^\]]*)?\]|([^/:?#]+))/i.exec(url) ?? [];
  if (ipv6) return ipv6.toLowerCase();
  return /^(?!0|127|255)\d{1,3}(?:\.\d{1,3}){3}$/.test(host) ? host : '';
}

/** Port types that say what the device is for: ONVIF, Windows' function discovery, printing and scanning on DPWS. */
const DEVICE_TYPES: Readonly<Record<string, string>> = {
  NetworkVideoTransmitter: 'Network video transmitter',
  NetworkVideoStorage: 'Video recorder',
  NetworkVideoDisplay: 'Video display',
  NetworkVideoAnalytics: 'Video analytics',
  Computer: 'Computer',
  PrintDeviceType: 'Printer',
  PrinterServiceType: 'Printer',
  ScanDeviceType: 'Scanner',
  ScannerServiceType: 'Scanner',
};
