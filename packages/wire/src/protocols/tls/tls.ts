// TLS, its forerunner SSL and its datagram form DTLS: the handshake as far as it is in clear. What the client offers and
// asks for, what the server agrees to, and the certificates, which from version 1.3 on are encrypted.
import type { CertificateValue } from '@interlock/model';
import { type Conversation, NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, Reader } from '../../reader.ts';
import { readCertificate } from '../../x509.ts';
import { cipherSuiteName } from './cipher-suites.ts';
import {
  type Carrier,
  type ClientHello,
  readClientHello,
  readServerHello,
  type ServerHello,
  versionName,
} from './hello.ts';

/** Largest record: 2^14 bytes and what ciphers may add (RFC 5246 section 6.2.3). */
const MAX_RECORD = 16_384 + 2048;
/** Handshake bytes kept per direction until a message is whole: twice the longest chain of certificates seen in practice. */
const MAX_HANDSHAKE = 64 * 1024;
/** Handshake messages in one record, and records in one datagram. */
const MAX_MESSAGES = 64;

const RECORD = { changeCipher: 20, alert: 21, handshake: 22, data: 23, heartbeat: 24 } as const;
const HANDSHAKE = { clientHello: 1, serverHello: 2, certificate: 11 } as const;
const TLS_1_3 = [0x0304, 0xfefc];

interface State {
  /** Beginning of a handshake message that goes on in the next record, by direction: client's, server's. */
  readonly open: [Uint8Array, Uint8Array];
  clientHello: boolean;
  serverHello: boolean;
}
interface Tls {
  clientHello?: ClientHello;
  serverHello?: ServerHello;
  certificate?: CertificateValue;
  badCertificate?: boolean;
  encrypted?: boolean;
}

const NOTHING = new Uint8Array(0);

export const tls = protocol({
  name: 'tls',
  title: 'TLS',
  spec: 'RFC 8446 (TLS 1.3), RFC 5246 (TLS 1.2), RFC 6101 (SSL 3.0), RFC 6347 (DTLS 1.2); JA3, JA4',
  depth: 'full',
  on: {
    tcp: [
      443, 465, 563, 636, 802, 853, 989, 990, 992, 993, 994, 995, 2221, 3269, 4843, 4911, 5061, 5349, 5671, 5986, 6514,
      8443, 8883, 9443, 10161, 10443, 19999,
    ],
    udp: [802, 853, 2221, 4433, 5349, 5684, 6514, 10161],
  },
  tells: ['tls.version', 'tls.cipher', 'tls.sni', 'tls.alpn', 'tls.certificate', 'tls.ja3', 'tls.ja3s', 'tls.ja4'],
  open: (): State => ({ open: [NOTHING, NOTHING], clientHello: false, serverHello: false }),

  recognise(reader) {
    const type = reader.u8();
    if (type === RECORD.handshake && reader.peek() === 0x03) {
      // A record that starts with a hello whose length fits, with a version of its own.
      const minor = reader.u16() & 0xff;
      const length = reader.u16();
      const message = reader.u8();
      const inner = reader.u24();
      const isHello = message === HANDSHAKE.clientHello || message === HANDSHAKE.serverHello;
      return (
        reader.ok && minor <= 4 && length > 40 && length <= MAX_RECORD && isHello && inner > 36 && reader.u8() === 0x03
      );
    }
    if (type === RECORD.handshake && reader.peek() === 0xfe) {
      const version = reader.u16();
      return (version === 0xfeff || version === 0xfefd) && reader.u16() === 0 && reader.left > 30;
    }
    // Client hello in the form of SSL 2.0, offering SSL 3.0 or later.
    if ((type & 0x80) === 0) return false;
    reader.skip(1);
    return reader.u8() === 1 && reader.u8() === 3 && reader.u8() <= 4 && reader.u16() % 3 === 0 && reader.ok;
  },

  frame(reader, { state }) {
    const type = reader.peek();
    const minor = reader.peek(2);
    if (type >= RECORD.changeCipher && type <= RECORD.heartbeat) {
      if (reader.left < 5) return reader.left < 2 || reader.peek(1) === 3 ? NEED_MORE : NOT_MINE;
      const length = reader.peek16(3);
      return reader.peek(1) === 3 && minor <= 4 && length > 0 && length <= MAX_RECORD ? 5 + length : NOT_MINE;
    }
    // The form of SSL 2.0 has a length of 15 bits, and is only known as a client's first message.
    if (type < 0x80 || state.clientHello || state.serverHello) return NOT_MINE;
    if (reader.left < 5) return NEED_MORE;
    const isHello = minor === 1 && (reader.peek(3) === 3 || reader.peek16(3) === 2);
    const length = 2 + (reader.peek16() & 0x7fff);
    return isHello && length >= 20 && length < 1024 ? length : NOT_MINE;
  },

  read(reader, conversation): Tls | undefined {
    const message: Tls = {};
    if (conversation.transport === 'udp') return readDatagram(reader, conversation, message);
    const type = reader.u8();
    if (type >= 0x80) {
      conversation.state.clientHello = true;
      return message;
    }
    reader.skip(4);
    if (!reader.ok) return undefined;
    const { state } = conversation;
    if (type === RECORD.handshake) readHandshake(reader, conversation, message);
    // Early data and a client's change of cipher can come before the server's hello, which is still wanted.
    else if ((type === RECORD.data || type === RECORD.changeCipher) && (state.serverHello || !state.clientHello))
      message.encrypted = true;
    return message;
  },

  observe({ clientHello, serverHello, certificate, badCertificate, encrypted }, say, conversation) {
    const { sender } = conversation;
    if (clientHello) {
      say.fact(sender, 'tls.sni', clientHello.serverName, 'client hello, server_name');
      say.fact(sender, 'tls.ja3', clientHello.ja3, 'client hello');
      say.fact(sender, 'tls.ja4', clientHello.ja4, 'client hello');
    }
    if (serverHello) {
      say.fact(sender, 'tls.ja3s', serverHello.ja3s, 'server hello');
      if (!serverHello.retry) {
        say.fact(sender, 'tls.version', versionName(serverHello.version), 'server hello');
        say.fact(sender, 'tls.cipher', cipherSuiteName(serverHello.cipher), 'server hello');
        say.fact(sender, 'tls.alpn', cleanText(serverHello.application, 64), 'server hello, ALPN');
      }
    }
    if (certificate) say.fact(sender, 'tls.certificate', certificate, 'certificate message');
    if (badCertificate) say.malformed('tls.certificate-unreadable');
    if (encrypted) conversation.done();
  },
});

/** Handshake messages of one record, with what the record before left unfinished. */
function readHandshake(reader: Reader, { state, fromClient }: Conversation<State>, message: Tls): void {
  const side = fromClient ? 0 : 1;
  const before = state.open[side];
  let messages = reader;
  if (before.length > 0) {
    const joined = new Uint8Array(before.length + reader.left);
    joined.set(before);
    joined.set(reader.bytes(reader.left), before.length);
    messages = new Reader(new DataView(joined.buffer), 0, joined.length);
  }
  state.open[side] = NOTHING;
  for (let i = 0; messages.left >= 4 && i < MAX_MESSAGES; i++) {
    const length = (messages.peek(1) << 16) | messages.peek16(2);
    if (length > MAX_HANDSHAKE) return;
    if (length + 4 > messages.left) {
      if (messages.left < MAX_HANDSHAKE) state.open[side] = messages.bytes(messages.left).slice();
      return;
    }
    const type = messages.u8();
    messages.skip(3);
    readHandshakeMessage(type, messages.sub(length), 't', state, message);
  }
  if (messages.left > 0) state.open[side] = messages.bytes(messages.left).slice();
}

function readHandshakeMessage(type: number, body: Reader, carrier: Carrier, state: State, message: Tls): void {
  if (type === HANDSHAKE.clientHello) {
    const hello = readClientHello(body, carrier);
    if (!hello) return;
    message.clientHello = hello;
    state.clientHello = true;
  } else if (type === HANDSHAKE.serverHello) {
    const hello = readServerHello(body);
    if (!hello) return;
    message.serverHello = hello;
    if (hello.retry) return;
    state.serverHello = true;
    if (TLS_1_3.includes(hello.version)) message.encrypted = true;
  } else if (type === HANDSHAKE.certificate && body.u24() > 0) {
    // The first certificate is the sender's own (RFC 5246 section 7.4.2); an end without one sends an empty list.
    const certificate = readCertificate(body.bytes(body.u24()));
    if (certificate) message.certificate = certificate;
    else message.badCertificate = true;
  }
}

/** Records of one DTLS datagram (RFC 6347 section 4.1). Handshake messages in several fragments are left out. */
function readDatagram(reader: Reader, { state }: Conversation<State>, message: Tls): Tls | undefined {
  let records = 0;
  while (reader.left >= 13 && records < MAX_MESSAGES) {
    const type = reader.u8();
    const version = reader.u16();
    const epoch = reader.u16();
    reader.skip(6);
    const body = reader.sub(reader.u16());
    if (type < RECORD.changeCipher || type > RECORD.heartbeat || (version !== 0xfeff && version !== 0xfefd)) break;
    if (!body.ok) break;
    records++;
    if (epoch > 0 || type === RECORD.data) message.encrypted = true;
    if (type !== RECORD.handshake || epoch > 0) continue;
    while (body.left >= 12) {
      const handshake = body.u8();
      const length = body.u24();
      body.skip(2);
      const offset = body.u24();
      const fragment = body.sub(body.u24());
      if (fragment.ok && offset === 0 && fragment.left === length)
        readHandshakeMessage(handshake, fragment, 'd', state, message);
    }
  }
  return records > 0 ? message : undefined;
}
