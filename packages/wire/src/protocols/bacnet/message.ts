// A BACnet message as it lies in its frame: link header, network header, service, and what of the service is understood.
// Answers that come in segments are put together here.
import type { Subject } from '@interlock/model';
import type { Conversation } from '../../protocol.ts';
import { Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import {
  type ApplicationHeader,
  COMPLEX_ACK,
  CONFIRMED_REQUEST,
  type Contents,
  goToPassword,
  readAcknowledgement,
  readApplicationHeader,
  readConfirmedRequest,
  readUnconfirmed,
  UNCONFIRMED_REQUEST,
} from './application.ts';
import {
  I_AM_ROUTER,
  INITIALIZE_ROUTING_TABLE,
  type LinkHeader,
  NETWORK_NUMBER_IS,
  type NetworkHeader,
  ROUTING_TABLE,
  readLinkHeader,
  readNetworkHeader,
  readNetworks,
  readRoutingTable,
  type Station,
} from './network.ts';
import type { BacnetService } from './services.ts';

/** Answers in segments that are put together at a time, and how long one gets: a whole object list of a large device. */
const MAX_ASSEMBLED = 4;
const MAX_ASSEMBLED_BYTES = 65_536;

export interface Pending {
  readonly invoke: number;
  readonly from: Subject;
  /** The device asked, as subject and as station of the network layer. */
  readonly to: Subject;
  readonly station: Station | undefined;
  readonly receiver: Subject;
  readonly operation: BacnetService;
  readonly detail: string;
  readonly frame: number;
  readonly time: number;
}
interface Assembly {
  readonly invoke: number;
  readonly service: number;
  readonly sender: Subject;
  readonly station: Station | undefined;
  readonly parts: Uint8Array[];
  size: number;
  next: number;
}
export interface State {
  readonly pending: Pending[];
  readonly assemblies: Assembly[];
  /** Objects named and writes described so far. */
  objects: number;
  details: number;
}

export function openState(): State {
  return { pending: [], assemblies: [], objects: 0, details: 0 };
}

export interface BacnetMessage {
  readonly link: LinkHeader | undefined;
  readonly network: NetworkHeader | undefined;
  /** Networks that a router names. */
  readonly networks: readonly number[];
  readonly application: ApplicationHeader | undefined;
  readonly contents: Contents;
  readonly isCut: boolean;
}

const NOTHING: Contents = {};
const NO_NETWORKS: readonly number[] = [];

export function readMessage(reader: Reader, conversation: Conversation<State>): BacnetMessage | undefined {
  let link: LinkHeader | undefined;
  if (conversation.transport !== 'link') {
    link = readLinkHeader(reader);
    if (!link) return undefined;
    if (!link.carries)
      return {
        link,
        network: undefined,
        networks: NO_NETWORKS,
        application: undefined,
        contents: NOTHING,
        isCut: false,
      };
  }
  const isCut = link !== undefined && link.length > reader.end - reader.start;
  const network = readNetworkHeader(reader);
  // Plain frames of this LLC address or port that are no BACnet have another version here.
  if (!network) return undefined;
  let networks = NO_NETWORKS;
  let application: ApplicationHeader | undefined;
  let contents = NOTHING;
  if (network.type >= 0) networks = readRouterMessage(reader, network.type);
  else {
    application = readApplicationHeader(reader);
    if (application) contents = readContents(reader, application, network, conversation);
  }
  return { link, network, networks, application, contents, isCut: isCut || (network.type < 0 && !application) };
}

/** Where a password stands: whatever follows the state that a device is asked to go to. */
export function findBacnetSecrets(reader: Reader, { transport }: Conversation<State>): SecretRange[] {
  if (transport !== 'link' && !readLinkHeader(reader)?.carries) return [];
  const network = readNetworkHeader(reader);
  const application = network && network.type < 0 ? readApplicationHeader(reader) : undefined;
  if (!application || !goToPassword(reader, application) || reader.left === 0) return [];
  return [{ from: reader.offset, to: reader.end - reader.start, what: 'BACnet device password' }];
}

function readRouterMessage(reader: Reader, type: number): readonly number[] {
  if (type === I_AM_ROUTER) return readNetworks(reader);
  if (type === INITIALIZE_ROUTING_TABLE || type === ROUTING_TABLE) return readRoutingTable(reader);
  if (type === NETWORK_NUMBER_IS) {
    const number = reader.u16();
    return reader.ok ? [number] : NO_NETWORKS;
  }
  return NO_NETWORKS;
}

function readContents(
  reader: Reader,
  application: ApplicationHeader,
  network: NetworkHeader,
  conversation: Conversation<State>,
): Contents {
  const { type, service, isSegmented } = application;
  switch (type) {
    case UNCONFIRMED_REQUEST:
      return readUnconfirmed(reader, service);
    case CONFIRMED_REQUEST:
      return application.sequence === 0 ? readConfirmedRequest(reader, service) : NOTHING;
    case COMPLEX_ACK: {
      if (!isSegmented) return readAcknowledgement(reader, service);
      const whole = assemble(reader, application, network, conversation);
      return whole ? readAcknowledgement(whole, service) : NOTHING;
    }
    default:
      return NOTHING;
  }
}

export const isSameStation = (a: Station | undefined, b: Station | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.network === b.network && a.address === b.address);

/** Adds a segment to its answer; the whole when it was the last, or what fits when it grows past the limit. */
function assemble(
  reader: Reader,
  { invoke, service, sequence, moreFollows }: ApplicationHeader,
  { source }: NetworkHeader,
  conversation: Conversation<State>,
): Reader | undefined {
  const { assemblies } = conversation.state;
  const { sender } = conversation;
  let at = assemblies.findIndex(
    (one) =>
      one.invoke === invoke && one.service === service && one.sender === sender && isSameStation(one.station, source),
  );
  // Segment 0 begins an answer; that it begins again with 256 is told by the segments that came before.
  if (sequence === 0 && (at < 0 || assemblies[at]?.next !== 0)) {
    if (at >= 0) assemblies.splice(at, 1);
    else if (assemblies.length >= MAX_ASSEMBLED) assemblies.shift();
    at = assemblies.push({ invoke, service, sender, station: source, parts: [], size: 0, next: 0 }) - 1;
  }
  const assembly = assemblies[at];
  if (!assembly || assembly.next !== sequence) return undefined;
  const bytes = reader.bytes(reader.left).slice();
  assembly.parts.push(bytes);
  assembly.size += bytes.length;
  assembly.next = (sequence + 1) & 0xff;
  if (moreFollows && assembly.size < MAX_ASSEMBLED_BYTES) return undefined;
  assemblies.splice(at, 1);
  const whole = new Uint8Array(assembly.size);
  let end = 0;
  for (const part of assembly.parts) {
    whole.set(part, end);
    end += part.length;
  }
  return new Reader(new DataView(whole.buffer), 0, whole.length);
}
