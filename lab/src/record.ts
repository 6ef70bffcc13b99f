// Records the lab: builds the segments and hosts, lets them work for a while, and writes what the switches' mirror ports
// saw into one capture. `npm run lab -- [seconds] [file]`; Linux, root, and the Debian packages the hosts name.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host, SegmentName } from './host.ts';
import { HOSTS } from './hosts/index.ts';
import {
  addAddress,
  deleteNamespace,
  existingNamespaces,
  makeHostNamespace,
  runInside,
  Segment,
  startInside,
  whyNoNamespaces,
} from './namespaces.ts';

/** What the project ships may have at most 3 MB. */
const MOST_BYTES = 3_000_000;
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/lab');
const PROGRAMS = join(import.meta.dirname, 'programs');

const [seconds = '45', file = join(import.meta.dirname, '../demo.pcap')] = process.argv.slice(2);

const obstacle = whyNoNamespaces() ?? missingPrograms();
if (obstacle) {
  console.error(`lab: not recorded: ${obstacle}`);
  process.exit(3);
}
const snap7 = installSnap7();

const children: ChildProcess[] = [];
const folder = mkdtempSync(join(tmpdir(), 'interlock-lab-'));
let ended = false;
function tearDown(): void {
  if (ended) return;
  ended = true;
  for (const child of children) child.kill('SIGTERM');
  for (const namespace of existingNamespaces()) deleteNamespace(namespace);
  rmSync(folder, { recursive: true, force: true });
}
process.on('exit', tearDown);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

for (const namespace of existingNamespaces()) deleteNamespace(namespace); // left by a run that was killed
const segments: Record<SegmentName, Segment> = {
  plant: new Segment('seg-plant'),
  office: new Segment('seg-office'),
  internet: new Segment('seg-internet'),
};

const plugged = HOSTS.map((host) => ({ host, namespace: makeHostNamespace(host.name), home: join(folder, host.name) }));
for (const { host, namespace, home } of plugged) {
  segments[host.segment].plug(namespace, host.mac);
  for (const [i, { segment, mac }] of (host.further ?? []).entries())
    segments[segment].plug(namespace, mac, `eth${i + 1}`);
  mkdirSync(home);
  for (const [name, content] of Object.entries(host.files ?? {})) writeFileSync(join(home, name), `${content}\n`);
  writeFileSync(
    join(home, 'resolv.conf'),
    `nameserver ${host.segment === 'plant' ? '192.168.10.1' : '192.168.20.1'}\nsearch works.example\n`,
  );
  writeFileSync(join(home, 'hosts'), `127.0.0.1 ${host.name} localhost\n`);
}

/** The outside has no mirror port of ours. */
const parts = (['plant', 'office'] as const).map((name) => {
  const path = join(folder, `${name}.pcap`);
  const child = spawn(
    'ip',
    ['netns', 'exec', segments[name].namespace, 'tcpdump', '-i', 'span0', '-U', '-s', '0', '-w', path],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  children.push(child);
  return { path, child, ready: new Promise<void>((done) => child.stderr?.once('data', () => done())) };
});
await Promise.all(parts.map((part) => part.ready));

for (const { host, namespace } of plugged) {
  runInside(namespace, 'ip', 'link', 'set', 'eth0', 'up');
  if (host.address !== 'dhcp') addAddress(namespace, 'eth0', host.address);
  for (const [i, { address }] of (host.further ?? []).entries()) addAddress(namespace, `eth${i + 1}`, address);
  for (const command of host.setUp ?? []) runInside(namespace, ...command);
}
for (const { host, namespace, home } of plugged) startHost(host, namespace, home);

await new Promise((done) => setTimeout(done, Number(seconds) * 1000));
for (const { child } of parts) {
  child.kill('SIGINT');
  await new Promise((done) => child.once('exit', done));
}
// Classic pcap: a pcapng would carry the machine's paths and versions in its section header.
execFileSync('mergecap', ['-F', 'pcap', '-w', file, ...parts.map((part) => part.path)]);
const { size } = statSync(file);
console.log(`lab: ${file}: ${size} bytes`);
if (size > MOST_BYTES) {
  console.error(`lab: that is more than the ${MOST_BYTES} bytes the project may ship; record for fewer seconds`);
  process.exitCode = 1;
}
tearDown();

function startHost(host: Host, namespace: string, home: string): void {
  const log = openSync(join(CACHE, `${host.name}.log`), 'w');
  const start = (command: readonly string[]) => {
    const filled = command.map((word) =>
      word.replace('%programs', PROGRAMS).replace('%node', process.execPath).replace('%s7node', snap7.node),
    );
    const child = startInside(namespace, host.name, home, log, ['env', `LAB_SNAP7=${snap7.path}`, ...filled]);
    children.push(child);
  };
  if (host.address === 'dhcp') {
    writeFileSync(
      join(home, 'dhcp-bound'),
      '#!/bin/sh\n[ "$1" = bound ] || exit 0\nip address replace "$ip/$mask" dev "$interface"\nip route replace default via "$router"\n',
      { mode: 0o755 },
    );
    start([
      'udhcpc',
      '-f',
      '-t',
      '20',
      '-T',
      '1',
      '-i',
      'eth0',
      '-s',
      join(home, 'dhcp-bound'),
      '-x',
      `hostname:${host.name}`,
      ...(host.dhcpOptions ?? []),
    ]);
  }
  for (const program of host.programs) setTimeout(() => start(program.command), program.at * 1000).unref();
}

/** The hosts' programs that this machine lacks, with the Debian packages that bring them. */
function missingPrograms(): string | undefined {
  const wanted = new Set([
    'tcpdump',
    'mergecap',
    'tc',
    'unshare',
    ...HOSTS.flatMap((host) => host.programs.map((program) => program.command[0] ?? '')).filter(
      (name) => !name.startsWith('%'),
    ),
  ]);
  const missing = [...wanted].filter(
    (name) =>
      !['/usr/bin', '/usr/sbin', '/bin', '/sbin'].some((dir) =>
        existsSync(name.startsWith('/') ? name : join(dir, name)),
      ),
  );
  if (missing.length === 0) return undefined;
  const packages = new Set(['tcpdump', 'wireshark-common', 'iproute2', ...HOSTS.flatMap((host) => host.needs)]);
  return `missing programs: ${missing.join(', ')}; the lab needs the Debian packages ${[...packages].join(' ')}`;
}

/** Snap7 is a native addon under LGPL, so it is no dependency of the project: the recorder alone builds it, beside. */
function installSnap7(): { path: string; node: string } {
  mkdirSync(CACHE, { recursive: true });
  const node = process.env['LAB_S7_NODE'] ?? '/usr/bin/node';
  const path = join(CACHE, 'snap7/node_modules/node-snap7');
  const works = () => {
    try {
      execFileSync(existsSync(node) ? node : process.execPath, ['-e', `require(${JSON.stringify(path)})`], {
        stdio: 'ignore',
      });
      return true;
    } catch {
      return false;
    }
  };
  if (!works()) {
    mkdirSync(join(CACHE, 'snap7'), { recursive: true });
    writeFileSync(join(CACHE, 'snap7/package.json'), '{ "private": true, "allowScripts": { "node-snap7": true } }\n');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', 'node-snap7@1.0.9'], {
      cwd: join(CACHE, 'snap7'),
      stdio: 'inherit',
      env: { ...process.env, PATH: `${join(node, '..')}:${process.env['PATH']}` },
    });
    if (!works())
      throw new Error(`lab: node-snap7 does not load in ${node}; set LAB_S7_NODE to a Node it can be built for`);
  }
  return { path, node: existsSync(node) ? node : process.execPath };
}
