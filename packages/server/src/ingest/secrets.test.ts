// A password that crosses in a capture lies in that file and nowhere else: not in the store, not in the log, not in any
// answer of the API.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { addressOf } from '@interlock/model/api';
import { ber, capture, fromClient, fromServer, hex, tcp, udp, udpExchange, write } from '@interlock/wire/testing';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.end();
  server = undefined;
});

const SECRETS = [
  'hush-query-1',
  'aHVzaC1iYXNpYy0y',
  'hush-basic-2',
  'hush-community-3',
  'hush-location-4',
  'hush-form-5',
];
const web = { client: '10.9.0.5', server: '10.9.0.20', port: 80 };
const answer = 'HTTP/1.1 200 OK\r\nServer: Panel/2\r\nContent-Length: 0\r\n\r\n';
const form = 'user=op&password=hush-form-5';
const lines = capture('logins', [
  tcp(web, [
    fromClient(write().text('GET /status?user=op&password=hush-query-1 HTTP/1.1\r\nHost: panel\r\n\r\n')),
    fromServer(write().text(answer)),
    fromClient(
      write().text(
        'GET / HTTP/1.1\r\nHost: op:hush-basic-2@panel\r\nAuthorization: Basic b3A6aHVzaC1iYXNpYy0y\r\n\r\n',
      ),
    ),
    fromServer(write().text(answer)),
    fromClient(
      write().text(
        `POST /login HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n\r\n${form}`,
      ),
    ),
    fromServer(write().text(answer)),
  ]),
  udpExchange({ client: '10.9.0.5', server: '10.9.0.21', port: 161 }, [
    fromServer(
      ber(
        0x30,
        ber(0x02, write().u8(1)),
        ber(0x04, write().text('hush-community-3')),
        ber(
          0xa2,
          hex('020101 020100 020100'),
          ber(0x30, ber(0x30, ber(0x06, hex('2b06010201010500')), ber(0x04, write().text('sw-9')))),
        ),
      ),
    ),
  ]),
  udp(
    { from: '10.9.0.22', fromPort: 1900, to: '239.255.255.250', toPort: 1900 },
    write().text(
      'NOTIFY * HTTP/1.1\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\nSERVER: X/1 UPnP/1.0 Y/2\r\nUSN: uuid:1\r\nLOCATION: http://op:hush-location-4@10.9.0.22/d.xml\r\n\r\n',
    ),
  ),
]);

const filesIn = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  });
const secretsIn = (text: string): string[] => SECRETS.filter((secret) => text.includes(secret));

test('passwords of a capture are nowhere but in its file', async () => {
  const logged: string[] = [];
  const at = await startTestServer({ logger: pino({ level: 'trace' }, { write: (line) => logged.push(line) }) });
  server = at;
  const file = lines.toPcap();
  const { output } = await at.upload(file, 'logins.pcap');
  await at.settled();
  const id = output?.capture.id ?? '';

  const answers: unknown[] = [];
  const { items } = await at.get('listDevices');
  const told: string[] = [];
  for (const { id: device } of items) {
    const detail = await at.get('getDevice', { params: { id: device } });
    answers.push(detail, await at.get('listConversations', { params: { id: device } }));
    for (const { kind, values } of detail.facts)
      for (const { fact } of values.flatMap(({ sources }) => sources)) {
        told.push(kind);
        answers.push(await at.get('getEvidence', { params: { fact } }));
      }
  }
  expect(told.filter((kind) => kind === 'credential.cleartext').length).toBeGreaterThanOrEqual(4);
  expect(told).toContain('upnp.location');
  const masked: string[] = [];
  for (let number = 1; number <= lines.frames.length; number++) {
    const frame = await at.get('getFrame', { params: { id, number } });
    answers.push(frame, Buffer.from(frame.hex, 'hex').toString('latin1'));
    for (const { from, to, what } of frame.masked) {
      masked.push(what);
      expect(frame.hex.slice(2 * from, 2 * to)).toBe('2a'.repeat(to - from));
    }
  }
  expect(masked).toEqual(
    expect.arrayContaining([
      'HTTP query password',
      'HTTP basic password',
      'HTTP form password',
      'SNMP community',
      'password in an address',
    ]),
  );
  for (const search of SECRETS) answers.push((await at.get('listDevices', { query: { search } })).items);
  for (const format of ['csv', 'json'] as const)
    answers.push(await (await at.fetch(`${addressOf('exportDevices')}?format=${format}`)).text());

  expect(secretsIn(JSON.stringify(answers))).toEqual([]);
  expect(logged.length).toBeGreaterThan(0);
  expect(secretsIn(logged.join(''))).toEqual([]);
  const stored = filesIn(at.data).filter((path) => !readFileSync(path).equals(file));
  expect(stored.length).toBeGreaterThan(0);
  expect(stored.filter((path) => secretsIn(readFileSync(path).toString('latin1')).length > 0)).toEqual([]);
});
