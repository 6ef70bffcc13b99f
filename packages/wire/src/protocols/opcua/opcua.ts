// OPC UA in its binary form: how controllers, panels, historians and the systems above them exchange values. Before any
// login a server says who it is, which certificates it has and how well it protects itself; without encryption so does
// everything that follows.
import type { FactKind, Subject } from '@interlock/model';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import type { Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { statedText } from '../../stated.ts';
import { readCertificate } from '../../x509.ts';
import { readNodeId } from './binary.ts';
import { HEAD, type OpcUaMessage, openState, type Pending, readMessage, type State, sizeOf, TYPE } from './message.ts';
import { APPLICATION_TYPES, MODES, policyName, SERVICE, serviceOf, TOKENS } from './names.ts';
import { type Application, type Endpoint, readLogin, type Stated, skipRequestHeader } from './services.ts';

const TELLS = [
  'opcua.application-uri',
  'opcua.product-uri',
  'opcua.application-name',
  'opcua.endpoint',
  'opcua.asked-endpoint',
  'opcua.security-offered',
  'opcua.security-used',
  'opcua.user-token',
  'opcua.certificate',
  'opcua.manufacturer',
  'opcua.product',
  'opcua.version',
  'opcua.build',
  'device.software',
  'service.role',
  'credential.cleartext',
  'exposure.anonymous',
  'operation',
] as const satisfies readonly FactKind[];
type Say = Saying<(typeof TELLS)[number]>;

export const opcua = protocol({
  name: 'opcua',
  title: 'OPC UA',
  spec: 'OPC 10000-6 (UA binary, secure conversation, TCP), OPC 10000-4 (services)',
  depth: 'full',
  on: { tcp: [4840] },
  tells: TELLS,
  firstBytes: [0x41, 0x43, 0x45, 0x48, 0x4d, 0x4f, 0x52],
  recognise: looksLikeOpcUa,
  frame(reader) {
    if (reader.left < HEAD) return NEED_MORE;
    return sizeOf(reader) || NOT_MINE;
  },
  open: openState,
  read: readMessage,
  secrets: findPassword,
  observe(message, say, conversation) {
    const { state, sender } = conversation;
    if (message.isCut) say.malformed('opcua.cut-short');
    switch (message.type) {
      case TYPE.hello:
        state.endpoint = message.url ?? '';
        say.fact(sender, 'opcua.asked-endpoint', state.endpoint, 'Hello');
        return;
      case TYPE.reverseHello:
        state.isReversed = conversation.fromClient;
        say.fact(sender, 'opcua.application-uri', message.serverUri ?? '', 'ReverseHello');
        say.fact(sender, 'opcua.endpoint', message.url ?? '', 'ReverseHello');
        return;
      case TYPE.acknowledge:
        say.fact(sender, 'opcua.endpoint', state.endpoint, 'Acknowledge');
        return;
      case TYPE.open:
        observeOpen(message, say, conversation);
    }
    if (message.isSecret) {
      // Of a channel that both ends opened and encrypt nothing more can be read.
      if (message.type === TYPE.message && state.isEncrypted && state.opened === 3) conversation.done();
    } else if (message.isResponse) observeResponse(message, say, conversation);
    else if (message.isResponse === false) observeRequest(message, say, conversation);
  },
  close(say, conversation) {
    for (const pending of conversation.state.pending.values())
      sayOperation(pending, undefined, say, endsOf(conversation));
  },
});

// ------------------------------------------------------------------ framing

/** Enough of the head of a message that may still be on its way: sizes and versions are little endian and small. */
function looksLikeOpcUa(reader: Reader): boolean {
  const size = sizeOf(reader);
  if (size === 0) return false;
  const type = (reader.peek() << 16) | reader.peek16(1);
  if (type === TYPE.acknowledge) return size === 28;
  if (type === TYPE.hello) return size >= 32 && size <= 4128 && reader.peek(9) === 0 && reader.peek16(10) === 0;
  if (type === TYPE.open) return reader.peek(12) > 30 && reader.peek16(16) === 0x6874; // "ht" of the policy's address
  return type === TYPE.message || type === TYPE.close ? size >= 24 : size <= 4128;
}

/** Where the password of a login stands, which may be in pieces of a message: then all of it is taken for one. */
function findPassword(reader: Reader, { state, fromClient }: Conversation<State>): SecretRange[] {
  const { start } = reader;
  const isFinal = reader.peek(3) === 0x46;
  if (((reader.peek() << 16) | reader.peek16(1)) !== TYPE.message) return [];
  reader.skip(24);
  const from = reader.offset;
  const rest = { from, to: reader.end - start, what: PASSWORD };
  if (!reader.ok) return [];
  if (!isFinal || state.chunks[fromClient ? 0 : 1].length > 0) return [rest];
  const { namespace, id } = readNodeId(reader);
  if (namespace !== 0 || id !== SERVICE.activateSession) return [];
  skipRequestHeader(reader);
  const login = readLogin(reader);
  if (!reader.ok || login.token === 'other') return [rest];
  return login.to > login.from ? [{ from: login.from - start, to: login.to - start, what: PASSWORD }] : [];
}
const PASSWORD = 'OPC UA password';

// ------------------------------------------------------------------ observing

/** Requests kept while their answers are outstanding; clients keep some publish requests and a few others under way. */
const MAX_PENDING = 128;
/** Certificates told per connection: both ends have one or two, behind a gateway one per server. */
const MAX_CERTIFICATES = 16;

interface Ends {
  readonly client: Subject;
  readonly server: Subject;
}
const endsOf = ({ state, client, server }: Conversation<State>): Ends =>
  state.isReversed ? { client: server, server: client } : { client, server };
/** Who is who by what a message is: also right where the beginning of the connection was not seen. */
const endsBy = (isResponse: boolean, { sender, receiver }: Conversation<State>): Ends =>
  isResponse ? { client: receiver, server: sender } : { client: sender, server: receiver };

function observeOpen(message: OpcUaMessage, say: Say, conversation: Conversation<State>): void {
  const { state, sender } = conversation;
  const { client, server } = message.isSecret
    ? endsOf(conversation)
    : endsBy(message.isResponse === true, conversation);
  state.opened |= sender === client ? 1 : 2;
  if (message.isSecret) state.isEncrypted = true;
  if (message.certificate) sayCertificate(message.certificate, sender, 'OpenSecureChannel', say, state);
  if (sender === server) say.fact(server, 'opcua.security-used', message.policy ?? '', 'OpenSecureChannel');
  else if (message.isSecret && message.policy)
    say.operation('open secure channel', 'session', { from: client, to: server, detail: message.policy });
}

function observeRequest(message: OpcUaMessage, say: Say, conversation: Conversation<State>): void {
  const { state, frame, time } = conversation;
  const ends = endsBy(false, conversation);
  const { service = 0, requestId = 0, body = {} } = message;
  let detail = body.touched?.detail ?? '';
  if (body.session) {
    const { client, endpoint, name, certificate } = body.session;
    sayApplication(client, ends.client, 'CreateSession request', say);
    say.fact(ends.client, 'opcua.asked-endpoint', endpoint, 'CreateSession request');
    sayCertificate(certificate, ends.client, 'CreateSession request', say, state);
    detail = name;
  }
  if (body.asked) say.fact(ends.client, 'opcua.asked-endpoint', body.asked, 'discovery request');
  if (body.registration) {
    sayApplication(body.registration, ends.client, 'RegisterServer request', say);
    for (const url of body.registration.urls) say.fact(ends.client, 'opcua.endpoint', url, 'RegisterServer request');
  }
  if (body.login) {
    detail = LOGINS[body.login.token] + (body.login.account ? ` ${body.login.account}` : '');
    if (body.login.isClear) {
      const { account, token } = body.login;
      const what = token === 'password' ? PASSWORD : 'OPC UA issued token';
      say.fact(ends.server, 'credential.cleartext', account ? { account, what } : { what }, 'ActivateSession request');
    }
  }
  if (body.touched) state.described++;
  if (state.pending.size >= MAX_PENDING) {
    for (const [oldest, pending] of state.pending) {
      sayOperation(pending, undefined, say, ends);
      state.pending.delete(oldest);
      break;
    }
  }
  state.pending.set(requestId, { service, touched: body.touched, login: body.login, detail, frame, time });
}
const LOGINS = {
  anonymous: 'anonymous',
  password: 'user name',
  certificate: 'certificate',
  issued: 'issued token',
  other: '',
} as const;

function observeResponse(message: OpcUaMessage, say: Say, conversation: Conversation<State>): void {
  const { state } = conversation;
  const ends = endsBy(true, conversation);
  const { requestId = 0, result = 0, body = {} } = message;
  const isGood = result < 0x40000000;
  const pending = state.pending.get(requestId);
  if (pending) {
    state.pending.delete(requestId);
    sayOperation(pending, isGood && (body.accepted ?? true), say, ends);
    if (isGood && pending.login?.token === 'anonymous')
      say.fact(ends.server, 'exposure.anonymous', 'OPC UA session', 'ActivateSession response');
  }
  if (!isGood) return;
  if (body.certificate) sayCertificate(body.certificate, ends.server, 'CreateSession response', say, state);
  if (body.endpoints) {
    const source = message.service === SERVICE.getEndpoints ? 'GetEndpoints response' : 'CreateSession response';
    sayEndpoints(body.endpoints, ends.server, source, say, state);
  }
  if (body.servers) sayServers(body.servers, ends.server, say, conversation);
  for (const url of body.onNetwork ?? []) {
    const host = addressIn(url);
    if (host) say.fact(conversation.subject({ ip: host }), 'opcua.endpoint', url, 'FindServersOnNetwork response');
  }
  if (body.stated) sayStated(body.stated, ends.server, say);
}

function sayOperation(pending: Pending, accepted: boolean | undefined, say: Say, { client, server }: Ends): void {
  const { service, touched, detail, frame, time } = pending;
  const done = touched?.done ?? serviceOf(service);
  if (!done?.kind) return;
  const more = { from: client, to: server, frame, time, accepted };
  say.operation(done.what, done.kind, detail ? { ...more, detail } : more);
}

function sayApplication(application: Application, of: Subject, source: string, say: Say): void {
  const { uri, product, name, type } = application;
  say.fact(of, 'opcua.application-uri', uri, source);
  say.fact(of, 'opcua.product-uri', product, source);
  say.fact(of, 'opcua.application-name', statedText(name), source);
  say.fact(of, 'service.role', APPLICATION_TYPES[type] ?? '', source);
}

/** Endpoints differ in security and repeat the rest: each value is said once. */
function sayEndpoints(endpoints: readonly Endpoint[], of: Subject, source: string, say: Say, state: State): void {
  const said = new Set<string>();
  const once = (text: string): boolean => text !== '' && said.size !== said.add(text).size;
  for (const { url, server, certificate, mode, policy, tokens } of endpoints) {
    if (once(`url ${url}`)) say.fact(of, 'opcua.endpoint', url, source);
    if (once(`application ${server.uri}`)) sayApplication(server, of, source, say);
    const security = [policyName(policy), MODES[mode] ?? ''].filter(Boolean).join(' ');
    if (once(`security ${security}`)) say.fact(of, 'opcua.security-offered', security, source);
    for (const token of tokens)
      if (once(`token ${token}`)) say.fact(of, 'opcua.user-token', TOKENS[token] ?? '', source);
    sayCertificate(certificate, of, source, say, state);
  }
}

/** Servers that a discovery server knows. Those with another numeric address than its own are told of there. */
function sayServers(servers: readonly Application[], of: Subject, say: Say, conversation: Conversation<State>): void {
  for (const server of servers) {
    const elsewhere = server.urls.map(addressIn).find((address) => address && address !== of.ip);
    const subject = elsewhere ? conversation.subject({ ip: elsewhere }) : of;
    sayApplication(server, subject, 'FindServers response', say);
    for (const url of server.urls) say.fact(subject, 'opcua.endpoint', url, 'FindServers response');
  }
}

/** The numeric IPv4 address in an endpoint's URL; empty where a name stands there. Addresses of the host itself are none. */
function addressIn(url: string): string {
  const host = /^[a-z.]+:\/\/(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})(?::\d+)?(?:\/|$)/i.exec(url)?.[1] ?? '';
  const isAddress = host.split('.').every((octet) => Number(octet) < 256);
  return isAddress && !/^(?:0|127)\./.test(host) ? host : '';
}

function sayStated({ build, applicationUri }: Stated, of: Subject, say: Say): void {
  const { productUri, manufacturer, product, version, build: number } = build;
  const name = statedText(product);
  say.fact(of, 'opcua.application-uri', applicationUri, 'ServerArray or NamespaceArray');
  say.fact(of, 'opcua.product-uri', productUri, 'BuildInfo');
  say.fact(of, 'opcua.manufacturer', statedText(manufacturer), 'BuildInfo');
  say.fact(of, 'opcua.product', name, 'BuildInfo');
  say.fact(of, 'opcua.version', version, 'BuildInfo');
  say.fact(of, 'opcua.build', number, 'BuildInfo');
  if (name && version) say.fact(of, 'device.software', `${name} ${version}`, 'BuildInfo');
}

/** The certificate of an application, which may be followed by those of its issuers. It carries the application's URI. */
function sayCertificate(chain: Uint8Array, of: Subject, source: string, say: Say, { certificates }: State): void {
  const length = chain[0] === 0x30 && chain[1] === 0x82 ? 4 + (((chain[2] ?? 0) << 8) | (chain[3] ?? 0)) : chain.length;
  if (chain.length === 0 || length > chain.length || certificates.length >= MAX_CERTIFICATES) return;
  const der = chain.subarray(0, length);
  if (certificates.some((known) => known.length === length && known.every((byte, i) => byte === der[i]))) return;
  certificates.push(der.slice());
  const certificate = readCertificate(der);
  if (!certificate) return;
  say.fact(of, 'opcua.certificate', certificate, source);
  const uri = certificate.names.find((name) => /^(?:urn:|opc\.|https?:)/i.test(name));
  if (uri) say.fact(of, 'opcua.application-uri', uri, `${source}, certificate`);
}
