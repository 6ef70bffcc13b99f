// Written by hand after RFC 4253: an engineer's login on a controller, a router that greets before it names itself, a
// client of version 1, a router's own server on another port.
import { capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

/** A packet before encryption: length, padding length, payload, padding up to eight bytes. */
const packet = (payload: ReturnType<typeof write>) => {
  const body = payload.build();
  const padding = 8 - ((5 + body.length) % 8) + 4;
  return write()
    .u32(1 + body.length + padding)
    .u8(padding)
    .bytes(body)
    .zeros(padding);
};
const list = (names: string) => write().lengthPrefixed32(write().text(names));
/** SSH_MSG_KEXINIT with the same ciphers, codes and compressions in both directions unless a second one is given. */
const offer = (keyExchange: string, hostKey: string, ciphers: string, macs: string, back = ciphers) =>
  packet(
    write()
      .u8(20)
      .hex('000102030405060708090a0b0c0d0e0f')
      .bytes(list(keyExchange), list(hostKey), list(ciphers), list(back), list(macs), list(macs))
      .bytes(list('none'), list('none'), list(''), list(''))
      .u8(0)
      .u32(0),
  );

const controller = tcp({ client: '10.3.0.5', server: '10.3.0.20', port: 22 }, [
  fromServer(write().text('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u2\r\n')),
  fromClient(write().text('SSH-2.0-OpenSSH_for_Windows_8.1\r\n')),
  fromClient(
    offer('curve25519-sha256', 'ssh-ed25519,rsa-sha2-512', 'aes128-ctr,aes256-ctr', 'hmac-sha2-256', 'aes256-ctr'),
  ),
  fromServer(offer('curve25519-sha256,ecdh-sha2-nistp256', 'ssh-ed25519', 'aes256-ctr', 'hmac-sha2-512', 'aes128-ctr')),
  fromClient(packet(write().u8(21))), // from here on encrypted: not looked at any more
  fromClient(write().hex('4e6f7420737368206174616c6c')),
]);
const greeting = tcp({ client: '10.3.0.5', server: '10.3.0.1', port: 22, clientPort: 50_001 }, [
  fromServer(write().text('Authorised staff only.\r\nAll access is logged.\r\nSSH-2.0-Cisco-1.25\n')),
  fromClient(write().text('SSH-2.0-PuTTY_Release_0.78\r\n')),
]);
const first = tcp({ client: '10.3.0.6', server: '10.3.0.21', port: 22, clientPort: 50_002 }, [
  fromServer(write().text('SSH-1.5-1.2.33\n')),
  fromClient(write().text('SSH-1.5-OpenSSH_3.9p1\n')),
]);
// On a port that is nobody's, and met in its middle: the banner still tells.
const elsewhere = tcp({ client: '10.3.0.5', server: '10.3.0.2', port: 8022, clientPort: 50_003, handshake: false }, [
  fromServer(write().text('SSH-2.0-ROSSSH\r\n')),
]);

export const golden = capture('SSH up to where encryption starts', [controller, greeting, first, elsewhere]);
