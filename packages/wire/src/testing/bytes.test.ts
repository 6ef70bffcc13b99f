import { describe, expect, it } from 'vitest';
import { hexPairs } from '../reader.ts';
import { ber, concat, hex, ipBytes, macBytes, write } from './bytes.ts';
import { internetChecksum, ipPacket, macOf, tcpSegment, udpDatagram } from './frames.ts';

const shown = (bytes: Uint8Array) => hexPairs(bytes, ' ');

describe('the byte writer', () => {
  it('writes numbers in either order', () => {
    expect(shown(write().u8(1, 2).u16(0x0304).u24(0x050607).u32(0x08090a0b).build())).toBe(
      '01 02 03 04 05 06 07 08 09 0a 0b',
    );
    expect(shown(write().u16le(0x0102).u32le(0x01020304).u64le(1n).build())).toBe(
      '02 01 04 03 02 01 01 00 00 00 00 00 00 00',
    );
    expect(shown(write().u8(-1).f32(1).u64(-1).build())).toBe('ff 3f 80 00 00 ff ff ff ff ff ff ff ff');
    expect(() => write().u8(256)).toThrow();
    expect(() => write().u16(1.5)).toThrow();
  });
  it('writes texts, fields of fixed size and lengths before contents', () => {
    expect(shown(write().text('é').latin1('é').utf16le('A').utf16be('A').build())).toBe('c3 a9 e9 41 00 00 41');
    expect(shown(write().text('AB', 4, 0x20).text('ABC', 2).textz('C').build())).toBe('41 42 20 20 41 42 43 00');
    expect(shown(write().lengthPrefixed8(hex('aa')).lengthPrefixed16(write().u8(1)).build())).toBe('01 aa 00 01 01');
    expect(shown(write().u8(1).align(4).build())).toBe('01 00 00 00');
  });
  it('grows as far as needed', () => {
    expect(write().bytes(new Uint8Array(1000), new Uint8Array(5000).fill(7)).build().length).toBe(6000);
  });
  it('writes BER lengths in their shortest form', () => {
    expect(shown(ber(0x04, hex('01')))).toBe('04 01 01');
    expect(shown(ber(0x30, new Uint8Array(200)).subarray(0, 3))).toBe('30 81 c8');
    expect(shown(ber(0x30, new Uint8Array(300)).subarray(0, 4))).toBe('30 82 01 2c');
  });
  it('reads addresses and refuses what is none', () => {
    expect(shown(ipBytes('2001:db8::5'))).toBe('20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 05');
    expect(shown(ipBytes('::ffff:10.0.0.5'))).toBe('00 00 00 00 00 00 00 00 00 00 ff ff 0a 00 00 05');
    expect(shown(macBytes('00:1b:1b:23:eb:3b'))).toBe('00 1b 1b 23 eb 3b');
    for (const wrong of ['10.0.0', '10.0.0.300', '1:2']) expect(() => ipBytes(wrong)).toThrow();
    expect(() => hex('0g')).toThrow();
  });
});

describe('frames', () => {
  it('have checksums that cancel out', () => {
    const ip = ipPacket({ from: '10.0.0.5', to: '10.0.0.9', protocol: 17 }, hex('0102'));
    expect(internetChecksum(ip.subarray(0, 20))).toBe(0);
    const ends = { from: '10.0.0.5', to: '10.0.0.9', fromPort: 1, toPort: 2 };
    const pseudo = (protocol: number, length: number) =>
      concat(ipBytes(ends.from), ipBytes(ends.to), write().u32(length, protocol).build());
    const datagram = udpDatagram(ends, hex('010203'));
    expect(internetChecksum(pseudo(17, datagram.length), datagram)).toBe(0);
    const segment = tcpSegment({ ...ends, sequence: 1, acknowledgement: 2, flags: 2 }, hex('010203'));
    expect(internetChecksum(pseudo(6, segment.length), segment)).toBe(0);
  });
  it('go to the group address that belongs to an IP address', () => {
    expect(macOf('224.0.0.251')).toBe('01:00:5e:00:00:fb');
    expect(macOf('ff02::fb')).toBe('33:33:00:00:00:fb');
    expect(macOf('10.0.0.255')).toBe('ff:ff:ff:ff:ff:ff');
    expect(macOf('10.0.0.9')).toBe('02:00:0a:00:00:09');
  });
});
