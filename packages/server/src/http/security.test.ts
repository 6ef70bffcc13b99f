// Who may do what: hosts, passwords, sessions, tokens, rates, and what every answer carries.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { addressOf, type BodyOf, CSRF_HEADER } from '@interlock/model/api';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { hostName, isLoopback, isSameOrigin } from './hosts.ts';
import { isPassword, setPassword } from './password.ts';
import { Sessions } from './sessions.ts';

const PASSWORD = 'three words make one';

let server: TestServer | undefined;
const folders: string[] = [];
afterEach(async () => {
  await server?.end();
  server = undefined;
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const start = async (options: Parameters<typeof startTestServer>[0] = {}): Promise<TestServer> => {
  server = await startTestServer(options);
  return server;
};
async function folderWithPassword(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-password-'));
  folders.push(folder);
  await setPassword(join(folder, 'console-password.json'), PASSWORD);
  return folder;
}
/** A request with any Host header, which `fetch` does not allow. */
function askAs(at: TestServer, host: string, path = addressOf('getStatus')): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port: new URL(at.address).port, path, headers: { host } }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.on('error', reject);
    request.end();
  });
}

describe('on loopback', () => {
  test('only names of this machine are answered to', async () => {
    const at = await start();
    const { port } = new URL(at.address);
    for (const host of ['localhost', '127.0.0.1', '[::1]', `LOCALHOST:${port}`, `127.0.0.1:${port}`, '127.8.8.8:80'])
      expect((await askAs(at, host)).status, host).toBe(200);
    for (const host of ['evil.example', 'localhost.evil.example', '192.168.0.1', '127.0.0.1.nip.io', '[::2]:80']) {
      const { status, body } = await askAs(at, host);
      expect(status, host).toBe(421);
      expect(JSON.parse(body).error.code, host).toBe('request.wrong-host');
    }
    expect((await askAs(at, 'evil.example', '/')).status).toBe(421);
  });

  test('whatever changes something needs the token of a session, from a page of ours', async () => {
    const at = await start();
    const refused = { status: 403, error: { code: 'session.csrf', whose: 'caller' } };
    const body: BodyOf<'addCorrection'> = { kind: 'name', subjects: ['10.0.0.1'], name: 'x' };
    const session = await at.session();
    expect(await at.call('addCorrection', { body, headers: { [CSRF_HEADER]: 'x'.repeat(43) } })).toMatchObject(refused);
    expect(await at.call('addCorrection', { body, headers: { cookie: 'interlock_session=x' } })).toMatchObject(refused);
    expect(await at.call('addCorrection', { body, headers: { origin: 'http://evil.example' } })).toMatchObject(refused);
    expect(await at.call('addCorrection', { body, headers: { 'sec-fetch-site': 'cross-site' } })).toMatchObject(
      refused,
    );
    const withToken = await at.call('addCorrection', { body, headers: { origin: at.address } });
    expect(withToken.error?.code).toBe('correction.unusable');
    expect(session['cookie']).toMatch(/^interlock_session=/);
    for (const name of ['removeDemo', 'addDemo', 'signOut'] as const) {
      const without = await at.fetch(addressOf(name), { method: name === 'addDemo' ? 'POST' : 'DELETE' });
      expect(without.status, name).toBe(403);
    }
  });

  test('every answer carries the headers that keep a page from doing anything else', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'interlock-console-'));
    folders.push(folder);
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Interlock</title>');
    const at = await start({ console: folder });
    for (const path of ['/', '/devices/abc', addressOf('getStatus'), '/api/v1/nothing']) {
      const { headers } = await at.fetch(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy, path).toMatch(/default-src 'none'/);
      expect(policy, path).toMatch(/frame-ancestors 'none'/);
      expect(policy, path).not.toMatch(/unsafe|http:|\*/);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
      expect(headers.get('access-control-allow-origin'), path).toBeNull();
    }
    expect((await at.fetch(addressOf('getStatus'))).headers.get('cache-control')).toBe('no-store');
    const cookie = (await at.fetch(addressOf('getSession'))).headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
  });

  test('the console has one page for every address that is none of the API', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'interlock-console-'));
    folders.push(folder);
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Interlock</title>');
    writeFileSync(join(folder, 'secret.txt'), 'of the console');
    writeFileSync(join(folder, '..', 'interlock-outside.txt'), 'outside');
    folders.push(join(folder, '..', 'interlock-outside.txt'));
    const at = await start({ console: folder });
    for (const path of ['/', '/devices/d1?tab=facts', '/map'])
      expect(await (await at.fetch(path)).text(), path).toMatch(/<title>Interlock/);
    for (const path of ['/missing.js', '/%2e%2e/interlock-outside.txt', '/..%2finterlock-outside.txt', '/api/v2/x'])
      expect((await at.fetch(path)).status, path).toBe(404);
    expect((await at.fetch('/devices', { method: 'POST' })).status).toBe(404);
  });
});

describe('with a password', () => {
  test('nothing is told to who is not signed in, and everything to who is', async () => {
    const at = await start({ data: await folderWithPassword() });
    expect(await at.get('getSession')).toEqual({ passwordSet: true, signedIn: false });
    for (const name of ['getStatus', 'listDevices', 'listCaptures', 'getOpenApi', 'getMap', 'watchEvents'] as const)
      expect((await at.call(name)).error?.code, name).toBe('session.required');

    const wrong = await at.call('signIn', { body: { password: 'three words make two' } });
    expect(wrong).toMatchObject({ status: 401, error: { code: 'session.wrong-password' } });
    const signedIn = await at.get('signIn', { body: { password: PASSWORD } });
    expect(signedIn).toMatchObject({ passwordSet: true, signedIn: true, csrf: expect.any(String) });
    expect((await at.call('getStatus')).status).toBe(200);
    expect((await at.call('removeDemo')).error?.code).toBe('demo.not-loaded');

    expect(await at.get('signOut')).toEqual({ passwordSet: true, signedIn: false });
    expect((await at.call('getStatus')).error?.code).toBe('session.required');
  });

  test('a session ends when it is idle, and in any case', async () => {
    let now = 1_000_000;
    const sessionTimes = { idleMilliseconds: 1_000, wholeMilliseconds: 2_500 };
    const at = await start({ data: await folderWithPassword(), now: () => now, sessionTimes });
    await at.get('signIn', { body: { password: PASSWORD } });
    now += 900;
    expect((await at.call('getStatus')).status).toBe(200);
    now += 1_001;
    expect((await at.call('getStatus')).error?.code).toBe('session.required');
    await at.get('signIn', { body: { password: PASSWORD } });
    for (let i = 0; i < 3; i++) {
      now += 800;
      expect((await at.call('getStatus')).status).toBe(200);
    }
    now += 200;
    expect((await at.call('getStatus')).error?.code).toBe('session.required');
  });

  test('guessing is slowed down', async () => {
    const at = await start({ data: await folderWithPassword() });
    const codes: (string | undefined)[] = [];
    for (let i = 0; i < 10; i++) {
      const { error, headers } = await at.call('signIn', { body: { password: `guess number ${i}` } });
      codes.push(error?.code);
      if (error?.code === 'session.too-many-attempts') expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect(codes.slice(0, 8)).toEqual(new Array(8).fill('session.wrong-password'));
    expect(codes.at(-1)).toBe('session.too-many-attempts');
  });

  test('the log names what happened and holds no secret', async () => {
    let log = '';
    const sink = new Writable({
      write(chunk, _, done) {
        log += String(chunk);
        done();
      },
    });
    const at = await start({ data: await folderWithPassword(), logger: pino(sink) });
    await at.call('signIn', { body: { password: 'not the right words' } });
    const { csrf = '' } = await at.get('signIn', { body: { password: PASSWORD } });
    await askAs(at, 'evil.example');
    const { cookie = '' } = await at.session();
    await at.call('signOut');
    await at.close();
    for (const event of ['sign-in refused', 'signed in', 'signed out', 'wrong host', 'started', 'stopping'])
      expect(log, event).toContain(`"event":"${event}"`);
    for (const secret of [PASSWORD, 'not the right words', csrf, cookie.split('=')[1] ?? '?'])
      expect(log.includes(secret), secret.slice(0, 4)).toBe(false);
  });
});

test('too many requests of all kinds are slowed down', async () => {
  const at = await start();
  let limited: Response | undefined;
  for (let i = 0; i < 3_100 && !limited; i += 50) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => at.fetch('/api/v1/session')));
    limited = answers.find(({ status }) => status === 429);
  }
  expect(await limited?.json()).toMatchObject({ error: { code: 'request.too-many' } });
});

test('a password is kept as a hash and compared whole', async () => {
  const folder = await folderWithPassword();
  const path = join(folder, 'console-password.json');
  expect(readFileSync(path, 'utf8')).not.toContain(PASSWORD);
  expect(await isPassword(path, PASSWORD)).toBe(true);
  expect(await isPassword(path, `${PASSWORD} `)).toBe(false);
  expect(await isPassword(join(folder, 'none'), PASSWORD)).toBe(false);
  await expect(setPassword(path, 'short')).rejects.toMatchObject({ code: 'start.password-too-short' });
  expect(await isPassword(path, PASSWORD)).toBe(true);
  await setPassword(path, 'Ge\u0301rard und Co. KG');
  expect(await isPassword(path, 'G\u00e9rard und Co. KG')).toBe(true);
});

test('sessions are bounded in number', () => {
  const sessions = new Sessions({ idleMilliseconds: 10, wholeMilliseconds: 10 }, () => 0);
  const first = sessions.begin(true);
  for (let i = 0; i < 1_000; i++) sessions.begin(false);
  expect(sessions.use(first.cookie)).toBeUndefined();
  expect(sessions.use('made up')).toBeUndefined();
  expect(sessions.use(undefined)).toBeUndefined();
});

test('hosts and origins', () => {
  expect(['127.0.0.1', 'localhost', '::1', '127.9.9.9'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '::', '10.0.0.1', '127.evil.example', 'plc.local'].some(isLoopback)).toBe(false);
  expect(hostName('[::1]:8472')).toBe('::1');
  expect(hostName('Plant.Example:80')).toBe('plant.example');
  const host = 'plant.example:8472';
  expect(isSameOrigin({ host })).toBe(true);
  expect(isSameOrigin({ host, origin: 'http://plant.example:8472', 'sec-fetch-site': 'same-origin' })).toBe(true);
  expect(isSameOrigin({ host, origin: 'http://plant.example' })).toBe(false);
  expect(isSameOrigin({ host, origin: 'null' })).toBe(false);
  expect(isSameOrigin({ host, 'sec-fetch-site': 'same-site' })).toBe(false);
});
