import { describe, expect, it } from 'vitest';
import { Reader } from '../../reader.ts';
import { hex } from '../../testing/index.ts';
import { readPath } from './path.ts';

const read = (digits: string) => {
  const bytes = hex(digits);
  return readPath(new Reader(new DataView(bytes.buffer), 0, bytes.length), bytes.length / 2, true);
};

describe('CIP path', () => {
  it('names class, instance and attribute in 8, 16 and 32 bits', () => {
    expect(read('20 01 24 01 30 07')).toMatchObject({ classId: 1, instance: 1, attribute: 7, route: [] });
    expect(read('21 00 34 03 25 00 01 02')).toMatchObject({ classId: 0x334, instance: 0x201, attribute: -1 });
    expect(read('20 04 26 00 01 00 01 00')).toMatchObject({ classId: 4, instance: 0x10001 });
  });

  it('keeps the object around a nested one', () => {
    expect(read('20 68 25 00 20 24 20 6a 25 00 01 bf')).toMatchObject({
      outerClass: 0x68,
      classId: 0x6a,
      instance: 0xbf01,
    });
  });

  it('follows ports: slots, addresses in text, and ports above 14', () => {
    expect(read('01 00').route).toEqual(['1/0']);
    // "10.0.0.1", then one of odd length with a filler
    expect(read('01 02 12 08 31302e302e302e31 12 0931302e302e302e3132 00').route).toEqual([
      '1/2',
      '2/10.0.0.1',
      '2/10.0.0.12',
    ]);
    expect(read('0f 13 00 05').route).toEqual(['19/5']);
    expect(read('1f 02 13 00 de ad').route).toEqual(['19/dead']);
  });

  it('shows link addresses that are no plain text as hex, so that they cannot forge a route', () => {
    expect(read('12 04 31 3e 63 3a').route).toEqual(['2/313e633a']);
  });

  it('stops at the ninth port', () => {
    expect(read('01 00 '.repeat(40)).route).toHaveLength(8);
  });

  it('reads the key at its place in the route', () => {
    const { key, route, classId } = read('01 03 34 04 0100 0e00 3600 90 14 20 02 24 01');
    expect(key).toEqual({
      vendorId: 1,
      deviceType: 14,
      productCode: 54,
      major: 16,
      minor: 20,
      compatible: true,
      hops: 1,
    });
    expect({ route, classId }).toEqual({ route: ['1/3'], classId: 2 });
  });

  it('puts symbols together with members and elements', () => {
    expect(read('91 05 4c65 7665 6c 00 28 03 91 02 5056').symbol).toBe('Level[3].PV');
    expect(read('63 414243').symbol).toBe('ABC');
  });

  it('skips network and data segments', () => {
    expect(read('43 0a 20 04 24 66 80 01 01 02')).toMatchObject({ classId: 4, instance: 0x66 });
    expect(read('50 02 0102 0304 20 04 24 66')).toMatchObject({ classId: 4, instance: 0x66 });
  });

  it('is empty where nothing can be read', () => {
    expect(read('')).toMatchObject({ classId: -1, route: [], hasSymbol: false });
    expect(read('e0 00')).toMatchObject({ classId: -1 });
    expect(read('00 00')).toMatchObject({ classId: -1, route: [] });
  });
});
