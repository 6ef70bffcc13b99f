// Written by hand after MS-CIFS, MS-SMB, MS-SMB2 and RFC 1002: an old panel that shares files over NetBIOS, a server of
// version 3.1.1 that files are written to, a device that wants passwords in clear, guests, encrypted and large messages.
import { type Bytes, bytesOf, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';
import { authenticate, challenge, negotiate } from './ntlmssp.golden.ts';

const session = (content: Bytes, type = 0) => write().u8(type).lengthPrefixed24(content);

/** A NetBIOS name in its first-level encoding (RFC 1001 section 14.1). */
const encoded = (name: string, suffix: number) => {
  const letters = [...name.padEnd(15, ' ')].map((letter) => letter.charCodeAt(0)).concat(suffix);
  return write()
    .lengthPrefixed8(write().u8(...letters.flatMap((code) => [0x41 + (code >> 4), 0x41 + (code & 15)])))
    .u8(0);
};

/** Header of SMB 1: command, status, flags (0x80 in answers), Unicode, process, exchange; then words and bytes. */
const smb1 = (
  command: number,
  exchange: number,
  words: Bytes,
  bytes: Bytes,
  { answer = false, status = 0, chained = new Uint8Array(0) as Bytes } = {},
) => {
  const parameters = bytesOf(words);
  const data = bytesOf(bytes);
  return session(
    write()
      .hex('ff534d42')
      .u8(command)
      .u32le(status)
      .u8(answer ? 0x98 : 0x18)
      .u16le(0xc807)
      .zeros(12)
      .u16le(0, 0x1000, 0, exchange)
      .u8(parameters.length / 2)
      .bytes(parameters)
      .u16le(data.length)
      .bytes(data, chained),
  );
};
const wide = (...texts: string[]) => {
  const out = write();
  for (const text of texts) out.utf16le(text).u16le(0);
  return out;
};
const NO_CHAIN = write().u8(0xff, 0).u16le(0);
const MORE_PROCESSING = 0xc0000016;

/** Dialect number, security mode, then sizes; capabilities with extended security; no challenge. */
const negotiated1 = (dialect: number, mode: number, capabilities: number, challengeLength: number) =>
  write().u16le(dialect).u8(mode).u16le(50, 1).u32le(16644, 65536, 0, capabilities).zeros(10).u8(challengeLength);
const DIALECTS = write().u8(2).textz('PC NETWORK PROGRAM 1.0').u8(2).textz('NT LM 0.12');

const PANEL = { computer: 'PANEL-7', domain: 'PLANT', dnsComputer: 'panel-7', dnsDomain: 'panel-7' };
const token1 = negotiate('5.1.2600');
const token2 = challenge(PANEL, '5.1.2600');
const token3 = authenticate('', 'ENG-STATION-2', '5.1.2600');
/** Twelve words: chain, sizes, then the length of the token; bytes: token, filled up to an even place, names. */
const login1 = (exchange: number, token: Uint8Array) =>
  smb1(
    0x73,
    exchange,
    write().bytes(NO_CHAIN).u16le(4356, 10, 0).u32le(0).u16le(token.length).u32le(0, 0x800000d4),
    write()
      .bytes(token)
      .zeros((59 + 2 + token.length) % 2 === 0 ? 0 : 1)
      .bytes(wide('Windows 2002 Service Pack 3 2600', 'Windows 2002 5.1')),
  );
const loggedIn1 = (exchange: number, token: Uint8Array, status: number) =>
  smb1(
    0x73,
    exchange,
    write().bytes(NO_CHAIN).u16le(0, token.length),
    write()
      .bytes(token)
      .zeros((43 + token.length) % 2)
      .bytes(wide('Windows 5.1', 'Windows 2000 LAN Manager')),
    { answer: true, status },
  );

const old = tcp({ client: '10.7.0.5', server: '10.7.0.20', port: 139 }, [
  fromClient(session(write().bytes(encoded('PANEL-7', 0x20), encoded('ENG-STATION-2', 0x00)), 0x81)),
  fromServer(session(new Uint8Array(0), 0x82)),
  fromClient(smb1(0x72, 1, new Uint8Array(0), DIALECTS)),
  fromServer(smb1(0x72, 1, negotiated1(1, 0x03, 0x80000000, 0), write().zeros(16), { answer: true })),
  fromClient(login1(2, token1)),
  fromServer(loggedIn1(2, token2, MORE_PROCESSING)),
  fromClient(login1(3, token3)),
  fromServer(loggedIn1(3, new Uint8Array(0), 0)),
  fromClient(
    smb1(
      0x75,
      4,
      write().bytes(NO_CHAIN).u16le(8, 1),
      write().zeros(1).bytes(wide('\\\\PANEL-7\\IPC$')).textz('?????'),
    ),
  ),
  fromServer(smb1(0x75, 4, write().bytes(NO_CHAIN).u16le(1), write().textz('IPC'), { answer: true })),
  // NT create: the pipe of the service manager, then a file that is overwritten.
  fromClient(smb1(0xa2, 5, create1(0x0002019f, 1, 0), write().zeros(1).bytes(wide('\\svcctl')))),
  fromServer(smb1(0xa2, 5, write().bytes(NO_CHAIN).zeros(64), new Uint8Array(0), { answer: true })),
  fromClient(smb1(0xa2, 6, create1(0x40000000, 5, 0x40), write().zeros(1).bytes(wide('\\recipes\\paint.csv')))),
  fromServer(smb1(0xa2, 6, write().bytes(NO_CHAIN).zeros(64), new Uint8Array(0), { answer: true })),
  fromClient(smb1(0x06, 7, write().u16le(0x16), write().u8(4).bytes(wide('\\recipes\\old.csv')))),
  fromServer(smb1(0x06, 7, new Uint8Array(0), new Uint8Array(0), { answer: true, status: 0xc0000034 })), // not there
  fromServer(session(new Uint8Array(0), 0x85)), // keep alive
]);

/** Twenty-four words of NT create (MS-CIFS section 2.2.4.64): access, disposition and options among them. */
function create1(access: number, disposition: number, options: number) {
  return write()
    .bytes(NO_CHAIN)
    .zeros(1)
    .u16le(0)
    .u32le(0, 0, access)
    .zeros(8)
    .u32le(0, 7, disposition, options, 2)
    .u8(0);
}

// No extended security: the names stand in the answer, and the password crosses as it is.
const plain = tcp({ client: '10.7.0.6', server: '10.7.0.21', port: 445, clientPort: 50_001 }, [
  fromClient(smb1(0x72, 1, new Uint8Array(0), DIALECTS)),
  fromServer(
    smb1(0x72, 1, negotiated1(1, 0x01, 0x00000004, 8), write().zeros(8).bytes(wide('WORKSHOP', 'LATHE-3')), {
      answer: true,
    }),
  ),
  // Setup of a session and, in the same message, of a tree.
  fromClient(
    smb1(
      0x73,
      2,
      write().u8(0x75, 0).u16le(128).u16le(4356, 10, 0).u32le(0).u16le(9, 0).u32le(0, 0x54),
      write()
        .textz('hunter22')
        .bytes(wide('operator', 'WORKSHOP', 'Unix', 'Samba')),
      {
        chained: write()
          .u8(4)
          .bytes(NO_CHAIN)
          .u16le(8, 1)
          .lengthPrefixed16le(write().zeros(1).bytes(wide('\\\\LATHE-3\\PROGRAMS')).textz('A:')),
      },
    ),
  ),
  fromServer(
    smb1(
      0x73,
      2,
      write().bytes(NO_CHAIN).u16le(1),
      write()
        .zeros(1)
        .bytes(wide('LatheOS 2', 'LatheOS LAN 2', 'WORKSHOP')),
      { answer: true },
    ),
  ),
]);

/** Header of SMB 2: status, command, answer flag, offset of the next one, message, then the body. */
const smb2 = (command: number, id: number, body: Bytes, { answer = false, status = 0, next = 0 } = {}) =>
  write()
    .hex('fe534d42')
    .u16le(64, 1)
    .u32le(status)
    .u16le(command, 1)
    .u32le(answer ? 1 : 0, next)
    .u64le(id)
    .zeros(32)
    .bytes(body);
const negotiated2 = (mode: number, dialect: number) =>
  write().u16le(65, mode, dialect, 0).zeros(16).u32le(7, 1048576, 1048576, 1048576).zeros(16).u16le(128, 0).u32le(0);
const login2 = (token: Uint8Array) =>
  write().u16le(25).u8(0, 1).u32le(0, 0).u16le(88, token.length).zeros(8).bytes(token);
const loggedIn2 = (flags: number, token: Uint8Array) => write().u16le(9, flags, 72, token.length).bytes(token);
const tree = (path: string) =>
  write()
    .u16le(9, 0, 72, 2 * path.length)
    .utf16le(path);
const create2 = (name: string, access: number, disposition: number, options: number) =>
  write()
    .u16le(57)
    .u8(0, 0)
    .u32le(2)
    .zeros(16)
    .u32le(access, 0, 7, disposition, options)
    .u16le(120, 2 * name.length)
    .zeros(8)
    .utf16le(name);

const SERVER = {
  computer: 'HISTORIAN',
  domain: 'PLANT',
  dnsComputer: 'historian.plant.example',
  dnsDomain: 'plant.example',
};
/** A token as SPNEGO wraps it: what stands before does not matter. */
const wrapped = (token: Uint8Array) => write().hex('a181b2 3081af a0030a0101 a281a7 0481a4').bytes(token).build();

const modern = tcp({ client: '10.7.0.5', server: '10.7.0.30', port: 445, clientPort: 50_002 }, [
  fromClient(session(smb2(0, 0, write().u16le(36, 2, 1, 0).zeros(28).u16le(0x0210, 0x0311)))),
  fromServer(session(smb2(0, 0, negotiated2(3, 0x0311), { answer: true }))),
  fromClient(session(smb2(1, 1, login2(wrapped(negotiate('10.0.19041', 'ENG-STATION-2')))))),
  fromServer(
    session(
      smb2(1, 1, loggedIn2(0, wrapped(challenge(SERVER, '10.0.17763'))), { answer: true, status: MORE_PROCESSING }),
    ),
  ),
  fromClient(session(smb2(1, 2, login2(wrapped(authenticate('engineer', 'ENG-STATION-2', '10.0.19041')))))),
  fromServer(session(smb2(1, 2, loggedIn2(0, new Uint8Array(0)), { answer: true }))),
  fromClient(session(smb2(3, 3, tree('\\\\HISTORIAN\\Batches')))),
  fromServer(session(smb2(3, 3, write().u16le(16).zeros(14), { answer: true }))),
  fromClient(session(smb2(3, 4, tree('\\\\HISTORIAN\\Secret')))),
  fromServer(session(smb2(3, 4, write().u16le(9).zeros(6), { answer: true, status: 0xc0000022 }))), // access denied
  // Two in one message: a file made anew, and one that is only read.
  fromClient(
    session(
      write().bytes(
        smb2(5, 5, create2('batch-17.csv', 0x40000000, 2, 0x40), { next: 208 }),
        smb2(5, 6, create2('batch-16.csv', 0x00000001, 1, 0x40)),
      ),
    ),
  ),
  fromServer(session(smb2(5, 5, write().u16le(89).zeros(87), { answer: true }))),
  fromServer(session(smb2(5, 6, write().u16le(89).zeros(87), { answer: true }))),
  // The contents of the file: only the head of the message is kept.
  fromClient(session(smb2(9, 7, write().u16le(49, 112).u32le(4096).zeros(40).zeros(4096)))),
  fromServer(session(smb2(9, 7, write().u16le(17).zeros(14), { answer: true }))),
  fromClient(session(smb2(5, 8, create2('batch-15.csv', 0x00010000, 1, 0x1040)))), // no answer any more
]);

const guest = tcp({ client: '10.7.0.7', server: '10.7.0.31', port: 4450, clientPort: 50_003 }, [
  fromClient(session(smb2(0, 0, write().u16le(36, 1, 1, 0).zeros(28).u16le(0x0202)))),
  fromServer(session(smb2(0, 0, negotiated2(1, 0x0202), { answer: true }))),
  fromClient(session(smb2(1, 1, login2(authenticate('guest', 'localhost', '0.0.0'))))),
  fromServer(session(smb2(1, 1, loggedIn2(1, new Uint8Array(0)), { answer: true }))),
  fromClient(session(write().hex('fd534d42').zeros(48).zeros(64))), // encrypted from here on
  fromClient(session(smb2(3, 3, tree('\\\\NAS\\Never')))),
]);

/** Every secret in the golden capture. */
export const secrets = ['hunter22'];

export const golden = capture('SMB 1 to 3: names, dialects, logins, shares and files', [old, plain, modern, guest]);
