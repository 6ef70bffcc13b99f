import { ascii, type Question, viewOf } from '../question.ts';

const endsHead = (received: Uint8Array): boolean => Buffer.from(received).includes('\r\n\r\n');
/** A literal address in a URL: IPv6 in brackets (RFC 3986 section 3.2.2). */
const hostOf = (ip: string): string => (ip.includes(':') ? `[${ip}]` : ip);

export const http: Question = {
  name: 'http-head',
  title: 'HTTP head',
  tells: 'server software, realm, cookies that products are known by',
  spec: 'RFC 9110 section 9.3.2',
  transport: 'tcp',
  port: 80,
  tries: [
    [
      {
        what: 'HEAD /',
        bytes: (_, { ip }) =>
          ascii(`HEAD / HTTP/1.1\r\nHost: ${hostOf(ip)}\r\nUser-Agent: Interlock\r\nConnection: close\r\n\r\n`),
      },
    ],
  ],
  isWhole: endsHead,
};

export const ssdp: Question = {
  name: 'ssdp-search',
  title: 'SSDP search',
  tells: 'UPnP server, device type, address of its description',
  spec: 'UPnP Device Architecture 2.0 section 1.3.2',
  transport: 'udp',
  port: 1900,
  tries: [
    [
      {
        what: 'M-SEARCH for root devices',
        bytes: (_, { ip }) =>
          ascii(
            `M-SEARCH * HTTP/1.1\r\nHOST: ${hostOf(ip)}:1900\r\nMAN: "ssdp:discover"\r\nMX: 1\r\nST: upnp:rootdevice\r\n\r\n`,
          ),
      },
    ],
  ],
};

/** RFC 8446 section 4.1.2 and RFC 5246 section 7.4.1.2: TLS 1.2, because from 1.3 on the certificate is not readable. */
function clientHello(): Uint8Array {
  const suites = [
    0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc00a, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035,
    0x000a,
  ];
  const words = (values: readonly number[]) => values.flatMap((value) => [value >> 8, value & 0xff]);
  const extension = (type: number, content: readonly number[]) => [...words([type, content.length]), ...content];
  const list = (values: readonly number[]) => [...words([values.length * 2]), ...words(values)];
  const extensions = [
    ...extension(10, list([29, 23, 24, 25])), // groups
    ...extension(11, [1, 0]), // uncompressed points
    ...extension(13, list([0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201])),
    ...extension(0xff01, [0]), // secure renegotiation
  ];
  const hello = [
    3,
    3,
    ...ascii('Interlock asks who you are here.'), // 32 bytes that need not be random: no key is made of them
    0,
    ...list(suites),
    1,
    0,
    ...words([extensions.length]),
    ...extensions,
  ];
  const handshake = [1, 0, ...words([hello.length]), ...hello];
  return Uint8Array.from([22, 3, 1, ...words([handshake.length]), ...handshake]);
}

/** Whether the server's flight is there: its last message is ServerHelloDone (14); or it sent an alert. */
function hasServerFlight(received: Uint8Array): boolean {
  const view = viewOf(received);
  let flight: number[] = [];
  for (let at = 0; at + 5 <= received.length; ) {
    const length = view.getUint16(at + 3);
    if (received[at] === 21) return true;
    if (received[at] !== 22 || at + 5 + length > received.length) break;
    flight = [...flight, ...received.subarray(at + 5, at + 5 + length)];
    at += 5 + length;
  }
  for (
    let at = 0;
    at + 4 <= flight.length;
    at += 4 + (((flight[at + 1] ?? 0) << 16) | ((flight[at + 2] ?? 0) << 8) | (flight[at + 3] ?? 0))
  )
    if (flight[at] === 14) return true;
  return false;
}

export const tls: Question = {
  name: 'tls-hello',
  title: 'TLS hello',
  tells: 'TLS version, cipher, certificate',
  spec: 'RFC 5246 section 7.4.1.2',
  transport: 'tcp',
  port: 443,
  tries: [[{ what: 'client hello of TLS 1.2', bytes: clientHello }]],
  isWhole: hasServerFlight,
};
