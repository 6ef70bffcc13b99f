// Written by hand after RFC 3261 and RFC 5626: telephones that register with and without a login, an exchange, a call
// that was passed on, a password in clear, SIP over TCP, what breaks off.
import { type Bytes, capture, fromClient, fromServer, tcp, udpExchange, write } from '../../testing/index.ts';

const PBX = '10.23.0.5';
const text = (...lines: readonly string[]) => write().text([...lines, '', ''].join('\r\n'));
const via = (host: string) => `Via: SIP/2.0/UDP ${host}:5060;branch=z9hG4bK1`;
const register = (ip: string, account: string, agent: string, ...more: readonly string[]) =>
  text(
    'REGISTER sip:10.23.0.5 SIP/2.0',
    via(ip),
    `From: "Hall" <sip:${account}@10.23.0.5>;tag=1`,
    `To: <sip:${account}@10.23.0.5>`,
    'CSeq: 1 REGISTER',
    `User-Agent: ${agent}`,
    ...more,
    'Content-Length: 0',
  );
const answer = (status: string, method: string, ...more: readonly string[]) =>
  text(`SIP/2.0 ${status}`, via('10.23.0.20'), `CSeq: 1 ${method}`, ...more, 'Content-Length: 0');
const talk = (client: string, clientPort: number, ...messages: readonly ['client' | 'server', Bytes][]) =>
  udpExchange(
    { client, server: PBX, port: 5060, clientPort },
    messages.map(([from, bytes]) => (from === 'client' ? fromClient(bytes) : fromServer(bytes))),
  );

/** Every secret in the golden capture. */
export const secrets = ['ring4me', 'MTAwNDpyaW5nNG1l'];

export const golden = capture('SIP of telephones, intercoms and an exchange', [
  talk(
    '10.23.0.20',
    5060,
    ['client', register('10.23.0.20', '1001', 'Yealink SIP-T46S 66.84.0.15 80:5e:c0:00:23:20')],
    ['server', answer('401 Unauthorized', 'REGISTER', 'WWW-Authenticate: Digest realm="plant-pbx", nonce="0"')],
    [
      'client',
      register(
        '10.23.0.20',
        '1001',
        'Yealink SIP-T46S 66.84.0.15 80:5e:c0:00:23:20',
        'Contact: <sip:1001@10.23.0.20:5060>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-805ec0002320>"',
        'Authorization: Digest username="line-1001", realm="plant-pbx", response="00"',
      ),
    ],
    ['server', answer('200 OK', 'REGISTER', 'Server: Asterisk PBX 16.9.0')],
    ['client', write().text('\r\n\r\n')],
  ),
  talk('10.23.0.21', 5060, [
    'client',
    register('10.23.0.21', '1002', 'Cisco-CP7841/11.0.1', 'm: <sip:1002@10.23.0.21>'),
  ]),
  talk('10.23.0.22', 5060, ['client', register('10.23.0.22', '1003', 'PolycomVVX-VVX_410-UA/5.4.5.9111_0004f2002322')]),
  talk('10.23.0.23', 5060, [
    'client',
    register('10.23.0.23', '1004', 'door station', 'Authorization: Basic MTAwNDpyaW5nNG1l'),
  ]),
  // A call that a proxy passes on: the telephone named in it is another machine.
  talk(
    '10.23.0.7',
    5070,
    [
      'client',
      text(
        'INVITE sip:1002@10.23.0.5 SIP/2.0',
        via('10.23.0.7'),
        via('10.23.0.88'),
        'CSeq: 1 INVITE',
        'User-Agent: snom320/8.7.3.25',
        'Content-Length: 0',
      ),
    ],
    ['server', answer('200 OK', 'INVITE', 'Server: Fanvil X4 2.4.0.6067 0c383e002388')],
  ),
  tcp({ client: '10.23.0.24', server: PBX, port: 5062 }, [
    fromClient(
      text(
        'OPTIONS sip:10.23.0.5 SIP/2.0',
        via('10.23.0.24'),
        'CSeq: 1 OPTIONS',
        'User-Agent: snomD735/10.1.54.13',
        'l: 4',
      ).text('v=0\n'),
    ),
    fromClient(write().text('\r\n\r\n')),
    fromServer(answer('200 OK', 'OPTIONS', 'Server: nobody knows')),
  ]),
  talk('10.23.0.25', 5060, ['client', write().text('REGISTER sip:10.23.0.5 HTTP/9.9\r\n\r\n')]),
]);
