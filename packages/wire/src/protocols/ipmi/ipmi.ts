// IPMI over UDP, by which the management controllers of servers are asked and switched: their identity, how they let
// people in, and accounts stand in clear; the oldest way of a login carries the password itself.
import { vendorOfObjectId } from '../../enterprises.ts';
import { protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

/** RMCP classes, and types of authentication (section 13.6). */
const CLASS = { asf: 6, ipmi: 7 } as const;
const AUTHENTICATION = { none: 0, password: 4, rmcpPlus: 6 } as const;
/** Payloads of RMCP+ (table 13-16). */
const PAYLOAD = { message: 0, rakp1: 0x12 } as const;
const NETWORK = { chassis: 0, application: 6 } as const;

interface Ipmi {
  readonly account?: string;
  readonly hasPassword?: boolean;
  /** What authentication types are offered, and whether everybody is let in. */
  readonly offers?: readonly string[];
  readonly letsEverybodyIn?: boolean;
  readonly device?: {
    readonly manufacturer: number;
    readonly product: number;
    readonly firmware: string;
  };
  readonly control?: number;
}
const NOTHING: Ipmi = {};

export const ipmi = protocol({
  name: 'ipmi',
  title: 'IPMI over LAN (RMCP)',
  spec: 'IPMI 2.0 sections 13, 20.1, 22.13, 22.16, 28.3; DMTF DSP0136 (ASF)',
  depth: 'functions',
  on: { udp: [623, 664] },
  tells: [
    'ipmi.manufacturer-id',
    'ipmi.product-id',
    'device.vendor',
    'device.firmware',
    'service.authentication',
    'service.account',
    'credential.cleartext',
    'exposure.anonymous',
    'operation',
  ],

  firstBytes: [0x06],
  recognise: (reader) =>
    reader.peek16() === 0x0600 &&
    (reader.peek(3) === CLASS.ipmi
      ? reader.peek(2) === 0xff && reader.peek(4) <= AUTHENTICATION.rmcpPlus && reader.left >= 14
      : reader.peek(3) === CLASS.asf && reader.peek16(4) === 0 && reader.peek16(6) === 0x11be),

  read(reader): Ipmi | undefined {
    const version = reader.u8();
    reader.skip(2);
    const kind = reader.u8() & 0x1f;
    if (!reader.ok || version !== 6) return undefined;
    if (kind === CLASS.asf || kind === CLASS.ipmi + 1) return NOTHING;
    if (kind !== CLASS.ipmi) return undefined;
    const authentication = reader.u8();
    if (authentication > AUTHENTICATION.rmcpPlus) return undefined;
    if (authentication === AUTHENTICATION.rmcpPlus) return readPlus(reader);
    reader.skip(8); // sequence and session
    if (authentication !== AUTHENTICATION.none) reader.skip(16);
    const message = readMessage(reader.sub(reader.u8()));
    if (!message || authentication !== AUTHENTICATION.password) return message;
    return { ...message, hasPassword: true };
  },

  secrets(reader): SecretRange[] {
    const length = reader.left;
    const authentication = reader.peek(4);
    // A password, or a digest over it.
    if ((reader.peek(3) & 0x1f) !== CLASS.ipmi || authentication < 1 || authentication >= AUTHENTICATION.rmcpPlus)
      return [];
    const what = authentication === AUTHENTICATION.password ? 'IPMI password' : 'digest of a password';
    return length > 13 ? [{ from: 13, to: Math.min(29, length), what }] : [];
  },

  observe(message, say, { sender, server, fromClient }) {
    if (message === NOTHING) return;
    const { account, hasPassword, offers, letsEverybodyIn, device, control } = message;
    if (account) say.fact(server, 'service.account', account, 'user name');
    if (hasPassword && fromClient)
      say.fact(server, 'credential.cleartext', { what: 'IPMI password' }, 'authentication type password');
    if (control !== undefined) say.operation(CONTROLS[control] ?? `chassis control ${control}`, 'mode');
    if (fromClient) return;
    for (const offer of offers ?? [])
      say.fact(sender, 'service.authentication', offer, 'Get Channel Authentication Capabilities');
    if (letsEverybodyIn)
      say.fact(
        sender,
        'exposure.anonymous',
        'IPMI login without name and password',
        'Get Channel Authentication Capabilities',
      );
    if (!device) return;
    say.fact(sender, 'ipmi.manufacturer-id', device.manufacturer, 'Get Device ID');
    say.fact(sender, 'ipmi.product-id', device.product, 'Get Device ID');
    say.fact(sender, 'device.vendor', vendorOfObjectId(`1.3.6.1.4.1.${device.manufacturer}`), 'Get Device ID');
    say.fact(sender, 'device.firmware', device.firmware, 'Get Device ID');
  },
});

/** RMCP+ (section 13.6): encrypted payloads are passed over, the opening is in clear. */
function readPlus(reader: Reader): Ipmi | undefined {
  const payload = reader.u8();
  reader.skip(8);
  const body = reader.sub(reader.u16le());
  if (!body.ok) return undefined;
  if (payload === PAYLOAD.message) return readMessage(body);
  if (payload !== PAYLOAD.rakp1) return NOTHING;
  body.skip(27); // tag, session, random number, privilege, reserved
  const account = cleanText(body.text(Math.min(body.u8(), 16)), 16);
  return body.ok ? { account } : NOTHING;
}

/** A message (section 13.8): addresses, network function, command, and in an answer how it went. */
function readMessage(message: Reader): Ipmi | undefined {
  message.skip(1);
  const network = message.u8() >> 2;
  message.skip(3);
  const command = message.u8();
  if (!message.ok) return undefined;
  const isAnswer = (network & 1) === 1;
  if (isAnswer && message.u8() !== 0) return NOTHING;
  if ((network & ~1) === NETWORK.chassis) return !isAnswer && command === 2 ? { control: message.u8() & 15 } : NOTHING;
  if ((network & ~1) !== NETWORK.application) return NOTHING;
  if (command === 0x39 && !isAnswer) {
    message.skip(1);
    return { account: cleanText(message.text(Math.min(16, message.left)), 16) };
  }
  if (!isAnswer) return NOTHING;
  return command === 0x01 ? readDevice(message) : command === 0x38 ? readCapabilities(message) : NOTHING;
}

function readDevice(body: Reader): Ipmi {
  body.skip(2);
  const major = body.u8() & 0x7f;
  const minor = body.u8();
  body.skip(2);
  const manufacturer = (body.u8() | (body.u8() << 8) | (body.u8() << 16)) & 0xfffff;
  const product = body.u16le();
  if (!body.ok) return NOTHING;
  const firmware = `${major}.${minor.toString(16).padStart(2, '0')}`;
  return { device: { manufacturer, product, firmware } };
}

function readCapabilities(body: Reader): Ipmi {
  body.skip(1);
  const types = body.u8();
  const status = body.u8();
  const extended = body.u8();
  if (!body.ok) return NOTHING;
  const offers = OFFERS.filter((_, bit) => (types & (1 << bit)) !== 0).filter(Boolean);
  if ((types & 0x80) !== 0 && (extended & 2) !== 0) offers.push('RMCP+');
  return { offers, letsEverybodyIn: (status & 1) !== 0 };
}
/** By bit of the authentication type support (table 22-15). */
const OFFERS: readonly string[] = ['none', 'MD2', 'MD5', '', 'password in clear', 'OEM'];

/** Chassis control (section 28.3). */
const CONTROLS: readonly string[] = [
  'switch power off',
  'switch power on',
  'switch power off and on',
  'reset',
  'diagnostic interrupt',
  'shut down',
];
