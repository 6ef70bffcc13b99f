// EAPOL: who wants to use a port or a wireless network shows who it is (802.1X). The identity crosses in clear, and from
// the frames it can be told who lets in and who asks.
import { type Conversation, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

interface Eapol {
  readonly kind: 'EAP' | 'start' | 'key' | 'other';
  /** EAP: request or response; key: sent by the access point. */
  readonly isRequest: boolean;
  readonly isResponse: boolean;
  readonly method: number;
  readonly identity: string;
}

export const eapol = protocol({
  name: 'eapol',
  title: 'EAP over LAN (802.1X)',
  spec: 'IEEE 802.1X-2020 clause 11; RFC 3748 (EAP); IEEE 802.11-2020 clause 12.7.2 (key frames)',
  depth: 'full',
  on: { ether: [0x888e, 0x88c7] },
  tells: ['service.role', 'eap.identity', 'eap.method', 'credential.cleartext'],

  read(reader): Eapol | undefined {
    const version = reader.u8();
    const type = reader.u8();
    const length = reader.u16();
    if (!reader.ok || version < 1 || version > 3 || type > HIGHEST_TYPE) return undefined;
    if (type === START) return { ...NOTHING, kind: 'start' };
    if (type === KEY) return readKey(reader);
    return type === EAP ? readEap(reader, length) : NOTHING;
  },

  secrets: (reader) => findToken(reader),

  observe({ kind, isRequest, isResponse, method, identity }, say, { sender }: Conversation<undefined>) {
    if (kind === 'other') return;
    if (kind === 'key') {
      say.fact(sender, 'service.role', isRequest ? 'wireless access point' : 'wireless station', 'EAPOL-Key');
      return;
    }
    if (kind === 'start' || isResponse) say.fact(sender, 'service.role', '802.1X supplicant', 'EAPOL');
    if (isRequest) say.fact(sender, 'service.role', '802.1X authenticator', 'EAP request');
    if (!isResponse) return;
    say.fact(sender, 'eap.identity', identity, 'EAP response, identity');
    if (method > LAST_PLAIN_TYPE) say.fact(sender, 'eap.method', nameMethod(method), 'EAP response');
    if (method === TOKEN_CARD)
      say.fact(sender, 'credential.cleartext', { what: 'EAP token card password' }, 'EAP response');
  },
});

const EAP = 0;
const START = 1;
const KEY = 3;
const HIGHEST_TYPE = 8;
const IDENTITY = 1;
/** Identity, notification and refusal are no methods (RFC 3748 section 5). */
const LAST_PLAIN_TYPE = 3;
const TOKEN_CARD = 6;

const NOTHING: Eapol = { kind: 'other', isRequest: false, isResponse: false, method: 0, identity: '' };

/** Code, identifier, length, type, data (RFC 3748 section 4). */
function readEap(reader: Reader, most: number): Eapol | undefined {
  const code = reader.u8();
  reader.skip(1);
  const length = reader.u16();
  if (!reader.ok || code < 1 || code > 4 || length < 4 || length > most) return undefined;
  const method = length > 4 ? reader.u8() : 0;
  const isResponse = code === 2;
  const identity =
    isResponse && method === IDENTITY ? cleanText(reader.text(Math.min(length - 5, reader.left), 'utf8'), 253) : '';
  return { kind: 'EAP', isRequest: code === 1, isResponse, method, identity };
}

/** Descriptor (2: RSN, 254: WPA), then flags: the access point wants an answer, the station does not. */
function readKey(reader: Reader): Eapol {
  const descriptor = reader.u8();
  const flags = reader.u16();
  const isPairwise = (flags & 0x0008) !== 0;
  if (!reader.ok || (descriptor !== 2 && descriptor !== 254) || !isPairwise) return NOTHING;
  return { ...NOTHING, kind: 'key', isRequest: (flags & 0x0080) !== 0 };
}

const METHODS: Readonly<Record<number, string>> = {
  4: 'MD5',
  5: 'one-time password',
  6: 'token card',
  13: 'TLS',
  17: 'LEAP',
  18: 'SIM',
  21: 'TTLS',
  23: 'AKA',
  25: 'PEAP',
  26: 'MSCHAPv2',
  43: 'FAST',
  50: "AKA'",
  52: 'PWD',
  55: 'TEAP',
  254: 'WPS',
};
const nameMethod = (method: number): string => METHODS[method] ?? `method ${method}`;

/** What answers a token card's question stands behind nine bytes. */
function findToken(reader: Reader): SecretRange[] {
  const isToken = reader.peek(1) === EAP && reader.peek(4) === 2 && reader.peek(8) === TOKEN_CARD;
  const to = 4 + Math.max(0, reader.peek16(2));
  return isToken && to > 9 ? [{ from: 9, to, what: 'EAP token card password' }] : [];
}
