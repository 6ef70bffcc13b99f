// Written by hand after RFC 4511 and MS-ADTS with invented devices: a computer looks for its domain, the root entry of a
// controller and of another server, binds of every kind, a change of a password, a session that turns to TLS, a protected
// one, and messages that are none.
import {
  type Bytes,
  ber,
  bytesOf,
  capture,
  fromClient,
  fromServer,
  tcp,
  udpExchange,
  write,
} from '../../testing/index.ts';
import { authenticate, challenge, negotiate } from '../smb/ntlmssp.golden.ts';
import { tlsUpgrade } from '../tls/upgrade.golden.ts';

const text = (content: string) => ber(0x04, write().text(content));
const integer = (value: number) => ber(0x02, write().u8(value));
const code = (value: number) => ber(0x0a, write().u8(value));
const message = (id: number, op: number, ...parts: Bytes[]) => ber(0x30, integer(id), ber(op, ...parts));
const attribute = (type: string, ...values: Bytes[]) =>
  ber(0x30, text(type), ber(0x31, ...values.map((value) => ber(0x04, value))));
const words = (type: string, ...values: string[]) => attribute(type, ...values.map((value) => write().text(value)));
const entry = (id: number, name: string, ...attributes: Bytes[]) =>
  message(id, 0x64, text(name), ber(0x30, ...attributes));
const result = (id: number, op: number, value: number, ...more: Bytes[]) =>
  message(id, op, code(value), text(''), text(''), ...more);
const simple = (id: number, name: string, password: string) =>
  message(id, 0x60, integer(3), text(name), ber(0x80, write().text(password)));
const sasl = (id: number, mechanism: string, token: Bytes) =>
  message(id, 0x60, integer(3), text(''), ber(0xa3, text(mechanism), ber(0x04, token)));
const search = (id: number, base: string, filter: Bytes) =>
  message(id, 0x63, text(base), code(0), code(0), integer(0), integer(0), ber(0x01, write().u8(0)), filter, ber(0x30));
const PRESENT = ber(0x87, write().text('objectClass'));
const equal = (type: string, value: string) => ber(0xa3, text(type), text(value));

/** Names as in DNS, the later ones pointing into the earlier. */
const label = (content: string) => write().lengthPrefixed8(write().text(content));
const NETLOGON = write()
  .u16le(23, 0)
  .u32le(0x0001f3fd)
  .zeros(16)
  .bytes(label('plant'), label('example'))
  .u8(0) // forest, at 24
  .u8(0xc0, 24)
  .bytes(label('dc1'))
  .u8(0xc0, 24)
  .bytes(label('PLANT'))
  .u8(0)
  .bytes(label('\\\\DC1'))
  .u8(0)
  .u8(0)
  .bytes(label('Hall'))
  .u8(0)
  .u16le(0xffff, 0xffff);

const PASSWORDS = ['Kupolofen-91', 'Induktion-92', 'Lichtbogen-93', 'Kristall-94'] as const;
const [BIND, PLAIN, SET, ODD] = PASSWORDS;
export const secrets = PASSWORDS;

const ends = (server: string, clientPort: number, port = 389) => ({ client: '10.9.11.10', server, port, clientPort });

export const golden = capture('LDAP of a plant domain', [
  udpExchange(ends('10.9.11.2', 50_001), [
    fromClient(
      search(1, '', ber(0xa0, equal('DnsDomain', 'plant.example'), equal('Host', 'PANEL-3'), equal('NtVer', '\u0006'))),
    ),
    fromServer(entry(1, '', attribute('Netlogon', NETLOGON))),
    fromServer(result(1, 0x65, 0)),
  ]),
  tcp(ends('10.9.11.2', 50_002), [
    fromClient(search(1, '', PRESENT)),
    fromServer(
      entry(
        1,
        '',
        words('defaultNamingContext', 'DC=plant,DC=example'),
        words('dnsHostName', 'dc1.plant.example'),
        words('supportedSASLMechanisms', 'GSSAPI', 'GSS-SPNEGO'),
        words('domainControllerFunctionality', '7'),
        words('currentTime', '20260101000000.0Z'),
      ),
    ),
    fromServer(result(1, 0x65, 0)),
    fromClient(sasl(2, 'GSS-SPNEGO', negotiate('10.0.19041', ''))),
    fromServer(
      result(
        2,
        0x61,
        14,
        ber(
          0x87,
          challenge(
            { computer: 'DC1', domain: 'PLANT', dnsComputer: 'dc1.plant.example', dnsDomain: 'plant.example' },
            '10.0.17763',
          ),
        ),
      ),
    ),
    fromClient(sasl(3, 'GSS-SPNEGO', authenticate('mei', 'PANEL-3', '10.0.19041'))),
    fromServer(result(3, 0x61, 0)),
    fromClient(write().u32(20).zeros(20)),
    fromServer(write().u32(20).zeros(20)),
  ]),
  tcp(ends('10.9.11.3', 50_003), [
    fromClient(simple(1, 'cn=historian,dc=plant,dc=example', BIND)),
    fromServer(result(1, 0x61, 0)),
    fromClient(sasl(2, 'PLAIN', write().u8(0).textz('scanner').text(PLAIN))),
    fromServer(result(2, 0x61, 49)),
    fromClient(
      message(3, 0x66, text('cn=mei,dc=plant,dc=example'), ber(0x30, ber(0x30, code(2), words('userPassword', SET)))),
    ),
    fromServer(result(3, 0x67, 0)),
    fromClient(message(4, 0x68, text('cn=new,dc=plant,dc=example'), ber(0x30, words('cn', 'new')))),
    fromServer(result(4, 0x69, 50)),
    fromClient(message(5, 0x4a, write().text('cn=old,dc=plant,dc=example'))),
    fromServer(result(5, 0x6b, 0)),
    fromClient(message(6, 0x6c, text('cn=a,dc=plant,dc=example'), text('cn=b'), ber(0x01, write().u8(255)))),
    fromClient(message(7, 0x42)),
  ]),
  // Without a password, and something is found.
  tcp(ends('10.9.11.3', 50_004), [
    fromClient(simple(1, '', '')),
    fromServer(result(1, 0x61, 0)),
    fromClient(search(2, '', PRESENT)),
    fromServer(entry(2, '', words('objectClass', 'top', 'OpenLDAProotDSE'), words('namingContexts', 'o=plant'))),
    fromClient(search(3, 'o=plant', PRESENT)),
    fromServer(entry(3, 'cn=mei,o=plant', words('mail', 'mei@plant.example'))),
    fromServer(entry(3, 'cn=lee,o=plant', words('mail', 'lee@plant.example'))),
    fromServer(result(3, 0x65, 0)),
    fromClient(message(4, 0x60, integer(3), text('cn=mei,o=plant'), ber(0xa3, text('GSSAPI')))),
    fromServer(result(4, 0x61, 7)),
  ]),
  // On other ports: one turns to TLS, one binds.
  tcp(ends('10.9.11.4', 50_005), [
    fromClient(message(1, 0x77, ber(0x80, write().text('1.3.6.1.4.1.1466.20037')))),
    fromServer(result(1, 0x78, 0)),
    ...tlsUpgrade('dc2.plant.example'),
  ]),
  tcp(ends('10.9.11.5', 50_006, 10_389), [fromClient(simple(1, 'cn=app', ODD)), fromServer(result(1, 0x61, 0))]),
  tcp(ends('10.9.11.6', 50_007), [
    fromClient(bytesOf(write().hex('30090201016104 0a0100'))),
    fromClient(write().text('hello there')),
  ]),
]);
