// Written by hand: TPKT and COTP after RFC 1006 and RFC 905, S7comm-plus PDUs after the published analyses, the I&M0 record
// after PROFIBUS guideline 3.502. No byte comes from a capture.
import { type ByteWriter, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const tpkt = (cotp: ByteWriter) =>
  write()
    .u8(3, 0)
    .u16(4 + cotp.length)
    .bytes(cotp)
    .build();
const connect = (type: number) =>
  tpkt(
    write()
      .u8(6 + 4 + 18, type)
      .hex('0000 0009 00')
      .hex('c1 02 0600')
      .u8(0xc2)
      .lengthPrefixed8(write().text('SIMATIC-ROOT-ES.')),
  );
/** Data with the protocol's own header and trailer, both of which carry the version. */
const data = (version: number, body: ByteWriter) =>
  tpkt(write().hex('02 f0 80').u8(0x72, version).u16(body.length).bytes(body).u8(0x72, version).u16(0));
/** Version 3 puts an integrity value before the request or answer. */
const sealed = (body: ByteWriter) => data(3, write().lengthPrefixed8(write().zeros(32)).bytes(body));

const request = (code: number, sequence: number, session: number) =>
  write().u8(0x31).u16(0, code, 0, sequence).u32(session).u8(0x36);
const answer = (code: number, sequence: number) => write().u8(0x32).u16(0, code, 0, sequence).u8(0x36);

const version = write().hex('a3 82 3f 00 15').lengthPrefixed8(write().text('1;6ES7 999-1AA00-0XB0 ;V4.4'));
const im0 = write()
  .u16(0x0020, 0x0038)
  .u8(1, 0)
  .u16(0x002a)
  .text('6ES7 999-1AA00-0XB0', 20, 0x20)
  .text('S V-TEST00000001', 16, 0x20)
  .u16(3)
  .text('V')
  .u8(4, 4, 1)
  .zeros(10);
// The record of a module beside the controller, which passes in the same way.
const im0OfModule = write()
  .u16(0x0020, 0x0038)
  .u8(1, 0)
  .u16(0x002a)
  .text('6ES7 999-6BB00-0XB0', 20, 0x20)
  .text('S C-TEST00000002', 16, 0x20)
  .u16(1)
  .text('V')
  .u8(2, 0, 0)
  .zeros(10);

const session = tcp({ client: '10.3.0.5', server: '10.3.0.10', port: 102, clientPort: 50_201 }, [
  fromClient(connect(0xe0)),
  fromServer(connect(0xd0)),
  fromClient(data(1, request(0x04ca, 1, 0x120).u32(0x11d).zeros(20))),
  fromServer(data(1, answer(0x04ca, 1).zeros(12).bytes(version).zeros(8))),
  fromClient(tpkt(write().hex('02 f0 80'))),
  fromClient(data(2, request(0x0542, 2, 0x3b5).u32(0x3b5).zeros(12))),
  fromServer(data(2, answer(0x0542, 2).zeros(8))),
  fromClient(sealed(request(0x0586, 3, 0x3b5).u32(0x20).zeros(12))),
  fromServer(sealed(answer(0x0586, 3).zeros(4).bytes(im0OfModule).zeros(4))),
  fromClient(sealed(request(0x0586, 4, 0x3b5).u32(0x20).zeros(12))),
  fromServer(sealed(answer(0x0586, 4).zeros(4).bytes(im0).zeros(4))),
  fromClient(sealed(request(0x0542, 5, 0x3b5).u32(0).zeros(12))),
  fromServer(sealed(answer(0x0542, 5).zeros(8))),
]);

// A newer controller goes over to TLS after the first exchange.
const encrypted = tcp({ client: '10.3.0.5', server: '10.3.0.11', port: 102, clientPort: 50_202 }, [
  fromClient(connect(0xe0)),
  fromServer(connect(0xd0)),
  fromClient(data(1, request(0x05b3, 1, 0).zeros(12))),
  fromServer(data(1, answer(0x05b3, 1).zeros(8))),
  fromClient(tpkt(write().hex('02 f0 80 16 0301 0004 01000000'))),
  fromServer(tpkt(write().hex('02 f0 80 16 0303 0004 02000000'))),
  fromClient(tpkt(write().hex('02 f0 80 17 0303 0004 11223344'))),
]);

export const golden = capture('S7comm-plus: the start of a session with an S7-1200, and one that is encrypted', [
  session,
  encrypted,
]);
