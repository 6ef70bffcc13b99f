// DICOM, in which X-ray machines and other imaging devices talk: the request for an association names both application
// entities and the program of each end, and may carry a password. Images are not looked at.
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

/** Longest association PDU that is waited for: 128 presentation contexts with a dozen syntaxes each. */
const MAX_ASSOCIATION = 64 * 1024;
/** Items of one association. */
const MAX_ITEMS = 300;

const PDU = { request: 1, accept: 2, reject: 3, data: 4, releaseRequest: 5, releaseAnswer: 6, abort: 7 } as const;
const ITEM = { context: 0x10, user: 0x50, implementation: 0x55, identity: 0x58 } as const;

interface Dicom {
  readonly pdu: number;
  readonly called: string;
  readonly calling: string;
  readonly implementation: string;
  readonly login?: { readonly account: string; readonly hasPassword: boolean };
}

export const dicom = protocol({
  name: 'dicom',
  title: 'DICOM',
  spec: 'DICOM PS3.8 section 9.3, PS3.7 annex D.3',
  depth: 'identity',
  on: { tcp: [104, 4242, 11_112] },
  tells: ['dicom.ae-title', 'dicom.implementation', 'credential.cleartext', 'service.account', 'operation'],

  firstBytes: [PDU.request],
  recognise(reader) {
    const length = reader.peek16(2) * 0x10000 + reader.peek16(4);
    if (reader.peek16() !== PDU.request << 8 || length < 68 || length > MAX_ASSOCIATION || reader.peek16(6) !== 1)
      return false;
    reader.skip(10);
    return /^[\x20-\x7e]{16}[\x20-\x7e]{16}$/.test(reader.text(32));
  },

  frame(reader) {
    const pdu = reader.peek();
    if (reader.left < 6) return NEED_MORE;
    const length = reader.peek16(2) * 0x10000 + reader.peek16(4);
    if (reader.peek(1) !== 0 || pdu < PDU.request || pdu > PDU.abort) return NOT_MINE;
    if (pdu === PDU.data) return 6;
    const fits = pdu <= PDU.accept ? length >= 68 && length <= MAX_ASSOCIATION : length === 4;
    return fits ? 6 + length : NOT_MINE;
  },

  read(reader, conversation): Dicom | undefined {
    const pdu = reader.u8();
    reader.skip(1);
    const length = reader.u32();
    if (!reader.ok || pdu < PDU.request || pdu > PDU.abort) return undefined;
    if (pdu === PDU.data) conversation.skip(length);
    return pdu <= PDU.accept ? readAssociation(pdu, reader) : { pdu, called: '', calling: '', implementation: '' };
  },

  secrets(reader, { fromClient }): SecretRange[] {
    const length = reader.left;
    if (!fromClient || reader.peek() !== PDU.request) return [];
    reader.skip(74);
    for (let i = 0; reader.left >= 4 && i < MAX_ITEMS; i++) {
      const item = reader.u8();
      reader.skip(1);
      const size = reader.u16();
      if (item === ITEM.identity) return [{ from: reader.offset, to: length, what: 'DICOM password' }];
      // The items of the user information stand within it.
      if (item !== ITEM.user) reader.skip(Math.min(size, reader.left));
    }
    return [];
  },

  observe({ pdu, called, calling, implementation, login }, say, conversation) {
    const { client, server } = conversation;
    if (pdu === PDU.request) {
      say.fact(client, 'dicom.ae-title', calling, 'calling AE title');
      say.fact(client, 'dicom.implementation', implementation, 'implementation version name');
      if (login?.hasPassword) {
        const value = { what: 'DICOM password', ...(login.account ? { account: login.account } : {}) };
        say.fact(server, 'credential.cleartext', value, 'user identity');
      } else if (login) say.fact(server, 'service.account', login.account, 'user identity');
    } else if (pdu === PDU.accept) {
      say.fact(server, 'dicom.ae-title', called, 'called AE title of an accepted association');
      say.fact(server, 'dicom.implementation', implementation, 'implementation version name');
    }
    if (pdu !== PDU.accept && pdu !== PDU.reject) return;
    say.operation('open association', 'session', { accepted: pdu === PDU.accept });
    conversation.done();
  },
});

function readAssociation(pdu: number, reader: Reader): Dicom | undefined {
  reader.skip(4);
  const called = cleanText(reader.text(16), 16);
  const calling = cleanText(reader.text(16), 16);
  reader.skip(32);
  if (!reader.ok) return undefined;
  let implementation = '';
  let login: Dicom['login'];
  for (let i = 0; reader.left >= 4 && i < MAX_ITEMS; i++) {
    const item = reader.u8();
    reader.skip(1);
    const length = reader.u16();
    if (item === ITEM.user) continue;
    const body = reader.sub(Math.min(length, reader.left));
    if (item === ITEM.implementation) implementation = cleanText(body.text(body.left), 16);
    else if (item === ITEM.identity && pdu === PDU.request) login = readIdentity(body);
  }
  return { pdu, called, calling, implementation, ...(login ? { login } : {}) };
}

/** Types 1 and 2: an account without and with a passcode (PS3.7 D.3.3.7); others are tickets. */
function readIdentity(body: Reader): Dicom['login'] {
  const type = body.u8();
  body.skip(1);
  const account = cleanText(body.text(body.u16(), 'utf8'), 128);
  const hasPassword = type === 2 && body.u16() > 0;
  return body.ok && (type === 1 || type === 2) ? { account, hasPassword } : undefined;
}
