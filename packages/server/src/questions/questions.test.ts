// Questions put to real servers of each protocol on loopback: what is asked, what comes of it in the inventory, what is
// kept, and that nothing is asked that nobody allowed.
import { createSocket } from 'node:dgram';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { analyse, type ByteSource } from '@interlock/wire';
import { type IServiceVector, ServerTCP } from 'modbus-serial';
import snmp from 'net-snmp';
import { OPCUAServer } from 'node-opcua-server';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { ask } from './asker.ts';
import { QUESTIONS, questionNamed } from './list/index.ts';
import type { Question } from './question.ts';
import { Recording } from './record.ts';
import { parseSubnet } from './subnet.ts';

const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

/** Ports of the servers that these tests start, by question. */
const ports = new Map<string, number>();
const portOf = ({ name }: Question): number => ports.get(name) ?? 9;

const questionOf = (name: string): Question => {
  const question = questionNamed(name);
  if (!question) throw new Error(`no question ${name}`);
  return question;
};
function sourceOf(bytes: Uint8Array): ByteSource {
  let from = 0;
  return {
    read(into, at, length) {
      const piece = bytes.subarray(from, from + length);
      into.set(piece, at);
      from += piece.length;
      return piece.length;
    },
  };
}
/** A UDP port that nobody uses. */
function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  return new Promise((resolve) =>
    socket.bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    }),
  );
}
/** Asks on loopback, and reads what was recorded as any capture is read. */
async function factsOf(name: string, community?: string) {
  const recording = new Recording();
  const stop = new AbortController();
  const target = { ip: '127.0.0.1', ...(community === undefined ? {} : { community }) };
  const options = { interval: 1, now: () => 1_767_225_600_000, signal: stop.signal, portOf };
  const asked = await ask(questionOf(name), target, recording, options);
  const facts = new Map<string, unknown[]>();
  for await (const { observations } of analyse(sourceOf(recording.bytes())))
    for (const { kind, value } of observations) facts.set(kind, [...(facts.get(kind) ?? []), value]);
  return { asked, facts, bytes: recording.bytes() };
}
const portOfServer = (server: Server): number => (server.address() as AddressInfo).port;

describe('what devices answer', () => {
  beforeAll(async () => {
    const identification = { 0: 'Schneider Electric', 1: 'BMX P34 2020', 2: 'V3.20', 4: 'Modicon M340' };
    const registers = { readDeviceIdentification: () => identification } as unknown as IServiceVector;
    const modbus = new ServerTCP(registers, { host: '127.0.0.1', port: 0, unitID: 255 });
    closing.push(() => new Promise((done) => modbus.close(done)));
    await new Promise((ready) => modbus.on('initialized', ready));
    ports.set('modbus-device-identification', portOfServer((modbus as unknown as { _server: Server })._server));

    const web = createHttpServer((_, answer) => answer.setHeader('server', 'GoAhead-Webs/2.5').end());
    await new Promise<void>((ready) => web.listen(0, '127.0.0.1', ready));
    closing.push(() => web.close());
    ports.set('http-head', portOfServer(web));

    const { private: key } = ssh2.utils.generateKeyPairSync('ed25519');
    const shell = new ssh2.Server({ hostKeys: [key], ident: 'dropbear_2022.83' }, () => undefined);
    await new Promise<void>((ready) => shell.listen(0, '127.0.0.1', ready));
    closing.push(() => shell.close());
    ports.set('ssh-hello', (shell.address() as AddressInfo).port);

    const port = await freePort();
    const agent = snmp.createAgent({ port, address: '127.0.0.1', disableAuthorization: true }, () => undefined);
    closing.push(() => agent.close());
    const mib = agent.getMib();
    for (const [name, arc] of [
      ['sysDescr', 1],
      ['sysName', 5],
    ] as const)
      mib.registerProvider({
        name,
        type: snmp.MibProviderType.Scalar,
        oid: `1.3.6.1.2.1.1.${arc}`,
        scalarType: snmp.ObjectType.OctetString,
        maxAccess: snmp.MaxAccess['read-only'],
      });
    mib.setScalarValue('sysDescr', 'Moxa EDS-408A, firmware V3.8');
    mib.setScalarValue('sysName', 'switch-hall-1');
    ports.set('snmp-system', port);
    ports.set('snmp-engine', port);

    const opcua = new OPCUAServer({
      port: 0,
      hostname: '127.0.0.1',
      serverInfo: { applicationName: { text: 'Press 4' } },
    });
    await opcua.start();
    closing.push(() => opcua.shutdown());
    ports.set('opcua-endpoints', opcua.endpoints[0]?.port ?? 0);

    const silent = createServer((socket) => socket.on('data', () => undefined));
    await new Promise<void>((ready) => silent.listen(0, '127.0.0.1', ready));
    closing.push(() => silent.close());
    ports.set('tls-hello', portOfServer(silent));
  });

  test('Modbus', async () => {
    const { facts, asked } = await factsOf('modbus-device-identification');
    expect(asked.problem).toBeUndefined();
    expect(facts.get('device.vendor')).toContain('Schneider Electric');
    expect(facts.get('device.firmware')).toContain('V3.20');
    expect(facts.get('traffic.malformed')).toBeUndefined();
  });
  test('HTTP and SSH', async () => {
    expect((await factsOf('http-head')).facts.get('http.server')).toEqual(['GoAhead-Webs/2.5']);
    expect((await factsOf('ssh-hello')).facts.get('ssh.banner')).toContain('SSH-2.0-dropbear_2022.83');
  });
  test('SNMP: the community is used, and not kept', async () => {
    const { facts, bytes, asked } = await factsOf('snmp-system', 'Kx7q-secret');
    expect(asked.problem).toBeUndefined();
    expect(facts.get('device.hostname')).toEqual(['switch-hall-1']);
    expect(Buffer.from(bytes).includes('Kx7q-secret')).toBe(false);
    const without = await factsOf('snmp-system');
    expect(without.asked).toMatchObject({ sent: 0, problem: 'no community was given' });
    expect((await factsOf('snmp-engine')).facts.get('snmp.engine-id')).toHaveLength(1);
  });
  test('OPC UA', async () => {
    const { facts, asked } = await factsOf('opcua-endpoints');
    expect(asked).toMatchObject({ sent: 4, answers: 3 });
    expect(JSON.stringify([...facts])).toContain('Press 4');
  });
  test('nobody there, and somebody who says nothing', async () => {
    expect((await factsOf('s7-szl')).asked).toMatchObject({ answers: 0, problem: 'refused' });
    expect((await factsOf('tls-hello')).asked).toMatchObject({ sent: 1, answers: 0, problem: 'no answer' });
    expect((await factsOf('cip-list-identity')).asked).toMatchObject({ answers: 0 });
  });
});

describe('the allow-list', () => {
  test('is read by our own protocols without a complaint, and changes nothing', async () => {
    for (const question of QUESTIONS) {
      const recording = new Recording();
      for (const requests of question.tries) {
        const ends = { local: '10.0.0.9', localPort: 50_000, remote: '10.0.0.5', remotePort: question.port };
        const target = { ip: '10.0.0.5', community: 'public' };
        const all = requests.map(({ bytes }) => bytes([], target) ?? new Uint8Array(0));
        if (question.transport === 'tcp') {
          const connection = recording.connection(ends);
          connection.opened(0);
          for (const bytes of all) connection.data(true, bytes, 0);
          connection.closed(0);
        } else for (const bytes of all) recording.datagram(ends, true, bytes, 0);
      }
      const told: { kind: string; value: unknown }[] = [];
      for await (const { observations } of analyse(sourceOf(recording.bytes()))) told.push(...observations);
      const broken = told.filter(({ kind }) => kind === 'traffic.malformed' || kind === 'traffic.not-understood');
      expect([question.name, broken]).toEqual([question.name, []]);
      const kinds = told
        .filter(({ kind }) => kind === 'operation')
        .map(({ value }) => (value as { kind: string }).kind);
      for (const kind of kinds) expect(['read', 'diagnostic', 'session'], question.name).toContain(kind);
    }
  });
});

describe('subnets', () => {
  test.each([
    ['10.1.0.0/24', '10.1.0.77', true],
    ['10.1.0.0/24', '10.1.1.77', false],
    ['fd00:1::/64', 'fd00:1::5', true],
    ['192.168.0.0/16', 'fd00:1::5', false],
  ])('%s and %s', (cidr, ip, inside) => {
    const subnet = parseSubnet(cidr);
    expect('holds' in subnet && subnet.holds(ip)).toBe(inside);
  });
  test.each([
    ['8.8.8.0/24', 'public'],
    ['10.0.0.0/8', 'more than one plant'],
    ['10.0.0.0', 'no network'],
    ['plant/24', 'no network'],
    ['10.0.0.0/24/3', 'no network'],
  ])('%s is refused', (cidr, why) => {
    expect(parseSubnet(cidr)).toMatchObject({ problem: expect.stringContaining(why) });
  });
});

describe('a run', () => {
  let at: TestServer;
  beforeAll(async () => {
    at = await startTestServer({ questionPort: portOf });
    closing.push(() => at.end());
  });

  test('asks the devices that were met, and hands on what was exchanged as a capture', async () => {
    const met = new Recording();
    met.datagram(
      { local: '127.0.0.2', localPort: 40_000, remote: '127.0.0.1', remotePort: 40_001 },
      false,
      new Uint8Array(9),
      1_767_225_600_000,
    );
    met.datagram(
      { local: '10.9.9.8', localPort: 40_000, remote: '10.9.9.9', remotePort: 40_001 },
      true,
      new Uint8Array(9),
      1_767_225_600_000,
    );
    await at.upload(met.bytes(), 'met.pcap');
    await at.settled();

    const nobody = await at.call('addQuestionSubnet', {
      body: { cidr: '9.9.9.0/24', questions: ['http-head'], author: 'me' },
    });
    expect(nobody.error?.code).toBe('question.bad-subnet');
    const unknown = await at.call('addQuestionSubnet', {
      body: { cidr: '10.9.9.0/24', questions: ['format-disk'], author: 'me' },
    });
    expect(unknown.error?.code).toBe('question.unknown');
    const allowed = await at.get('addQuestionSubnet', {
      body: { cidr: '10.9.9.0/24', questions: ['cip-list-identity'], author: 'Shift lead' },
    });
    const plan = await at.get('planQuestions', { params: { id: allowed.id } });
    expect(plan.devices.map(({ ip, questions }) => [ip, questions])).toEqual([['10.9.9.8', ['cip-list-identity']]]);
    expect((await at.get('listQuestionRuns')).items).toEqual([]);

    const run = await at.get('startQuestions', { body: { subnet: allowed.id, author: 'Shift lead', interval: 100 } });
    expect(run).toMatchObject({ state: 'running', devices: 1, author: 'Shift lead' });
    const busy = await at.call('startQuestions', { body: { subnet: allowed.id, author: 'other' } });
    expect(busy.error?.code).toBe('question.busy');
    let ended = run;
    while (ended.state === 'running') {
      await new Promise((next) => setTimeout(next, 100));
      ended = (await at.get('listQuestionRuns')).items[0] ?? ended;
    }
    const asked = await at.get('listAsked', { params: { id: run.id } });
    expect(asked.items.map(({ ip, question }) => [ip, question])).toEqual([['10.9.9.8', 'cip-list-identity']]);
    expect(ended).toMatchObject({ done: 1, state: 'done' });

    await at.get('removeQuestionSubnet', { params: { id: allowed.id } });
    const gone = await at.call('startQuestions', { body: { subnet: allowed.id, author: 'Shift lead' } });
    expect(gone.error?.code).toBe('question.no-such-subnet');
  });
});
