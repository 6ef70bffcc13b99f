// QUIC: the hello messages of TLS in its first packets. Everything behind them is encrypted with keys of the two ends.
import { type Conversation, protocol } from '../../protocol.ts';
import { Reader } from '../../reader.ts';
import { cipherSuiteName } from '../tls/cipher-suites.ts';
import { type ClientHello, readClientHello, readServerHello, type ServerHello, versionName } from '../tls/hello.ts';
import { type CryptoPiece, deriveKeys, type Keys, MIN_FIRST_ID, openInitial, readInitialHeader } from './initial.ts';

/** Longest hello that is put together; those with post-quantum keys have 1.7 kilobytes. */
const MAX_HELLO = 8192;
/** Packets in one datagram (RFC 9000 section 12.2), and Initial packets of a connection that are opened. */
const MAX_PACKETS = 8;
const MAX_OPENED = 16;

const HANDSHAKE_CLIENT_HELLO = 1;
const HANDSHAKE_SERVER_HELLO = 2;

interface State {
  keys: readonly [Keys, Keys] | undefined;
  opened: number;
  /** Pieces of the hello of each end that came so far: client's, server's. */
  readonly pieces: readonly [CryptoPiece[], CryptoPiece[]];
  readonly told: [boolean, boolean];
}
interface Quic {
  clientHello?: ClientHello | undefined;
  serverHello?: ServerHello | undefined;
}

export const quic = protocol({
  name: 'quic',
  title: 'QUIC',
  spec: 'RFC 9000, RFC 9001, RFC 9369 (version 2)',
  depth: 'identity',
  on: { udp: [443, 8443, 853] },
  tells: ['tls.sni', 'tls.ja3', 'tls.ja4', 'tls.ja3s', 'tls.version', 'tls.cipher'],
  open: (): State => ({ keys: undefined, opened: 0, pieces: [[], []], told: [false, false] }),

  // The first datagram of a client is filled up to at least 1200 bytes (RFC 9000 section 14.1).
  recognise(reader) {
    const length = reader.left;
    return length >= 1200 && (readInitialHeader(reader)?.destination.length ?? 0) >= MIN_FIRST_ID;
  },

  read(reader, conversation): Quic | undefined {
    const message: Quic = {};
    let initials = 0;
    for (let i = 0; reader.left > 0 && i < MAX_PACKETS; i++) {
      const header = readInitialHeader(reader);
      // Packets of other types follow in the same datagram; their headers tell nothing that is wanted.
      if (!header) break;
      initials++;
      const { state, fromClient } = conversation;
      if (fromClient) state.keys ??= deriveKeys(header.version, header.destination);
      const keys = state.keys?.[fromClient ? 0 : 1];
      if (!keys || state.opened >= MAX_OPENED) continue;
      state.opened++;
      collect(openInitial(reader.view, header, keys), conversation, message);
    }
    // Packets with a short header are the connection at work; alone they can be anything.
    return initials > 0 ? message : undefined;
  },

  observe({ clientHello, serverHello }, say, conversation) {
    const { sender, state } = conversation;
    if (clientHello) {
      say.fact(sender, 'tls.sni', clientHello.serverName, 'client hello, server_name');
      say.fact(sender, 'tls.ja3', clientHello.ja3, 'client hello');
      say.fact(sender, 'tls.ja4', clientHello.ja4, 'client hello');
    }
    if (serverHello) {
      say.fact(sender, 'tls.ja3s', serverHello.ja3s, 'server hello');
      say.fact(sender, 'tls.version', versionName(serverHello.version), 'server hello');
      say.fact(sender, 'tls.cipher', cipherSuiteName(serverHello.cipher), 'server hello');
    }
    if (state.told[0] && state.told[1]) conversation.done();
  },
});

/** Puts the pieces of a hello in order and reads it once it is whole. */
function collect(pieces: readonly CryptoPiece[], conversation: Conversation<State>, message: Quic): void {
  const side = conversation.fromClient ? 0 : 1;
  const { pieces: all, told } = conversation.state;
  if (told[side] || pieces.length === 0) return;
  const own = all[side];
  own.push(...pieces.filter(({ offset, bytes }) => offset + bytes.length <= MAX_HELLO));
  const hello = join(own);
  if (hello.length < 4) return;
  const reader = new Reader(new DataView(hello.buffer), 0, hello.length);
  const type = reader.u8();
  const body = reader.sub(reader.u24());
  if (!body.ok) return;
  told[side] = true;
  own.length = 0;
  if (type === HANDSHAKE_CLIENT_HELLO) message.clientHello = readClientHello(body, 'q');
  else if (type === HANDSHAKE_SERVER_HELLO) message.serverHello = readServerHello(body);
}

/** The bytes from the start of the handshake as far as there is no gap. */
function join(pieces: CryptoPiece[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(MAX_HELLO);
  let length = 0;
  for (const { offset, bytes } of pieces.sort((a, b) => a.offset - b.offset)) {
    if (offset > length) break;
    joined.set(bytes, offset);
    length = Math.max(length, offset + bytes.length);
  }
  return joined.slice(0, length);
}
