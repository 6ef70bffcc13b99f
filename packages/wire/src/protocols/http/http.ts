// HTTP/1: servers name their program and realm and serve pages about themselves, clients name theirs and whom they ask
// for, and passwords cross without encryption. Found on any port by its first line.
import type { Subject } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { cleanText, decodeText, Reader } from '../../reader.ts';
import { type Ntlmssp, readNtlmssp } from '../smb/ntlmssp.ts';
import {
  findHttpSecrets,
  frameHttp,
  type HttpMessage,
  type HttpState,
  isAbsolute,
  openState,
  readHttp,
} from './framing.ts';
import { type RequestLine, readRequestLine, readStatusLine } from './head.ts';
import { DOCUMENT_FACTS, type DocumentFact, readDocument, readTitle } from './identity-documents.ts';
import { type IoLinkFact, readIoLink } from './io-link.ts';
import { readIppAnswer } from './ipp.ts';
import { PRODUCT_KINDS, tellProduct } from './product-headers.ts';
import {
  accountOfDigest,
  accountOfSoapDigest,
  decodeBase64,
  type Secret,
  secretOfAuthorization,
  secretOfBody,
  secretOfForm,
} from './secrets.ts';
import { readInform } from './tr069.ts';
import { roleOfSubprotocol } from './web-socket.ts';

const TELLS = [
  'http.server',
  'http.user-agent',
  'http.realm',
  'http.authentication',
  'http.account',
  'http.title',
  'http.host',
  'credential.cleartext',
  'service.role',
  'ntlm.domain',
  'network.domain',
  ...new Set([...PRODUCT_KINDS, ...Object.values(DOCUMENT_FACTS)]),
] as const;
type Says = Saying<(typeof TELLS)[number]>;
type Talk = Conversation<HttpState>;

export const http = protocol({
  name: 'http',
  title: 'Hypertext Transfer Protocol, version 1, with the descriptions that devices serve',
  spec: 'RFC 9110, RFC 9112; UPnP Device Architecture 2.0 section 2; RFC 8010 (IPP)',
  depth: 'full',
  on: { tcp: [80, 591, 631, 2869, 3128, 5357, 5985, 8000, 8008, 8080, 8081, 8088, 8888] },
  tells: TELLS,

  firstBytes: Array.from({ length: 26 }, (_, letter) => 0x41 + letter), // capital letters
  recognise(reader) {
    const line = /^[^\r\n]{1,2048}/.exec(reader.text(Math.min(reader.left, 2048), 'latin1'))?.[0] ?? '';
    if (readStatusLine(line) !== undefined) return true;
    const target = readRequestLine(line)?.target ?? '';
    return target.startsWith('/') || isAbsolute(target);
  },

  frame: frameHttp,
  open: openState,

  read(reader, conversation): HttpFacts | undefined {
    const message = readHttp(reader, conversation);
    if (message?.request) return readRequest(message, message.request);
    return message?.status === undefined ? message && NOTHING : readResponse(message, message.status);
  },

  secrets: findHttpSecrets,

  observe(message, say, conversation: Talk) {
    if (message.kind === 'nothing') return;
    const { sender, receiver } = conversation;
    const { product, ntlm } = message;
    say.fact(sender, message.kind === 'request' ? 'http.user-agent' : 'http.server', product, message.productField);
    tellProduct(product, sender, message.productField, say.fact);
    if (ntlm) sayNtlm(ntlm, sender, say);
    for (const { kind, value, source, behind } of message.documents) {
      const of = behind === undefined ? sender : conversation.part(sender, 'io-link', behind);
      say.fact(of, kind, value, source);
    }
    if (message.kind === 'request') {
      say.fact(sender, 'http.host', message.host, 'Host');
      for (const { secret, source } of message.secrets) say.fact(receiver, 'credential.cleartext', secret, source);
      say.fact(receiver, 'http.account', message.account, message.accountField);
      if (message.toProxy) say.fact(receiver, 'service.role', 'http-proxy', 'request target');
    } else {
      for (const scheme of message.schemes) say.fact(sender, 'http.authentication', scheme, 'WWW-Authenticate');
      for (const realm of message.realms) say.fact(sender, 'http.realm', realm, 'WWW-Authenticate');
      say.fact(sender, 'http.title', message.title, 'HTML title');
      say.fact(sender, 'service.role', message.role, 'Sec-WebSocket-Protocol');
    }
  },
});

/** What one message tells. Secrets have been left behind: neither the credentials nor the body are part of it. */
interface Told {
  /** `User-Agent` or `Server`. */
  readonly product: string;
  readonly productField: string;
  readonly ntlm: Ntlmssp | undefined;
  /** What documents in the body say of the sender. */
  readonly documents: readonly IoLinkFact[];
}
interface RequestFacts extends Told {
  readonly kind: 'request';
  readonly host: string;
  readonly secrets: readonly { readonly secret: Secret; readonly source: string }[];
  /** Named without its secret. */
  readonly account: string;
  readonly accountField: string;
  readonly toProxy: boolean;
}
interface ResponseFacts extends Told {
  readonly kind: 'response';
  readonly schemes: readonly string[];
  readonly realms: readonly string[];
  readonly title: string;
  /** Part it plays in what a WebSocket carries from here on. */
  readonly role: string;
}
type HttpFacts = RequestFacts | ResponseFacts | { readonly kind: 'nothing' };
const NOTHING: HttpFacts = { kind: 'nothing' };

const NO_DOCUMENTS: readonly DocumentFact[] = [];

function readRequest({ head, body }: HttpMessage, { method, target }: RequestLine): RequestFacts {
  const { fields } = head;
  const secrets: { secret: Secret; source: string }[] = [];
  const found = (secret: Secret | undefined, source: string) => {
    if (secret) secrets.push({ secret, source });
  };
  const credential = fields.get('authorization') ?? '';
  found(secretOfAuthorization(credential), 'Authorization');
  found(secretOfAuthorization(fields.get('proxy-authorization') ?? ''), 'Proxy-Authorization');
  const query = target.indexOf('?');
  if (query >= 0) found(secretOfForm(target.slice(query + 1), 'HTTP query password'), 'query');
  let documents = NO_DOCUMENTS;
  const digestAccount = accountOfDigest(credential);
  let soapAccount = '';
  if (body.length > 0) {
    const text = decodeText(body, 'utf8');
    const login = secretOfBody(text);
    if (login) secrets.push(login);
    if (text.trimStart()[0] === '<') {
      documents = readInform(text);
      soapAccount = accountOfSoapDigest(text);
    }
  }
  return {
    kind: 'request',
    product: cleanText(fields.get('user-agent') ?? ''),
    productField: 'User-Agent',
    ntlm: ntlmOf(credential),
    documents,
    host: cleanText((fields.get('host') ?? '').replace(/^.*@/, ''), 255),
    secrets,
    account: digestAccount || soapAccount,
    accountField: digestAccount ? 'Authorization' : 'SOAP header',
    toProxy: method === 'CONNECT' || isAbsolute(target),
  };
}

function readResponse({ head, answers, body }: HttpMessage, status: number): HttpFacts {
  const { fields } = head;
  // What comes through a proxy is told by another server, whose address is not here.
  if (answers?.toProxy || fields.has('x-cache-lookup')) return NOTHING;
  const challenge = fields.get('www-authenticate') ?? '';
  const tells = status >= 200 && status < 300 && body.length > 0;
  const { title, documents } = tells
    ? readBody(body, fields.get('content-type') ?? '', answers?.ioLink ?? '')
    : NO_BODY;
  return {
    kind: 'response',
    product: cleanText(fields.get('server') ?? ''),
    productField: 'Server',
    ntlm: ntlmOf(challenge),
    documents,
    ...readChallenge(challenge),
    title,
    role: status === 101 ? roleOfSubprotocol(fields.get('sec-websocket-protocol') ?? '') : '',
  };
}

/** The token of NTLM (MS-NTHT section 2.2) or of Negotiate (RFC 4559) names the computer that sends it. */
function ntlmOf(field: string): Ntlmssp | undefined {
  const token = /^(?:NTLM|Negotiate)\s+([\w+/]{16,4096})/i.exec(field)?.[1];
  return token === undefined ? undefined : readNtlmssp(decodeBase64(token));
}

function sayNtlm({ type, names, build, domain, dnsDomain }: Ntlmssp, sender: Subject, say: Says): void {
  const source = `NTLM ${type}`;
  for (const name of names) say.fact(sender, 'device.hostname', name, source);
  say.fact(sender, 'device.os-build', build, source);
  say.fact(sender, 'ntlm.domain', domain, source);
  say.fact(sender, 'network.domain', dnsDomain, source);
}

const NO_CHALLENGE = { schemes: [], realms: [] } as const;
/** A challenge: a name alone, with parameters, or with a token (RFC 9110 section 11.6.1). */
const SCHEME = /(?:^|,)\s*([A-Za-z][\w-]{1,30})(?=$|\s*,|\s+[\w-]+\s*=|\s+[\w+/]+=*\s*(?:,|$))/g;
const REALM = /\brealm\s*=\s*(?:"([^"]{0,256})"|([^",\s]{1,256}))/gi;
const MAX_CHALLENGE = 2048;

/** Schemes in a challenge, and the realms they are for. Nonces and keys are left out. */
function readChallenge(challenge: string): Pick<ResponseFacts, 'schemes' | 'realms'> {
  if (challenge === '') return NO_CHALLENGE;
  const text = challenge.slice(0, MAX_CHALLENGE);
  return {
    schemes: Array.from(text.matchAll(SCHEME), ([, scheme = '']) => scheme),
    realms: Array.from(text.matchAll(REALM), ([, quoted, plain]) => cleanText(quoted ?? plain ?? '', 256)),
  };
}

const NO_BODY = { title: '', documents: NO_DOCUMENTS };
const IS_PAGE = /<(?:!doctype html|html|head|title)\b/i;

function readBody(body: Uint8Array, type: string, ioLink: string): { title: string; documents: readonly IoLinkFact[] } {
  if (/application\/ipp/i.test(type)) {
    const view = new DataView(body.buffer, body.byteOffset, body.length);
    return { title: '', documents: readIppAnswer(new Reader(view, 0, body.length)) };
  }
  // By what it is, not by its declared type: small devices serve descriptions as HTML, and pages without a type.
  const text = decodeText(body, 'utf8');
  if (ioLink !== '') return { title: '', documents: readIoLink(ioLink, text) };
  if (IS_PAGE.test(text.slice(0, 2000))) return { title: readTitle(text), documents: NO_DOCUMENTS };
  return { title: '', documents: readDocument(text) };
}
