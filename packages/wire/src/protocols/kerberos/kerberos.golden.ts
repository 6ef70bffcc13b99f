// Written by hand after RFC 4120 with invented devices: a computer gets its ticket, a person and a service get theirs, an
// answer that refuses, the same over TCP, and a message that is none.
import {
  type Bytes,
  ber,
  bytesOf,
  capture,
  fromClient,
  fromServer,
  ipBytes,
  tcp,
  udpExchange,
  write,
} from '../../testing/index.ts';

const field = (number: number, content: Bytes) => ber(0xa0 + number, content);
const integer = (value: number) => ber(0x02, write().u8(value));
const string = (text: string) => ber(0x1b, write().text(text));
const name = (type: number, ...parts: string[]) =>
  ber(0x30, field(0, integer(type)), field(1, ber(0x30, ...parts.map(string))));
const REALM = 'PLANT.EXAMPLE';
/** Stands for what is encrypted with a key made of a password. */
const CIPHER = 'CIPHERTEXT-OF-A-KEY-171-CIPHERTEXT';
export const secrets = [CIPHER];

const addresses = (netbios: string, ip: string) =>
  ber(
    0x30,
    ber(0x30, field(0, integer(20)), field(1, ber(0x04, write().text(netbios, 16, 0x20)))),
    ber(0x30, field(0, integer(2)), field(1, ber(0x04, ipBytes(ip)))),
    ber(0x30, field(0, integer(24)), field(1, ber(0x04, ipBytes('2001:db8::31')))),
  );
const request = (type: number, client: Uint8Array | undefined, service: Uint8Array, own?: Uint8Array) =>
  ber(
    0x60 + type,
    ber(
      0x30,
      field(1, integer(5)),
      field(2, integer(type)),
      field(
        4,
        ber(
          0x30,
          field(0, ber(0x03, write().hex('0040810010'))),
          ...(client ? [field(1, client)] : []),
          field(2, string(REALM)),
          field(3, service),
          field(5, ber(0x18, write().text('20370913024805Z'))),
          field(7, ber(0x02, write().u32(0x12345678))),
          field(8, ber(0x30, integer(18), integer(23))),
          ...(own ? [field(9, own)] : []),
        ),
      ),
    ),
  );
const encrypted = (type: number) => ber(0x30, field(0, integer(type)), field(2, ber(0x04, write().text(CIPHER))));
const answer = (type: number, client: Uint8Array, service: Uint8Array, encryption: number) =>
  ber(
    0x60 + type,
    ber(
      0x30,
      field(0, integer(5)),
      field(1, integer(type)),
      field(3, string(REALM)),
      field(4, client),
      field(
        5,
        ber(
          0x61,
          ber(0x30, field(0, integer(5)), field(1, string(REALM)), field(2, service), field(3, encrypted(encryption))),
        ),
      ),
      field(6, encrypted(18)),
    ),
  );
const refusal = ber(
  0x7e,
  ber(
    0x30,
    field(0, integer(5)),
    field(1, integer(30)),
    field(4, ber(0x18, write().text('20260101000000Z'))),
    field(5, integer(1)),
    field(6, integer(25)),
    field(9, string(REALM)),
    field(10, name(2, 'krbtgt', REALM)),
  ),
);
const counted = (message: Uint8Array) => write().u32(message.length).bytes(message);

const KRBTGT = name(2, 'krbtgt', REALM);
const PANEL = name(1, 'PANEL-3$');
const ends = (client: string, clientPort: number) => ({ client, server: '10.9.10.2', port: 88, clientPort });

export const golden = capture('Kerberos of a plant domain', [
  udpExchange(ends('10.9.10.31', 50_001), [
    fromClient(request(10, PANEL, KRBTGT, addresses('PANEL-3', '10.9.10.31'))),
    fromServer(refusal),
    fromClient(request(10, PANEL, KRBTGT)),
    fromServer(answer(11, PANEL, KRBTGT, 18)),
  ]),
  tcp(ends('10.9.10.32', 50_002), [
    fromClient(counted(request(12, undefined, name(2, 'cifs', 'files.plant.example')))),
    fromServer(counted(answer(13, name(1, 'mei'), name(2, 'cifs', 'files.plant.example'), 23))),
    fromClient(counted(request(10, name(1, 'mei'), KRBTGT))),
    fromServer(counted(answer(11, name(1, 'mei'), KRBTGT, 99))),
    fromClient(counted(request(10, name(3, 'host', 'linux-5.plant.example'), KRBTGT))),
    fromClient(counted(request(12, undefined, KRBTGT))),
  ]),
  udpExchange(ends('10.9.10.33', 50_003), [
    fromClient(write().hex('6a0330020500')),
    fromClient(bytesOf(write().text('hello'))),
  ]),
]);
