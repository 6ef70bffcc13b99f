// SIP: telephones, intercoms and speakers register with their exchange and name maker, model and version; they call
// each other by account.
import { type Conversation, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { findTextSecrets } from '../../secrets.ts';
import { statedMac, statedUuid } from '../../stated.ts';
import { readHead, takeHead } from '../http/head.ts';
import { frameText } from '../http/head-frame.ts';
import { accountOfDigest, type Secret, secretOfAuthorization } from '../http/secrets.ts';
import { AGENT_KINDS, tellAgent } from './agents.ts';

interface Sip {
  readonly kind: 'request' | 'response' | 'keep-alive';
  readonly method: string;
  readonly status: number;
  /** The sender wrote it: nobody passed it on. */
  readonly isOwn: boolean;
  readonly agent: string;
  readonly account: string;
  readonly realm: string;
  readonly login: string;
  readonly secret: Secret | undefined;
  /** Host of the contact, and instance of the device (RFC 5626 section 4.1). */
  readonly contact: string;
  readonly uuid: string;
}

export const sip = protocol({
  name: 'sip',
  title: 'Session Initiation Protocol',
  spec: 'RFC 3261; RFC 5626 (instances)',
  depth: 'full',
  on: { udp: [5060, 5061], tcp: [5060] },
  tells: [
    'sip.user-agent',
    'sip.account',
    'sip.realm',
    'service.role',
    'device.uuid',
    'address.announced-mac',
    'address.announced-ip',
    'credential.cleartext',
    ...AGENT_KINDS,
  ],

  firstBytes: Array.from({ length: 26 }, (_, letter) => 0x41 + letter), // capital letters
  recognise: (reader) => FIRST_LINE.test(/^[^\r\n]{1,1024}/.exec(reader.text(Math.min(reader.left, 1024)))?.[0] ?? ''),

  frame(reader): number {
    // Two line ends keep the connection open, one answers them (RFC 5626 section 3.5.1).
    if (reader.peek16() === LINE_END) return reader.peek16(2) === LINE_END ? 4 : 2;
    return frameText(reader, FIRST_LINE).length;
  },

  read(reader): Sip | undefined {
    if (reader.left <= 4 && (reader.peek16() === LINE_END || reader.peek16() === 0)) {
      reader.skip(reader.left);
      return KEEP_ALIVE;
    }
    return readMessage(reader);
  },

  secrets: (reader) => findTextSecrets(reader.bytes(reader.left)),

  observe(message, say, { sender, receiver }: Conversation<undefined>) {
    const { kind, method, status, isOwn } = message;
    if (kind === 'keep-alive') return;
    if (kind === 'response') {
      say.fact(sender, 'sip.realm', message.realm, 'WWW-Authenticate');
      if (method !== 'REGISTER') return;
      // Who answers a registration is the registrar; other answers are passed on by proxies without a trace.
      if (status === 200) say.fact(sender, 'service.role', 'SIP registrar', 'answer to REGISTER');
      say.fact(sender, 'sip.user-agent', message.agent, 'Server');
      tellAgent(message.agent, sender, 'Server', say.fact);
      return;
    }
    if (message.secret) say.fact(receiver, 'credential.cleartext', message.secret, 'Authorization');
    if (!isOwn) return;
    say.fact(sender, 'sip.user-agent', message.agent, 'User-Agent');
    tellAgent(message.agent, sender, 'User-Agent', say.fact);
    if (method !== 'REGISTER') return;
    say.fact(sender, 'service.role', 'SIP user agent', 'REGISTER');
    say.fact(sender, 'sip.account', message.account, 'REGISTER, To');
    if (message.login !== '' && !message.account.startsWith(`${message.login}@`))
      say.fact(sender, 'sip.account', message.login, 'REGISTER, Authorization');
    say.fact(sender, 'address.announced-ip', message.contact, 'REGISTER, Contact');
    say.fact(sender, 'device.uuid', message.uuid, 'REGISTER, instance');
    const mac = MAC_INSTANCE.exec(message.uuid)?.[1];
    if (mac !== undefined) say.fact(sender, 'address.announced-mac', statedMac(mac), 'REGISTER, instance');
  },
});

const LINE_END = 0x0d0a;
const FIRST_LINE = /^(?:SIP\/2\.0 \d{3}(?: |$)|[A-Z]{3,12} (?:sips?|tel|urn):\S+ SIP\/2\.0$)/;
/** A time-based UUID of time 0: only the address of the node is in it. */
const MAC_INSTANCE = /^00000000-0000-1000-8000-([\da-f]{12})$/;

const NOTHING: Sip = {
  kind: 'request',
  method: '',
  status: 0,
  isOwn: false,
  agent: '',
  account: '',
  realm: '',
  login: '',
  secret: undefined,
  contact: '',
  uuid: '',
};
const KEEP_ALIVE: Sip = { ...NOTHING, kind: 'keep-alive' };

function readMessage(reader: Reader): Sip | undefined {
  const { headLength } = frameText(reader, FIRST_LINE);
  const { firstLine, fields } = readHead(takeHead(reader, headLength || reader.left));
  if (!FIRST_LINE.test(firstLine)) return undefined;
  const field = (name: string, short = '') => fields.get(name) ?? fields.get(short) ?? '';
  const method = /^\d+ +([A-Z]+)/.exec(field('cseq'))?.[1] ?? '';
  const agent = cleanText(fields.get('user-agent') ?? fields.get('server') ?? '', 256);
  if (firstLine.startsWith('SIP/')) {
    const challenge = field('www-authenticate') || field('proxy-authenticate');
    const realm = cleanText(/\brealm\s*=\s*"([^"]{0,256})"/i.exec(challenge)?.[1] ?? '', 256);
    return { ...NOTHING, kind: 'response', method, status: Number.parseInt(firstLine.slice(8, 11), 10), agent, realm };
  }
  const credential = field('authorization') || field('proxy-authorization');
  const basic = secretOfAuthorization(credential);
  const contact = field('contact', 'm');
  return {
    ...NOTHING,
    method: firstLine.slice(0, firstLine.indexOf(' ')),
    isOwn: (field('via', 'v').match(/\bSIP\s*\/\s*2\.0\s*\//gi)?.length ?? 0) === 1 && !fields.has('record-route'),
    agent,
    account: cleanText(/<?sips?:([^>;?\s@]{1,128}@[^>;?:\s]{1,128})/i.exec(field('to', 't'))?.[1] ?? '', 256),
    login: accountOfDigest(credential),
    secret: basic && { ...basic, what: basic.what.replace('HTTP', 'SIP') },
    contact: /sips?:(?:[^@>\s]*@)?((?!0|127|255)\d{1,3}(?:\.\d{1,3}){3})\b/i.exec(contact)?.[1] ?? '',
    uuid: statedUuid(/\+sip\.instance\s*=\s*"<([^>"]{1,80})>"/i.exec(contact)?.[1] ?? ''),
  };
}
