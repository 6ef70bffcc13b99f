import { describe, expect, it } from 'vitest';
import { observationsOf } from '../../testing/golden-lines.ts';
import { goldenTest } from '../../testing/golden-test.ts';
import { type Bytes, capture, fromClient, fromServer, hex, type Message, tcp, write } from '../../testing/index.ts';
import { golden } from './enip.golden.ts';
import { enip } from './enip.ts';

goldenTest(enip, golden, import.meta.url);

const send = (command: number, context: number, data: Bytes) =>
  write().u16le(command, 0).u32le(7, 0).u64le(context).u32le(0).bytes(data);
/** A message of one command with its length filled in. */
function message(command: number, context: number, data: Bytes): Uint8Array {
  const bytes = send(command, context, data).build();
  new DataView(bytes.buffer).setUint16(2, bytes.length - 24, true);
  return bytes;
}
const unconnected = (context: number, cip: Bytes) =>
  message(0x6f, context, write().u32le(0).u16le(10, 2, 0, 0, 0xb2).lengthPrefixed16le(cip));
const connected = (connection: number, sequence: number, cip: Bytes) =>
  message(
    0x70,
    0,
    write()
      .u32le(0)
      .u16le(0, 2, 0xa1, 4)
      .u32le(connection)
      .u16le(0xb1)
      .lengthPrefixed16le(write().u16le(sequence).bytes(cip)),
  );
/** Attributes 1 to 7 of an Identity object, with the name "PLC". */
const identity = (vendor: number, serial: number) =>
  write().hex('81000000').u16le(vendor, 14, 55).u8(20, 11).u16le(0x60).u32le(serial).u8(3).text('PLC');
const GET_IDENTITY = hex('01 02 2001 2401');
const routedTo = (slot: number, request: Uint8Array) =>
  write().hex('52 02 2006 2401 07f9').u16le(request.length).bytes(request).hex('0100').u8(1, slot);

async function told(messages: readonly Message[]) {
  const conversation = tcp({ client: '10.1.0.10', server: '10.1.0.20', port: 44818 }, messages);
  const observations = await observationsOf(capture('test', [conversation]).toPcap(), { protocols: [enip] });
  return observations
    .filter(({ provenance }) => provenance.from === 'capture' && provenance.protocol === 'enip')
    .map(({ kind, subject, value }) => ({ kind, part: subject.part, value }));
}
const operation = (what: string, kind: string, more = {}) =>
  expect.objectContaining({ kind: 'operation', value: expect.objectContaining({ what, kind, ...more }) });

describe('answers of EtherNet/IP', () => {
  it('belong to the request of their context, in whatever order they come', async () => {
    const facts = await told([
      fromClient(unconnected(1, routedTo(0, GET_IDENTITY))),
      fromClient(unconnected(2, routedTo(4, GET_IDENTITY))),
      fromServer(unconnected(2, identity(1, 0x44))),
      fromServer(unconnected(1, identity(1, 0x11))),
    ]);
    const serials = facts.filter(({ kind }) => kind === 'device.serial');
    expect(serials).toEqual([
      { kind: 'device.serial', part: 'cip:1/4', value: '0x00000044' },
      { kind: 'device.serial', part: 'cip:1/0', value: '0x00000011' },
    ]);
  });

  it('on a connection whose opening was not seen are of a part with their serial number: it may lead anywhere', async () => {
    const facts = await told([
      fromClient(connected(0x51, 9, GET_IDENTITY)),
      fromServer(connected(0x62, 9, identity(1, 0x99))),
    ]);
    const serials = facts.filter(({ kind }) => kind === 'device.serial');
    expect(serials).toEqual([{ kind: 'device.serial', part: 'cip:serial/00000099', value: '0x00000099' }]);
    expect(facts).toContainEqual(operation('read Identity', 'diagnostic', { accepted: true }));
  });

  it('keep what came before the break', async () => {
    const cut = identity(47, 0x55).build().subarray(0, 16);
    const kinds = (await told([fromClient(unconnected(1, GET_IDENTITY)), fromServer(unconnected(1, cut))])).map(
      ({ kind }) => kind,
    );
    expect(kinds).toContain('device.vendor');
    expect(kinds).toContain('device.firmware');
    expect(kinds).not.toContain('device.serial');
    expect(kinds).not.toContain('device.model');
  });

  it('say what was refused', async () => {
    const write1 = hex('4d 05 91 05 4c6576656c 00 28 03 c400 0100 01000000');
    const facts = await told([fromClient(unconnected(1, write1)), fromServer(unconnected(1, hex('cd 00 0f 00')))]);
    expect(facts).toEqual([operation('write tag', 'write', { detail: 'Level[3]', accepted: false })]);
  });
});

describe('operations over EtherNet/IP', () => {
  it('without an answer are told when the capture ends', async () => {
    const facts = await told([fromClient(unconnected(1, hex('05 02 2001 2401')))]);
    expect(facts).toEqual([operation('reset device', 'mode', { detail: 'restart' })]);
    expect(facts[0]?.value).not.toHaveProperty('accepted');
  });

  it('are none of Rockwell Automation where the server says it is of another maker', async () => {
    const STOP = hex('07 02 208e 2401');
    expect(await told([fromClient(unconnected(1, STOP))])).toEqual([operation('stop controller', 'mode')]);
    const facts = await told([
      fromClient(unconnected(1, GET_IDENTITY)),
      fromServer(unconnected(1, identity(47, 0x55))),
      fromClient(unconnected(2, STOP)),
    ]);
    expect(facts).toContainEqual(operation('stop Class (0x8e)', 'mode'));
  });

  it('are told in the order of a packet of several, refused ones among them', async () => {
    const several = hex('0a 02 2002 2401 0200 0600 0c00 01022004 2464 10022004 2465 ff');
    const answers = hex('8a 00 1e 00 0200 0600 0b00 81000000 01 90000f00');
    const facts = await told([fromClient(unconnected(1, several)), fromServer(unconnected(1, answers))]);
    expect(facts).toEqual([
      operation('read Assembly', 'read', { accepted: true }),
      operation('set Assembly', 'write', { detail: 'instance 101', accepted: false }),
    ]);
  });
});

describe('commands of EtherNet/IP', () => {
  it('that only older devices have do not end the conversation', async () => {
    const facts = await told([
      fromClient(message(0x01, 0, write())),
      fromClient(message(0x6c, 0, write().zeros(6))),
      fromClient(unconnected(1, GET_IDENTITY)),
      fromServer(unconnected(1, identity(1, 0x77))),
    ]);
    expect(facts).toContainEqual({ kind: 'device.serial', part: undefined, value: '0x00000077' });
  });
});
