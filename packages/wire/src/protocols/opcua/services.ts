// Bodies of OPC UA services (OPC 10000-4): who client and server say they are, what a server offers, what is asked of it.
// Each reader takes the fields in their order; what is of no interest is stepped over.
import type { OperationKind } from '@interlock/model';
import type { Reader } from '../../reader.ts';
import {
  MAX_ELEMENTS,
  type NodeId,
  nodeText,
  readArray,
  readByteString,
  readDataValue,
  readExtension,
  readLength,
  readLocalized,
  readNodeId,
  readText,
  readTexts,
  readVariant,
  skipDiagnostic,
  skipQualifiedName,
  skipString,
  type Value,
} from './binary.ts';
import { IDENTITY_NODES, METHODS } from './names.ts';

/** Nodes named in the detail of an operation. */
const NODES_NAMED = 4;
/** Attribute "value" of a node. */
const VALUE = 13;

export interface Application {
  readonly uri: string;
  readonly product: string;
  readonly name: string;
  readonly type: number;
  readonly urls: readonly string[];
}
export interface Endpoint {
  readonly url: string;
  readonly server: Application;
  readonly certificate: Uint8Array;
  readonly mode: number;
  readonly policy: string;
  readonly tokens: readonly number[];
}
/** Who logs in, and whether what proves it crosses in clear. */
export interface Login {
  readonly account: string;
  readonly token: 'anonymous' | 'password' | 'certificate' | 'issued' | 'other';
  readonly isClear: boolean;
  /** Where the secret stands, as positions of the reader. */
  readonly from: number;
  readonly to: number;
}
/** What an operation touches; `done` where the method says more than the service. */
export interface Touched {
  readonly detail: string;
  readonly count: number;
  readonly done?: { readonly what: string; readonly kind: OperationKind };
  /** By place in the request: nodes of the server object whose values say who it is. */
  readonly identity: ReadonlyMap<number, number>;
}

/** Session token, time, handle, diagnostics wanted, audit entry, time-out, additional header. */
export function skipRequestHeader(reader: Reader): void {
  readNodeId(reader);
  reader.skip(16);
  skipString(reader);
  reader.skip(4);
  readExtension(reader);
}

/** Result of the service. */
export function readResponseHeader(reader: Reader): number {
  reader.skip(12);
  const result = reader.u32le();
  skipDiagnostic(reader);
  readArray(reader, skipString);
  readExtension(reader);
  return result;
}

export function readApplication(reader: Reader): Application {
  const uri = readText(reader);
  const product = readText(reader);
  const name = readLocalized(reader);
  const type = reader.u32le();
  skipString(reader);
  skipString(reader);
  return { uri, product, name, type, urls: readTexts(reader) };
}

export function readEndpoint(reader: Reader): Endpoint {
  const url = readText(reader);
  const server = readApplication(reader);
  const certificate = readByteString(reader);
  const mode = reader.u32le();
  const policy = readText(reader);
  const tokens = readArray(reader, readTokenPolicy);
  skipString(reader);
  reader.skip(1);
  return { url, server, certificate, mode, policy, tokens };
}

function readTokenPolicy(reader: Reader): number {
  skipString(reader);
  const type = reader.u32le();
  for (let i = 0; i < 3; i++) skipString(reader);
  return type;
}

export interface SessionRequest {
  readonly client: Application;
  readonly endpoint: string;
  readonly name: string;
  readonly certificate: Uint8Array;
}
export function readSessionRequest(reader: Reader): SessionRequest {
  const client = readApplication(reader);
  skipString(reader);
  const endpoint = readText(reader);
  const name = readText(reader, 128);
  skipString(reader);
  return { client, endpoint, name, certificate: readByteString(reader) };
}

export interface SessionResponse {
  readonly certificate: Uint8Array;
  readonly endpoints: readonly Endpoint[];
}
export function readSessionResponse(reader: Reader): SessionResponse {
  readNodeId(reader);
  readNodeId(reader);
  reader.skip(8);
  skipString(reader);
  const certificate = readByteString(reader);
  return { certificate, endpoints: readArray(reader, readEndpoint) };
}

/** The discovery URL asked for in GetEndpoints and FindServers. */
export const readAskedUrl = (reader: Reader): string => readText(reader);

/** RegisteredServer: what a server tells the discovery server on its host about itself. */
export function readRegistration(reader: Reader): Application {
  const uri = readText(reader);
  const product = readText(reader);
  const [name = ''] = readArray(reader, readLocalized);
  const type = reader.u32le();
  skipString(reader);
  return { uri, product, name, type, urls: readTexts(reader) };
}

const ANONYMOUS_TOKEN = 321;
const USER_NAME_TOKEN = 324;
const CERTIFICATE_TOKEN = 327;
const ISSUED_TOKEN = 940;

/** The login in ActivateSession. Secrets without an encryption algorithm are in clear (5.6.3 and 7.40). */
export function readLogin(reader: Reader): Login {
  skipString(reader);
  skipString(reader);
  readArray(reader, (each) => {
    skipString(each);
    skipString(each);
  });
  readArray(reader, skipString);
  const { type, body } = readExtension(reader);
  const nobody: Login = { account: '', token: 'other', isClear: false, from: 0, to: 0 };
  const id = type.namespace === 0 ? type.id : 0;
  if (id === ANONYMOUS_TOKEN) return { ...nobody, token: 'anonymous' };
  if (id === CERTIFICATE_TOKEN) return { ...nobody, token: 'certificate' };
  if (id !== USER_NAME_TOKEN && id !== ISSUED_TOKEN) return nobody;
  skipString(body);
  const account = id === USER_NAME_TOKEN ? readText(body, 128) : '';
  const length = readLength(body);
  const from = body.at;
  body.skip(length);
  const isClear = length > 0 && readLength(body) === 0;
  return { account, token: id === USER_NAME_TOKEN ? 'password' : 'issued', isClear, from, to: from + length };
}

const NO_IDENTITY: ReadonlyMap<number, number> = new Map();

/** Nodes that a read request names. */
export function readReads(reader: Reader): Touched {
  reader.skip(12);
  const count = readLength(reader);
  const names: string[] = [];
  const identity = new Map<number, number>();
  for (let i = 0; i < count && i < MAX_ELEMENTS && reader.ok; i++) {
    const node = readNodeId(reader);
    const attribute = reader.u32le();
    skipString(reader);
    skipQualifiedName(reader);
    if (!reader.ok) break;
    if (attribute !== VALUE) continue;
    if (names.length < NODES_NAMED) names.push(nodeText(node));
    if (node.namespace === 0 && typeof node.id === 'number' && IDENTITY_NODES[node.id]) identity.set(i, node.id);
  }
  return { detail: detailOf(names, count), count, identity };
}

export function readWrites(reader: Reader): Touched {
  const count = readLength(reader);
  const names: string[] = [];
  for (let i = 0; i < count && i < NODES_NAMED && reader.ok; i++) {
    const node = readNodeId(reader);
    reader.skip(4);
    if (reader.ok) names.push(nodeText(node));
    skipString(reader);
    readDataValue(reader);
  }
  return { detail: detailOf(names, count), count, identity: NO_IDENTITY };
}

export function readCalls(reader: Reader): Touched {
  const count = readLength(reader);
  const names: string[] = [];
  let done: Touched['done'];
  for (let i = 0; i < count && i < NODES_NAMED && reader.ok; i++) {
    const object = readNodeId(reader);
    const method = readNodeId(reader);
    if (!reader.ok) break;
    names.push(`${nodeText(method)} of ${nodeText(object)}`);
    if (count === 1) done = knownMethod(method);
    readArray(reader, readVariant1);
  }
  return { detail: detailOf(names, count), count, identity: NO_IDENTITY, ...(done ? { done } : {}) };
}
const readVariant1 = (reader: Reader): Value => readVariant(reader);
const knownMethod = ({ namespace, id }: NodeId): Touched['done'] =>
  namespace === 0 && typeof id === 'number' ? METHODS[id] : undefined;

function detailOf(names: readonly string[], count: number): string {
  const more = count - names.length;
  return names.length === 0 ? '' : `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Whether at least one of several results is good: the two upper bits of a status are 0 (OPC 10000-4, 7.39). */
export function anyGood(reader: Reader, readResult: (reader: Reader) => number): boolean | undefined {
  const results = readArray(reader, readResult);
  return results.length === 0 ? undefined : results.some((status) => status < 0x40000000);
}

export interface BuildInfo {
  readonly productUri: string;
  readonly manufacturer: string;
  readonly product: string;
  readonly version: string;
  readonly build: string;
}

const BUILD_INFO = 340;
const SERVER_STATUS = 864;

/** BuildInfo, alone or in the status of the server; undefined for other structures. */
function readBuildInfo({ type, body }: { readonly type: NodeId; readonly body: Reader }): BuildInfo | undefined {
  if (type.namespace !== 0 || (type.id !== BUILD_INFO && type.id !== SERVER_STATUS)) return undefined;
  if (type.id === SERVER_STATUS) body.skip(20);
  const productUri = readText(body);
  const manufacturer = readText(body);
  const product = readText(body);
  const version = readText(body);
  const build = readText(body);
  return body.ok ? { productUri, manufacturer, product, version, build } : undefined;
}

/** Values of a read response whose nodes say who the server is. */
export interface Stated {
  readonly build: BuildInfo;
  readonly applicationUri: string;
}
export function readStated(reader: Reader, identity: ReadonlyMap<number, number>): Stated {
  const count = readLength(reader);
  const build: Record<keyof BuildInfo, string> = {
    productUri: '',
    manufacturer: '',
    product: '',
    version: '',
    build: '',
  };
  let applicationUri = '';
  for (let i = 0; i < count && i < MAX_ELEMENTS && reader.ok; i++) {
    const value = readDataValue(reader);
    const node = identity.get(i);
    if (node === undefined) continue;
    if (value.structure) Object.assign(build, readBuildInfo(value.structure));
    const field = BUILD_FIELDS[node];
    const [first = '', second = ''] = value.texts;
    if (field) build[field] = first;
    // The server itself is the first in its list of servers, and the second in that of namespaces (OPC 10000-5, 6.3.1).
    else if (node === 2254) applicationUri ||= first;
    else if (node === 2255 && second.startsWith('urn:')) applicationUri ||= second;
  }
  return { build, applicationUri };
}
const BUILD_FIELDS: Readonly<Record<number, keyof BuildInfo>> = {
  2261: 'product',
  2262: 'productUri',
  2263: 'manufacturer',
  2264: 'version',
  2265: 'build',
};
