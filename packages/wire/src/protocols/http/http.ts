// HTTP/1: servers name their program and realm and serve pages about themselves, clients name theirs and whom they ask
// for, and passwords cross without encryption. Found on any port by its first line.
import type { Subject } from '@interlock/model';
import { type Conversation, protocol, type Saying } from '../../protocol.ts';
import { cleanText, decodeText, Reader } from '../../reader.ts';
import { readNtlmssp } from '../smb/ntlmssp.ts';
import { frameHttp, type HttpMessage, type HttpState, openState, readHttp } from './framing.ts';
import { readRequestLine, readStatusLine } from './head.ts';
import { DOCUMENT_FACTS, type DocumentFact, readDocument, readTitle } from './identity-documents.ts';
import { readIppAnswer } from './ipp.ts';
import { PRODUCT_KINDS, tellProduct } from './product-headers.ts';
import {
  accountOfDigest,
  decodeBase64,
  type Secret,
  secretOfAuthorization,
  secretOfForm,
  secretOfJson,
  secretOfSoap,
} from './secrets.ts';
import { readInform } from './tr069.ts';

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

  recognise(reader) {
    const first = reader.peek();
    if (first < 0x41 || first > 0x5a) return false; // A capital letter: asked for every unknown flow.
    const line = /^[^\r\n]{1,2048}/.exec(reader.text(Math.min(reader.left, 2048), 'latin1'))?.[0] ?? '';
    if (readStatusLine(line) !== undefined) return true;
    const target = readRequestLine(line)?.target ?? '';
    return target.startsWith('/') || /^https?:\/\//i.test(target);
  },

  frame: frameHttp,
  open: openState,
  read: readHttp,

  observe(message, say, conversation: Talk) {
    if (message.request) observeRequest(message, message.request, say, conversation);
    else if (message.status !== undefined) observeResponse(message, message.status, say, conversation);
  },
});

function observeRequest(
  { head, body }: HttpMessage,
  { method, target }: { readonly method: string; readonly target: string },
  say: Says,
  conversation: Talk,
): void {
  const { sender, receiver } = conversation;
  const { fields } = head;
  const agent = cleanText(fields.get('user-agent') ?? '');
  say.fact(sender, 'http.user-agent', agent, 'User-Agent');
  tellProduct(agent, sender, 'User-Agent', say.fact);
  say.fact(sender, 'http.host', cleanText(fields.get('host') ?? '', 255), 'Host');
  for (const name of ['authorization', 'proxy-authorization'] as const) {
    const value = fields.get(name);
    if (value === undefined) continue;
    saySecret(secretOfAuthorization(value), name, receiver, say);
    say.fact(receiver, 'http.account', accountOfDigest(value), name);
    sayNtlm(value, sender, say);
  }
  const query = target.indexOf('?');
  if (query >= 0) saySecret(secretOfForm(target.slice(query + 1), 'HTTP query password'), 'query', receiver, say);
  if (method === 'CONNECT' || /^https?:\/\//i.test(target))
    say.fact(receiver, 'service.role', 'http-proxy', 'request target');
  if (body.length === 0) return;
  const text = decodeText(body, 'utf8');
  // Small clients send XML under the type of forms.
  const start = text.trimStart()[0];
  if (start === '<') {
    saySecret(secretOfSoap(text), 'SOAP header', receiver, say);
    sayDocument(readInform(text), sender, say);
  } else if (start === '{' || start === '[') saySecret(secretOfJson(text), 'JSON body', receiver, say);
  else saySecret(secretOfForm(text, 'HTTP form password'), 'form', receiver, say);
}

/** The computer that logs in or is logged in to, by the token of NTLM (MS-NTHT section 2.2) or of Negotiate (RFC 4559). */
function sayNtlm(field: string, sender: Subject, say: Says): void {
  const token = /^(?:NTLM|Negotiate)\s+([\w+/]{16,4096})/i.exec(field)?.[1];
  const ntlm = token === undefined ? undefined : readNtlmssp(decodeBase64(token));
  if (!ntlm) return;
  const source = `NTLM ${ntlm.type}`;
  for (const name of ntlm.names) say.fact(sender, 'device.hostname', name, source);
  say.fact(sender, 'device.os-build', ntlm.build, source);
  say.fact(sender, 'ntlm.domain', ntlm.domain, source);
  say.fact(sender, 'network.domain', ntlm.dnsDomain, source);
}

function saySecret(secret: Secret | undefined, source: string, server: Subject, say: Says): void {
  if (secret) say.fact(server, 'credential.cleartext', secret, source);
}

function observeResponse({ head, answers, body }: HttpMessage, status: number, say: Says, conversation: Talk): void {
  const { fields } = head;
  // What comes through a proxy is told by another server, whose address is not here.
  if (answers?.toProxy || fields.has('x-cache-lookup')) return;
  const { sender } = conversation;
  const server = cleanText(fields.get('server') ?? '');
  say.fact(sender, 'http.server', server, 'Server');
  tellProduct(server, sender, 'Server', say.fact);
  const challenge = fields.get('www-authenticate');
  if (challenge !== undefined) {
    observeChallenge(challenge, sender, say);
    sayNtlm(challenge, sender, say);
  }
  if (status >= 200 && status < 300 && body.length > 0)
    observeBody(body, fields.get('content-type') ?? '', sender, say);
}

/** Schemes in a challenge, and the realms they are for (RFC 9110 section 11.6.1). Nonces and keys are left out. */
function observeChallenge(challenge: string, server: Subject, say: Says): void {
  for (const [, scheme = ''] of challenge
    .slice(0, 2048)
    .matchAll(/(?:^|,)\s*([A-Za-z][\w-]{1,30})(?=$|\s*,|\s+[\w-]+\s*=|\s+[\w+/]+=*\s*(?:,|$))/g))
    say.fact(server, 'http.authentication', scheme, 'WWW-Authenticate');
  for (const [, quoted, plain] of challenge
    .slice(0, 2048)
    .matchAll(/\brealm\s*=\s*(?:"([^"]{0,256})"|([^",\s]{1,256}))/gi))
    say.fact(server, 'http.realm', cleanText(quoted ?? plain ?? '', 256), 'WWW-Authenticate');
}

function observeBody(body: Uint8Array, type: string, server: Subject, say: Says): void {
  if (/application\/ipp/i.test(type)) {
    const view = new DataView(body.buffer, body.byteOffset, body.length);
    sayDocument(readIppAnswer(new Reader(view, 0, body.length)), server, say);
    return;
  }
  const text = decodeText(body, 'utf8');
  if (/html/i.test(type)) say.fact(server, 'http.title', readTitle(text), 'HTML title');
  else sayDocument(readDocument(text), server, say);
}

function sayDocument(facts: readonly DocumentFact[], subject: Subject, say: Says): void {
  for (const { kind, value, source } of facts) say.fact(subject, kind, value, source);
}
