import { expect, test } from 'vitest';
import { Reader } from '../../reader.ts';
import { goldenTest } from '../../testing/golden-test.ts';
import type { ByteWriter } from '../../testing/index.ts';
import { readClientHello } from './hello.ts';
import { algorithms, application, clientHelloBody, empty, groups, serverName, versions } from './hellos.golden.ts';
import { golden } from './tls.golden.ts';
import { tls } from './tls.ts';

goldenTest(tls, golden, import.meta.url);

const readerOf = (writer: ByteWriter) => {
  const bytes = writer.build();
  return new Reader(new DataView(bytes.buffer), 0, bytes.length);
};

test('JA4 gives the value that FoxIO publishes as its example', () => {
  // Ciphers, extensions and algorithms of the example; the order of the first two is free, as both are sorted.
  const body = clientHelloBody({
    ciphers: [
      0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f,
      0x0035,
    ],
    extensions: [
      serverName('example.com'),
      application('h2', 'http/1.1'),
      algorithms(0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601),
      groups(0x001d),
      versions(0x0304, 0x0303),
      ...[0x001b, 0x0033, 0x4469, 0x0017, 0x002d, 0x0005, 0x0023, 0x0012, 0xff01, 0x000b, 0x0015].map(empty),
    ],
  });
  expect(readClientHello(readerOf(body), 't')?.ja4).toBe('t13d1516h2_8daaf6152771_e5627efa2ab1');
});

test('names of application protocols that are no text are shown by their hex digits', () => {
  const body = clientHelloBody({ ciphers: [0x1301], extensions: [application('\xab\xcd')] });
  expect(readClientHello(readerOf(body), 't')?.ja4).toMatch(/^t12i0101ad_/);
});

test('a client hello that is cut off in its extensions has no fingerprint', () => {
  const body = clientHelloBody({ ciphers: [0x1301], extensions: [serverName('a.example'), groups(0x001d)] }).build();
  const reader = new Reader(new DataView(body.buffer), 0, body.length - 3);
  expect(readClientHello(reader, 't')).toMatchObject({ serverName: '', ja3: '', ja4: '' });
});
