// A network of a test's own: two namespaces joined by one cable (a veth pair), in the first a server, in the second who
// sends. Nothing of it can reach the machine's own network, and it goes when the test ends. Takes root and iproute2.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { addressOf, CSRF_HEADER, type OutputOf, type RouteName, routeNamed } from '@interlock/model/api';
import type { CallInput } from './test-server.ts';

const LAUNCHER = join(import.meta.dirname, '../../../cli/bin/interlock.mjs');
const START_MILLISECONDS = 30_000;

/** The end that is captured, and the one that is sent from. */
export const CAPTURED = 'span0';
const SENDING = 'plant0';

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** What is missing for a network of one's own; undefined where there is one. */
export function networkLabMissing(): string | undefined {
  for (const program of ['ip', 'tcpreplay', 'dumpcap', 'curl']) if (!has(program)) return `${program} is not installed`;
  const name = `interlock-probe-${process.pid}`;
  const made = spawnSync('ip', ['netns', 'add', name]).status === 0;
  spawnSync('ip', ['netns', 'del', name]);
  return made ? undefined : 'network namespaces cannot be made here';
}

export class NetworkLab {
  readonly sensor = `interlock-sensor-${process.pid}`;
  readonly plant = `interlock-plant-${process.pid}`;
  readonly #children: ChildProcess[] = [];

  constructor() {
    for (const name of [this.sensor, this.plant]) ip('netns', 'add', name);
    ip('-n', this.sensor, 'link', 'add', CAPTURED, 'type', 'veth', 'peer', 'name', SENDING, 'netns', this.plant);
    // The ends themselves say nothing: what is seen was sent by the test.
    for (const [name, end] of [
      [this.sensor, CAPTURED],
      [this.plant, SENDING],
    ] as const)
      ip('-n', name, 'link', 'set', end, 'addrgenmode', 'none');
    // Longer frames of captures that were taken with offloading have to fit.
    ip('-n', this.sensor, 'link', 'set', CAPTURED, 'mtu', '9000', 'up');
    ip('-n', this.plant, 'link', 'set', SENDING, 'mtu', '9000', 'up');
    ip('-n', this.sensor, 'link', 'set', 'lo', 'up');
  }

  link(state: 'up' | 'down'): void {
    ip('-n', this.sensor, 'link', 'set', CAPTURED, state);
  }

  /** Sends a capture into the cable. Resolves when all of it was sent, with how many frames that were. */
  replay(file: string, how: { readonly framesPerSecond: number; readonly times?: number }): Promise<number> {
    const { framesPerSecond, times = 1 } = how;
    const child = this.spawn(this.plant, 'tcpreplay', [
      ...['-q', '--preload-pcap', '-i', SENDING, '--pps', String(framesPerSecond), '--loop', String(times), file],
    ]);
    let output = '';
    child.stdout?.on('data', (text) => {
      output += String(text);
    });
    return new Promise((resolve) =>
      child.on('close', () => resolve(Number(output.match(/Successful packets:\s+(\d+)/)?.[1] ?? 0))),
    );
  }

  /** Starts `interlock serve` beside the captured end. Out: the process and how to ask it. */
  async serve(data: string, port: number): Promise<{ readonly child: ChildProcess; readonly api: LabApi }> {
    const child = this.spawn(this.sensor, process.execPath, [
      ...['--no-warnings', LAUNCHER, 'serve', '--no-demo', '--data', data, '--port', String(port)],
    ]);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the server did not start')), START_MILLISECONDS);
      child.stdout?.on('data', (text) => {
        if (!String(text).includes('the console is at')) return;
        clearTimeout(timer);
        resolve();
      });
      child.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    });
    return { child, api: new LabApi(this.sensor, `http://127.0.0.1:${port}`) };
  }

  /** Identifiers of the processes of that name beside the captured end. */
  processes(name: string): number[] {
    const all = spawnSync('ip', ['netns', 'pids', this.sensor], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter(Boolean);
    return all
      .map(Number)
      .filter((pid) => spawnSync('cat', [`/proc/${pid}/comm`], { encoding: 'utf8' }).stdout.trim() === name);
  }

  /** Runs a program in one of the namespaces; it ends with the lab. */
  spawn(namespace: string, program: string, args: readonly string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', namespace, program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr?.resume();
    this.#children.push(child);
    return child;
  }

  /** Ends everything that was started, and removes the network. */
  end(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const name of [this.sensor, this.plant]) spawnSync('ip', ['netns', 'del', name]);
  }
}

function ip(...args: readonly string[]): void {
  const run = spawnSync('ip', args, { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`ip ${args.join(' ')}: ${run.stderr}`);
}

/** Asks a server that can only be reached from inside its namespace. */
export class LabApi {
  readonly address: string;
  readonly #namespace: string;
  constructor(namespace: string, address: string) {
    this.#namespace = namespace;
    this.address = address;
  }

  /** Calls a route that must succeed. */
  call<N extends RouteName>(name: N, input: CallInput<N> = {}): OutputOf<N> {
    const { method } = routeNamed(name);
    const args: string[] = [];
    if (method !== 'GET') {
      const answer = this.#curl(['-i', `${this.address}/api/v1/session`]);
      const cookie = answer.match(/set-cookie: ([^;]+)/i)?.[1] ?? '';
      const csrf = answer.match(/"csrf":"([^"]+)"/)?.[1] ?? '';
      args.push(
        '-X',
        method,
        '-H',
        `cookie: ${cookie}`,
        '-H',
        `${CSRF_HEADER}: ${csrf}`,
        '-H',
        `origin: ${this.address}`,
      );
      if (input.body) args.push('-H', 'content-type: application/json', '-d', JSON.stringify(input.body));
    }
    const text = this.#curl([...args, `${this.address}${addressOf(name, input.params, input.query)}`]);
    const output = JSON.parse(text) as OutputOf<N> & { error?: { code: string } };
    if (output.error?.code) throw new Error(`${name}: ${text}`);
    return output;
  }
  #curl(args: readonly string[]): string {
    const run = spawnSync('ip', ['netns', 'exec', this.#namespace, 'curl', '-sS', '--max-time', '20', ...args], {
      encoding: 'utf8',
      maxBuffer: 64e6,
    });
    if (run.status !== 0) throw new Error(run.stderr);
    return run.stdout;
  }
}
