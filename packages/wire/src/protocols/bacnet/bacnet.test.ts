import { describe, expect, it } from 'vitest';
import { Reader } from '../../reader.ts';
import { observationsOf } from '../../testing/golden-lines.ts';
import { goldenTest } from '../../testing/golden-test.ts';
import { capture, type Frame, hex, udp, write } from '../../testing/index.ts';
import { golden } from './bacnet.golden.ts';
import { bacnet } from './bacnet.ts';
import { ipOfHex, readText, stationAddress } from './tags.ts';

goldenTest(bacnet, golden, import.meta.url);

const DEVICE = '10.20.0.8';
const CLIENT = '10.20.0.5';
const from = (sender: string, digits: string): Frame => {
  const data = hex(digits);
  const receiver = sender === DEVICE ? CLIENT : DEVICE;
  const payload = write()
    .u8(0x81, 0x0a)
    .u16(4 + data.length)
    .bytes(data);
  return udp({ from: sender, fromPort: 47808, to: receiver, toPort: 47808 }, payload);
};
async function told(...frames: readonly Frame[]) {
  const observations = await observationsOf(capture('test', frames).toPcap(), { protocols: [bacnet] });
  return observations
    .filter(({ provenance }) => provenance.from === 'capture' && provenance.protocol === 'bacnet')
    .map(({ kind, value }) => ({ kind, value }));
}

describe('answers in segments', () => {
  const first = from(DEVICE, '0100 3c 07 00 04 0c 0c 02000001 19 46 3e 75 0b 00');
  const second = from(DEVICE, '0100 3c 07 01 04 0c 4578616d70');
  const last = from(DEVICE, '0100 38 07 02 04 0c 6c65205043 3f');
  const model = { kind: 'device.model', value: 'Example PC' };

  it('are put together', async () => {
    expect(await told(first, second, last)).toContainEqual(model);
  });
  it('may come again', async () => {
    expect(await told(first, second, second, last)).toContainEqual(model);
    expect(await told(first, first, second, last)).toContainEqual(model);
  });
  it('are given up where one is missing', async () => {
    expect(await told(first, last)).toEqual([]);
  });
});

describe('stations behind a router', () => {
  it('are devices of their own, and the router says so', async () => {
    const facts = await told(from(DEVICE, '0108 0a29 01 11 10 00 c4 0203f81d 22 05c4 91 03 21 23'));
    expect(facts).toContainEqual({ kind: 'bacnet.address', value: '17' });
    expect(facts).toContainEqual({ kind: 'bacnet.network', value: 2601 });
    expect(facts).toContainEqual({ kind: 'service.role', value: 'BACnet router' });
  });
  it('that are the sender itself make no part and no router', async () => {
    const facts = await told(from(DEVICE, '0108 0a29 06 0a140008bac0 10 00 c4 0203f81d 22 05c4 91 03 21 23'));
    expect(facts).toContainEqual({ kind: 'bacnet.address', value: '10.20.0.8:47808' });
    expect(facts.map(({ kind }) => kind)).not.toContain('service.role');
  });
  it('have addresses as people write them', () => {
    expect(stationAddress(hex('11'))).toBe('17');
    expect(stationAddress(hex('0a140008 bac1'))).toBe('10.20.0.8:47809');
    expect(stationAddress(hex('000c6eb03c15'))).toBe('00:0c:6e:b0:3c:15');
    expect(stationAddress(hex('010203'))).toBe('01:02:03');
  });
});

describe('values', () => {
  const text = (digits: string) => {
    const bytes = hex(digits);
    return readText(new Reader(new DataView(bytes.buffer), 0, bytes.length), bytes.length);
  };
  it('are texts in the character sets of clause 20.2.9', () => {
    expect(text('00 c3a9')).toBe('é');
    expect(text('00 41ae')).toBe('A®');
    expect(text('05 e9')).toBe('é');
    expect(text('04 00e9')).toBe('é');
    expect(text('03 000000e9')).toBe('é');
    expect(text('01 0352 4142')).toBe('AB');
    // Nothing says what bytes above 0x7f mean in this code page, nor in JIS.
    expect(text('01 0352 41e9')).toBe('');
    expect(text('02 2422')).toBe('');
  });
  it('are addresses of four or sixteen bytes', () => {
    expect(ipOfHex('0a140008')).toBe('10.20.0.8');
    expect(ipOfHex('fd000000000000000000000000200001')).toBe('fd00::20:1');
    expect(ipOfHex('00000000')).toBe('');
    expect(ipOfHex('0a14')).toBe('');
  });
});

describe('recognition on other ports', () => {
  const recognises = (digits: string) => {
    const bytes = hex(digits);
    return bacnet.recognise?.(new Reader(new DataView(bytes.buffer), 0, bytes.length));
  };
  it('takes what has the right length and a network layer, or asks a BBMD', () => {
    expect(recognises('810a000a 0104 0005 010c')).toBe(true);
    expect(recognises('81050006 003c')).toBe(true);
    expect(recognises('8202000b 001017 0100 1008')).toBe(true);
  });
  it('leaves what has not', () => {
    expect(recognises('810a000b 0104 0005 010c')).toBe(false);
    expect(recognises('810a000a 0204 0005 010c')).toBe(false);
    expect(recognises('81')).toBe(false);
  });
});
