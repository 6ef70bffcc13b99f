import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressSortText, factText, inShownOrder, searchWords, sortText } from './texts.ts';

const sorted = (texts: string[]) => [...texts].sort((a, b) => (sortText(a) < sortText(b) ? -1 : 1));

test('texts sort as people count: numbers as numbers, without case and accents', () => {
  expect(sorted(['PLC 10', 'plc 2', 'PLC 1'])).toEqual(['PLC 1', 'plc 2', 'PLC 10']);
  expect(sorted(['V3.2.10', 'V3.2.6', 'V3.10'])).toEqual(['V3.2.6', 'V3.2.10', 'V3.10']);
  expect(sorted(['zebra', 'Öfen', 'over'])).toEqual(['Öfen', 'over', 'zebra']);
  expect(sortText('007')).toBe(sortText('7'));
  expect(sortText(undefined)).toBe('');
});

test('sorting texts keeps numbers in order, whatever is around them', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 10 }), fc.nat(), fc.nat(), (before, a, b) => {
      fc.pre(!/\d$/.test(before) && a !== b);
      expect(sortText(`${before}${a}`) < sortText(`${before}${b}`)).toBe(a < b);
    }),
  );
});

test('addresses: IPv4 by number, then IPv6, then MAC', () => {
  const mac = { kind: 'mac', value: '00:1b:1b:00:00:01' } as const;
  const near = { kind: 'ipv4', value: '10.0.0.9' } as const;
  const far = { kind: 'ipv4', value: '10.0.0.10' } as const;
  const v6 = { kind: 'ipv6', value: 'fe80::1' } as const;
  expect(inShownOrder([mac, v6, far, near])).toEqual([near, far, v6, mac]);
  expect(addressSortText([far]) > addressSortText([near])).toBe(true);
  expect(addressSortText([])).toBe('');
});

test('MAC addresses are found in any usual spelling', () => {
  for (const spelling of ['00-1B-1B-23-EB-3B', '001b.1b23.eb3b', '001B1B23EB3B', '00:1b:1b:23:eb:3b'])
    expect(searchWords(spelling)).toEqual(['00:1b:1b:23:eb:3b']);
  expect(searchWords('00-1B-1B')).toEqual(['00:1b:1b']);
  expect(searchWords('  Two WORDS ')).toEqual(['two', 'words']);
  expect(searchWords('123456789012')).toEqual(['123456789012']);
});

test('values in one line for people', () => {
  expect(factText('service.offered', { transport: 'tcp', port: 502, protocol: 'modbus' })).toBe('modbus on tcp/502');
  expect(factText('service.offered', { transport: 'udp', port: 9 })).toBe('not recognised on udp/9');
  expect(factText('address.seen', true)).toBe('yes');
  expect(factText('credential.cleartext', { what: 'SNMP community' })).toBe('SNMP community');
  expect(factText('device.description', 'x'.repeat(400))).toHaveLength(300);
});
