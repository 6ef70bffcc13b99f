// DHCP and BOOTP: what a device calls itself and asks for, which address the server gave it, and who serves. Clients are
// known by the hardware address in the message, which a relay or a radio bridge carries unchanged.
import type { Subject } from '@interlock/model';
import { tellDescribed } from '../../descriptions.ts';
import { isGivenName } from '../../names.ts';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { cleanText, decodeText, hexPairs, type Reader } from '../../reader.ts';
import { withoutLogin } from '../../secrets.ts';
import {
  addressesOf,
  bytesOf,
  clientNameOf,
  domainsOf,
  machineUuidOf,
  macText,
  OPTIONS,
  type Options,
  readOptions,
  subOptionsOf,
  textOf,
  textOrHex,
  userClassesOf,
  vendorBlocksOf,
} from './options.ts';
import { readVendorClass } from './vendor-classes.ts';

const MAGIC_COOKIE = 0x63825363;
const NO_ADDRESS = '0.0.0.0';
const ETHERNET = 1;

const MESSAGE_TYPES = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
  inform: 8,
} as const;

interface DhcpMessage {
  readonly fromServer: boolean;
  /** Empty where the hardware has no MAC address. */
  readonly clientMac: string;
  readonly clientAddress: string;
  readonly yourAddress: string;
  readonly relayAddress: string;
  /** 0 for BOOTP. */
  readonly type: number;
  readonly hostName: string;
  readonly vendorClass: string;
  readonly mudUrl: string;
  /** Empty where they are not there. */
  readonly requestedAddress: string;
  readonly serverIdentifier: string;
  readonly options: Options;
  readonly cutOff: boolean;
}

const TELLS = [
  'device.hostname',
  'device.vendor',
  'device.model',
  'device.order-number',
  'device.serial',
  'device.firmware',
  'device.hardware-version',
  'device.product-code',
  'device.type',
  'device.os',
  'device.os-build',
  'device.uuid',
  'device.mud-url',
  'dhcp.vendor-class',
  'dhcp.user-class',
  'dhcp.fingerprint',
  'dhcp.client-id',
  'dhcp.duid',
  'dhcp.requested-ip',
  'dhcp.offered-ip',
  'dhcp.relay-circuit',
  'dhcp.relay-remote',
  'address.assigned-ip',
  'address.announced-ip',
  'network.mask',
  'network.router',
  'network.domain',
  'network.name-server',
  'network.time-server',
  'service.role',
] as const;
type Says = Saying<(typeof TELLS)[number]>;

export const dhcp = protocol({
  name: 'dhcp',
  title: 'Dynamic Host Configuration Protocol and BOOTP',
  spec: 'RFC 2131, RFC 2132, RFC 951; options of RFC 3004, 3046, 3396, 3397, 3925, 4361, 4578, 4702 and 8520',
  depth: 'full',
  on: { udp: [67, 68, 4011] },
  tells: TELLS,

  read(reader: Reader): DhcpMessage | undefined {
    const operation = reader.u8();
    const hardwareType = reader.u8();
    const hardwareLength = reader.u8();
    reader.skip(9); // Hops, transaction, seconds, flags: they belong to the exchange, not to the device.
    const clientAddress = reader.ipv4();
    const yourAddress = reader.ipv4();
    reader.skip(4); // Next server: where to boot from.
    const relayAddress = reader.ipv4();
    const hardwareAddress = reader.bytes(16);
    if (!reader.ok || (operation !== 1 && operation !== 2)) return undefined;
    const serverName = reader.sub(64);
    const file = reader.sub(128);
    const options = new Map<number, Uint8Array>();
    const hasOptions = reader.left >= 4 && reader.u32() === MAGIC_COOKIE;
    if (hasOptions) {
      readOptions(reader, options);
      // RFC 2131 section 4.1: with option 52 the options go on in `file` (1), `sname` (2) or both (3).
      const overload = bytesOf(options, OPTIONS.overload)[0] ?? 0;
      if (overload & 1) readOptions(file, options);
      if (overload & 2) readOptions(serverName, options);
    }
    return {
      fromServer: operation === 2,
      clientMac: clientMacOf(hardwareType, hardwareLength, hardwareAddress, options),
      clientAddress,
      yourAddress,
      relayAddress,
      type: bytesOf(options, OPTIONS.messageType)[0] ?? 0,
      hostName: textOf(options, OPTIONS.hostName),
      vendorClass: textOf(options, OPTIONS.vendorClass),
      mudUrl: textOf(options, OPTIONS.mudUrl),
      requestedAddress: addressesOf(options, OPTIONS.requestedAddress, 1)[0] ?? '',
      serverIdentifier: addressesOf(options, OPTIONS.serverIdentifier, 1)[0] ?? '',
      options,
      cutOff: !reader.ok,
    };
  },

  observe(message, say, conversation) {
    if (message.cutOff) say.malformed('dhcp.option-length');
    if (message.relayAddress !== NO_ADDRESS)
      say.fact(conversation.subject({ ip: message.relayAddress }), 'service.role', 'dhcp-relay', 'giaddr');
    const client = message.clientMac === '' ? undefined : conversation.subject({ mac: message.clientMac });
    if (message.fromServer) observeAnswer(message, client, say, conversation);
    else if (client) observeClient(message, client, say);
  },
});

/** The MAC address: of Ethernet and 802.11 hardware, else of a client identifier that is one (RFC 4390 on InfiniBand). */
function clientMacOf(type: number, length: number, address: Uint8Array, options: Options): string {
  // A length of 0 is met in the answers of old servers; the type says all that is needed.
  if (type === ETHERNET && (length === 6 || length === 0)) return stationMac(address.subarray(0, 6));
  const identifier = bytesOf(options, OPTIONS.clientIdentifier);
  return identifier.length === 7 && identifier[0] === ETHERNET ? stationMac(identifier.subarray(1)) : '';
}

const stationMac = (bytes: Uint8Array): string =>
  bytes.some((byte) => byte !== 0) && ((bytes[0] ?? 0) & 1) === 0 ? macText(bytes) : '';

function observeClient(message: DhcpMessage, client: Subject, say: Says): void {
  const { options, type, hostName, vendorClass, mudUrl, requestedAddress } = message;
  const fact = say.fact;
  if (isGivenName(hostName)) fact(client, 'device.hostname', hostName, 'option 12');
  const clientName = clientNameOf(bytesOf(options, OPTIONS.clientName));
  if (isGivenName(clientName)) fact(client, 'device.hostname', clientName, 'option 81');
  fact(client, 'dhcp.vendor-class', vendorClass, 'option 60');
  tellDescribed(readVendorClass(vendorClass), client, 'option 60', say.fact);
  for (const userClass of userClassesOf(bytesOf(options, OPTIONS.userClass)))
    fact(client, 'dhcp.user-class', userClass, 'option 77');
  fact(client, 'dhcp.fingerprint', bytesOf(options, OPTIONS.parameterRequestList).join(','), 'option 55');
  const identifier = bytesOf(options, OPTIONS.clientIdentifier);
  fact(client, 'dhcp.client-id', clientIdentifierOf(identifier), 'option 61');
  // RFC 4361 section 6.1: a type, four bytes for the interface, and the identifier that DHCPv6 uses too.
  if (identifier[0] === 255 && identifier.length > 9)
    fact(client, 'dhcp.duid', hexPairs(identifier.subarray(5), ''), 'option 61');
  fact(client, 'device.uuid', machineUuidOf(bytesOf(options, OPTIONS.clientMachine)), 'option 97');
  if (mudUrl.startsWith('https://')) fact(client, 'device.mud-url', withoutLogin(mudUrl), 'option 161');
  observeVendorData(options, vendorClass, client, say);
  observeRelay(options, client, say);

  const wants = type === MESSAGE_TYPES.request || type === MESSAGE_TYPES.discover;
  if (wants && requestedAddress !== NO_ADDRESS) fact(client, 'dhcp.requested-ip', requestedAddress, 'option 50');
  // RFC 2131 section 4.4: only a client that has the address already writes it into ciaddr; one that declines or
  // releases it is giving it up.
  const holds = type === MESSAGE_TYPES.request || type === MESSAGE_TYPES.inform || type === 0;
  if (holds && message.clientAddress !== NO_ADDRESS)
    fact(client, 'address.announced-ip', message.clientAddress, 'ciaddr');
}

/** IANA enterprise number of the Broadband Forum, whose devices name themselves in option 125 (TR-069 annex F). */
const BROADBAND_FORUM = 3561;

function observeVendorData(options: Options, vendorClass: string, client: Subject, say: Says): void {
  for (const { data } of vendorBlocksOf(bytesOf(options, OPTIONS.vendorIdentifyingClass))) {
    for (const text of userClassesOf(data)) {
      say.fact(client, 'dhcp.vendor-class', text, 'option 124');
      tellDescribed(readVendorClass(text), client, 'option 124', say.fact);
    }
  }
  for (const { enterprise, data } of vendorBlocksOf(bytesOf(options, OPTIONS.vendorIdentifyingOptions))) {
    if (enterprise !== BROADBAND_FORUM) continue;
    const parts = subOptionsOf(data);
    say.fact(client, 'device.serial', partText(parts, 2), 'option 125');
    say.fact(client, 'device.product-code', partText(parts, 3), 'option 125');
  }
  // Cable modems and set-top boxes (CableLabs CL-SP-CANN-DHCP-Reg): option 43 carries what the label says.
  if (/^(?:docsis|pktc|OpenCable)/i.test(vendorClass)) {
    const parts = subOptionsOf(bytesOf(options, OPTIONS.vendorSpecific));
    say.fact(client, 'device.serial', partText(parts, 4), 'option 43');
    say.fact(client, 'device.hardware-version', partText(parts, 5), 'option 43');
    say.fact(client, 'device.firmware', partText(parts, 6), 'option 43');
    say.fact(client, 'device.model', partText(parts, 9), 'option 43');
    say.fact(client, 'device.vendor', partText(parts, 10), 'option 43');
  }
}

const partText = (parts: ReadonlyMap<number, Uint8Array>, code: number): string =>
  cleanText(decodeText(parts.get(code) ?? new Uint8Array(0), 'utf8'));

/** Which port of which switch or access point the request came in by (RFC 3046 section 3). */
function observeRelay(options: Options, client: Subject, say: Says): void {
  const parts = subOptionsOf(bytesOf(options, OPTIONS.relayInformation));
  const circuit = parts.get(1);
  const remote = parts.get(2);
  if (circuit) say.fact(client, 'dhcp.relay-circuit', textOrHex(circuit), 'option 82, circuit ID');
  if (remote) say.fact(client, 'dhcp.relay-remote', textOrHex(remote), 'option 82, remote ID');
}

function observeAnswer(
  message: DhcpMessage,
  client: Subject | undefined,
  say: Says,
  conversation: Conversation<undefined>,
): void {
  const { options, type, yourAddress, serverIdentifier: server } = message;
  // Towards the client a relay is the sender, and the identifier names the server behind it.
  if (server !== '' && server !== NO_ADDRESS && server !== conversation.sender.ip)
    say.fact(conversation.subject({ ip: server }), 'service.role', 'dhcp-server', 'option 54');
  else say.fact(conversation.sender, 'service.role', 'dhcp-server', type === 0 ? 'BOOTP reply' : 'DHCP answer');

  if (!client) return;
  if (type === MESSAGE_TYPES.offer && yourAddress !== NO_ADDRESS)
    say.fact(client, 'dhcp.offered-ip', yourAddress, 'yiaddr');
  if (type !== MESSAGE_TYPES.ack && type !== 0) return;
  // The answer to an INFORM assigns nothing: yiaddr is empty (RFC 2131 section 4.3.5).
  if (yourAddress !== NO_ADDRESS) say.fact(client, 'address.assigned-ip', yourAddress, 'yiaddr');
  for (const mask of addressesOf(options, OPTIONS.subnetMask, 1)) say.fact(client, 'network.mask', mask, 'option 1');
  for (const ip of addressesOf(options, OPTIONS.router)) say.fact(client, 'network.router', ip, 'option 3');
  for (const ip of addressesOf(options, OPTIONS.nameServer)) say.fact(client, 'network.name-server', ip, 'option 6');
  for (const ip of addressesOf(options, OPTIONS.timeServer)) say.fact(client, 'network.time-server', ip, 'option 42');
  say.fact(client, 'network.domain', textOf(options, OPTIONS.domainName), 'option 15');
  for (const domain of domainsOf(bytesOf(options, OPTIONS.domainSearch)))
    say.fact(client, 'network.domain', domain, 'option 119');
}

/** Option 61: a hardware address (RFC 2132 section 9.14), a text of type 0, else hex pairs (RFC 4361 among the rest). */
function clientIdentifierOf(bytes: Uint8Array): string {
  if (bytes.length < 2) return '';
  if (bytes[0] === ETHERNET && bytes.length === 7) return macText(bytes.subarray(1));
  return bytes[0] === 0 ? textOrHex(bytes.subarray(1)) : textOrHex(bytes);
}
