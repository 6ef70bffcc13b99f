// Requests and answers of CIP's message router: services on objects, alone, several in one packet, or wrapped to be
// routed on. An answer says neither object nor attribute, so it is read together with the request it belongs to.
import type { Reader } from '../../reader.ts';
import { type Identity, readIdentity, readIdentityAttribute } from './identity.ts';
import { type NetworkSettings, readNetworkAttribute, readNetworkSettings, readProgramName } from './objects.ts';
import { type CipPath, readPath } from './path.ts';
import { type PcccReply, type PcccRequest, readPcccReply, readPcccRequest } from './pccc.ts';

/** Services wrapped in services: a Multiple_Service_Packet in an Unconnected_Send, and not much more. */
const MAX_DEPTH = 4;
/** A packet of 64 KiB has room for more, but no device answers so many. */
const MAX_SERVICES = 512;
const MAX_ATTRIBUTES = 64;

export const IDENTITY = 0x01;
export const CONNECTION_MANAGER = 0x06;
export const PCCC = 0x67;
/** Logix: name of the program a controller runs. */
export const PROGRAM_NAME = 0x64;
export const TCP_IP_INTERFACE = 0xf5;
export const ETHERNET_LINK = 0xf6;

export const GET_ALL = 0x01;
export const GET_LIST = 0x03;
export const SET_LIST = 0x04;
export const MULTIPLE = 0x0a;
export const GET_SINGLE = 0x0e;
export const SET_SINGLE = 0x10;
export const FORWARD_CLOSE = 0x4e;
export const UNCONNECTED_SEND = 0x52;
export const FORWARD_OPEN = 0x54;
export const LARGE_FORWARD_OPEN = 0x5b;
export const EXECUTE_PCCC = 0x4b;

const ANSWER = 0x80;
const SUCCESS = 0;
/** General status of a Multiple_Service_Packet in which a service failed; the others have answered. */
const EMBEDDED_SERVICE_ERROR = 0x1e;
/** Some attributes of a list were refused; the others are there. */
const ATTRIBUTE_LIST_ERROR = 0x0a;
/** More of the answer follows when asked again. */
export const PARTIAL = 0x06;

/** Logix services on tags whose symbolic name is worth keeping: they change something. */
const isTagWrite = (service: number): boolean => service === 0x4d || service === 0x4e || service === 0x53;

/** What a Forward_Open asks for (CIP volume 1, 3-5.5.2). */
export interface ForwardOpen {
  /** Connection identifier the originator chose, for what comes back to it. */
  readonly toOriginator: number;
  readonly serial: number;
  readonly vendor: number;
  readonly originator: number;
  /** 0 and 1 are cyclic I/O, 2 and 3 carry messages. */
  readonly transportClass: number;
  readonly path: CipPath;
}

export interface CipRequest {
  readonly service: number;
  readonly path: CipPath;
  /** Attributes asked for or set, as far as the message lists them. */
  readonly attributes: readonly number[];
  /** Bytes of data behind the path. */
  readonly size: number;
  /** The first of them; -1 where there are none. */
  readonly first: number;
  /** What an Unconnected_Send carries to the end of its route. */
  readonly routed: { readonly request: CipRequest; readonly route: readonly string[] } | undefined;
  /** Services of a Multiple_Service_Packet. */
  readonly services: readonly CipRequest[] | undefined;
  readonly open: ForwardOpen | undefined;
  /** Serial number of the connection that a Forward_Close ends. */
  readonly closes: number;
  readonly pccc: PcccRequest | undefined;
}

const NOTHING: readonly never[] = [];

/** Reads one request; undefined where even its path is cut off. */
export function readRequest(reader: Reader, depth = 0): CipRequest | undefined {
  const service = reader.u8();
  const path = readPath(reader, reader.u8(), isTagWrite(service));
  if (!reader.ok || service & ANSWER) return undefined;
  const size = reader.left;
  const first = reader.peek();
  let attributes: readonly number[] = NOTHING;
  let routed: CipRequest['routed'];
  let services: CipRequest['services'];
  let open: ForwardOpen | undefined;
  let closes = -1;
  let pccc: PcccRequest | undefined;
  switch (service) {
    case GET_LIST:
      attributes = readAttributeList(reader);
      break;
    case SET_LIST: {
      // Only the first can be told: values in between are as long as only the device knows.
      const count = reader.u16le();
      if (count > 0 && reader.left >= 2) attributes = [reader.u16le()];
      break;
    }
    case MULTIPLE:
      if (depth < MAX_DEPTH) services = readServices(reader, depth);
      break;
    case UNCONNECTED_SEND:
      if (path.classId === CONNECTION_MANAGER && depth < MAX_DEPTH) routed = readRouted(reader, depth);
      break;
    case FORWARD_OPEN:
    case LARGE_FORWARD_OPEN:
      if (path.classId === CONNECTION_MANAGER) open = readForwardOpen(reader, service === LARGE_FORWARD_OPEN);
      break;
    case FORWARD_CLOSE:
      if (path.classId === CONNECTION_MANAGER) {
        reader.skip(2);
        closes = reader.u16le();
      }
      break;
    case EXECUTE_PCCC:
      if (path.classId === PCCC) pccc = readPcccRequest(reader);
      break;
  }
  if (attributes.length === 0 && path.attribute >= 0) attributes = [path.attribute];
  return { service, path, attributes, size, first, routed, services, open, closes, pccc };
}

function readAttributeList(reader: Reader): readonly number[] {
  const attributes: number[] = [];
  const count = Math.min(reader.u16le(), MAX_ATTRIBUTES);
  while (attributes.length < count && reader.left >= 2) attributes.push(reader.u16le());
  return attributes;
}

/** Readers on the services of a Multiple_Service_Packet, by the list of offsets in front of them. */
function splitServices(reader: Reader): Reader[] {
  const start = reader.offset;
  const end = start + reader.left;
  const count = Math.min(reader.u16le(), MAX_SERVICES);
  const offsets: number[] = [];
  while (offsets.length < count && reader.left >= 2) offsets.push(start + reader.u16le());
  const parts: Reader[] = [];
  for (const [i, offset] of offsets.entries()) {
    const next = offsets[i + 1] ?? end;
    // Offsets that run backwards or out of the packet would read the same bytes again and again.
    if (offset < reader.offset || next <= offset || next > end) break;
    reader.seek(offset);
    parts.push(reader.sub(next - offset));
  }
  return parts;
}

function readServices(reader: Reader, depth: number): readonly CipRequest[] {
  const requests: CipRequest[] = [];
  for (const part of splitServices(reader)) {
    const request = readRequest(part, depth + 1);
    if (!request) break;
    requests.push(request);
  }
  return requests;
}

function readRouted(reader: Reader, depth: number): CipRequest['routed'] {
  reader.skip(2);
  const size = reader.u16le();
  const inner = reader.sub(size);
  if (size % 2 === 1) reader.skip(1);
  const words = reader.u8();
  reader.skip(1);
  const { route } = readPath(reader, words, false);
  const request = readRequest(inner, depth + 1);
  // Without its route the request would be taken for one to the bridge itself.
  return request && reader.ok ? { request, route } : undefined;
}

function readForwardOpen(reader: Reader, large: boolean): ForwardOpen | undefined {
  reader.skip(2 + 4);
  const toOriginator = reader.u32le();
  const serial = reader.u16le();
  const vendor = reader.u16le();
  const originator = reader.u32le();
  // Timeout multiplier and reserved bytes, then interval and parameters of either direction.
  reader.skip(4 + (large ? 16 : 12));
  const transportClass = reader.u8() & 0x0f;
  const path = readPath(reader, reader.u8(), false);
  return reader.ok ? { toOriginator, serial, vendor, originator, transportClass, path } : undefined;
}

/** What an answer says, next to the request it answers. */
export interface CipAnswer {
  readonly request: CipRequest;
  /** Ports behind the one who answered, down to whom it speaks for. */
  readonly route: readonly string[];
  readonly status: number;
  readonly identity?: Identity;
  readonly network?: NetworkSettings;
  readonly programName?: string;
  readonly pccc?: PcccReply;
  /** Connection identifier the target chose, for what is sent to it. */
  readonly toTarget?: number;
}

/**
 * Reads the answer to `request` into `answers`, one for each service that answered. Returns the general status of the
 * whole, -1 where it is no answer to this request.
 */
export function readAnswer(
  reader: Reader,
  request: CipRequest,
  route: readonly string[],
  answers: CipAnswer[],
  depth = 0,
): number {
  const service = reader.u8();
  reader.skip(1);
  const status = reader.u8();
  reader.skip(reader.u8() * 2);
  if (!reader.ok || (service & ANSWER) === 0 || depth > MAX_DEPTH) return -1;
  const asked = service & ~ANSWER;
  // A routed answer comes from the end of the route, unless a bridge on the way could not go on.
  let target = request;
  let behind = route;
  while (target.routed) {
    behind = [...behind, ...target.routed.route];
    target = target.routed.request;
  }
  if (target.service === asked) readBody(reader, target, behind, status, answers, depth);
  else if (request.service !== asked) return -1;
  return status;
}

function readBody(
  reader: Reader,
  request: CipRequest,
  route: readonly string[],
  status: number,
  answers: CipAnswer[],
  depth: number,
): void {
  if (request.services && (status === SUCCESS || status === EMBEDDED_SERVICE_ERROR)) {
    for (const [i, part] of splitServices(reader).entries()) {
      const asked = request.services[i];
      if (asked) readAnswer(part, asked, route, answers, depth + 1);
    }
    return;
  }
  const answer = { request, route, status };
  if (status !== SUCCESS && status !== ATTRIBUTE_LIST_ERROR && status !== PARTIAL) answers.push(answer);
  else answers.push({ ...answer, ...readObject(reader, request) });
}

/** What the objects that tell who a device is have answered. */
function readObject(reader: Reader, request: CipRequest): Omit<CipAnswer, 'request' | 'route' | 'status'> {
  const { service, path } = request;
  switch (path.classId) {
    case IDENTITY: {
      // Instance 0 is the class itself: its attributes are revision and number of instances.
      if (path.instance < 1) return {};
      const identity: Identity = {};
      if (service === GET_ALL) return { identity: readIdentity(reader) };
      eachAttribute(reader, request, (attribute) => readIdentityAttribute(reader, attribute, identity));
      return { identity };
    }
    case TCP_IP_INTERFACE:
    case ETHERNET_LINK: {
      if (path.instance < 1) return {};
      if (service === GET_ALL) return { network: readNetworkSettings(reader, path.classId) };
      const network: NetworkSettings = {};
      eachAttribute(reader, request, (attribute) => readNetworkAttribute(reader, path.classId, attribute, network));
      return { network };
    }
    case PROGRAM_NAME: {
      if (path.instance !== 1) return {};
      if (service === GET_ALL) return { programName: readProgramName(reader) };
      let programName = '';
      eachAttribute(reader, request, (attribute) => {
        if (attribute !== 1) return false;
        programName = readProgramName(reader);
        return reader.ok;
      });
      return { programName };
    }
    case PCCC:
      return request.pccc ? { pccc: readPcccReply(reader, request.pccc) } : {};
    case CONNECTION_MANAGER: {
      if (!request.open) return {};
      const toTarget = reader.u32le();
      return reader.ok ? { toTarget } : {};
    }
    default:
      return {};
  }
}

/** Calls `take` for each attribute answered, until one cannot be read: only then is it known where the next one starts. */
function eachAttribute(reader: Reader, request: CipRequest, take: (attribute: number) => boolean): void {
  if (request.service === GET_SINGLE) {
    if (request.path.attribute >= 0) take(request.path.attribute);
    return;
  }
  if (request.service !== GET_LIST) return;
  const count = Math.min(reader.u16le(), MAX_ATTRIBUTES);
  for (let i = 0; i < count && reader.left >= 4; i++) {
    const attribute = reader.u16le();
    if (reader.u16le() === SUCCESS && !take(attribute)) return;
  }
}
