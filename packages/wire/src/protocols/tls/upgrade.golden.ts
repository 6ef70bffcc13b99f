// The TLS part of golden captures of protocols that turn to TLS: both hellos and a certificate, with every extension that
// a fact is told from, written after RFC 5246.
import { type Bytes, fromClient, fromServer, type Message, write } from '../../testing/index.ts';
import { COMMON_NAME, certificate, utf8 } from './certificates.golden.ts';
import {
  algorithms,
  application,
  clientHelloBody,
  groups,
  pointFormats,
  serverHelloBody,
  serverName,
} from './hellos.golden.ts';

const record = (type: number, content: Bytes) => write().u8(type).u16(0x0303).lengthPrefixed16(content);
const handshake = (type: number, body: Bytes) => write().u8(type).lengthPrefixed24(body);

/** Hellos, the self-signed certificate of a server of that name, and the first encrypted records of both ends. */
export function tlsUpgrade(name: string): Message[] {
  const der = certificate({
    subject: [utf8(COMMON_NAME, name)],
    serial: '1f2e3d',
    notBefore: '250101000000Z',
    notAfter: '350101000000Z',
  });
  const hello = clientHelloBody({
    ciphers: [0xc02f, 0x002f],
    extensions: [serverName(name), groups(0x001d), pointFormats(0), algorithms(0x0401), application('x-test')],
  });
  return [
    fromClient(record(22, handshake(1, hello))),
    fromServer(
      record(
        22,
        write().bytes(
          handshake(
            2,
            serverHelloBody(0xc02f, [[16, write().lengthPrefixed16(write().lengthPrefixed8(write().text('x-test')))]]),
          ),
          handshake(11, write().lengthPrefixed24(write().lengthPrefixed24(der))),
          handshake(14, write()),
        ),
      ),
    ),
    fromClient(record(20, write().u8(1))),
    fromServer(record(20, write().u8(1))),
    fromClient(record(23, write().hex('5f5e5d5c5b5a'))),
  ];
}
