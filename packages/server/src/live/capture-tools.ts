// The programs that capture: dumpcap, or tcpdump where that one is missing or not permitted. Both are separate processes
// with the one right that capturing takes; whether they have it is found out by asking them to open an interface.
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import type { CaptureRight } from '@interlock/model/api';

export type ToolName = NonNullable<CaptureRight['tool']>;
export interface CaptureTool {
  readonly name: ToolName;
  readonly path: string;
}
/** A right, and with what it would be used. */
export interface FoundRight {
  readonly right: CaptureRight;
  readonly tool?: CaptureTool;
}

/**
 * Memory of the kernel for frames that wait, in MiB: a second of a full gigabit line half a second long of small frames.
 * Measured: with the 2 MiB of the tools themselves, frames are dropped at a third of the rate.
 */
export const KERNEL_BUFFER_MIB = 64;
/** Whether a program is permitted to capture is known within milliseconds; one that hangs is taken for not permitted. */
const PROBE_MILLISECONDS = 5_000;
/** Packages put them there, and not everybody has these folders on the path. */
const SYSTEM_FOLDERS = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/sbin', '/bin'];
/** The user that nothing belongs to (Debian policy section 9.2.2). */
const NOBODY = 65_534;
const RIGHTS = '+net_raw,+net_admin';

/** What captures on this machine and whether it may. `interface` is opened to find out; nothing is captured. */
export async function findRight(interfaceName: string): Promise<FoundRight> {
  const tools = (['dumpcap', 'tcpdump'] as const).flatMap((name): CaptureTool[] => {
    const path = findProgram(name);
    return path === undefined ? [] : [{ name, path }];
  });
  const refused: { readonly tool: CaptureTool; readonly why: Refusal }[] = [];
  for (const tool of tools) {
    const why = await probe(tool, interfaceName);
    if (why === undefined) return { right: { tool: tool.name, granted: true }, tool };
    refused.push({ tool, why });
  }
  const [first] = refused;
  if (!first) {
    const missing = 'neither dumpcap nor tcpdump is installed';
    return { right: { granted: false, missing, command: 'sudo apt install wireshark-common' } };
  }
  return { right: { tool: first.tool.name, granted: false, ...first.why }, tool: first.tool };
}

export interface Refusal {
  readonly missing: string;
  readonly command: string;
}

/** Whether a program may open an interface; undefined where it may. */
async function probe(tool: CaptureTool, interfaceName: string): Promise<Refusal | undefined> {
  if (!isExecutable(tool.path))
    return {
      missing: `this user may not run ${tool.path}; members of its group may`,
      command: `sudo usermod -aG wireshark ${userName()}   # then log in anew`,
    };
  const { code, errors } = await run(tool, ['-L', '-i', interfaceName]);
  if (code === 0) return undefined;
  const permission = /permi|not allowed|EPERM|EACCES/i.test(errors);
  return {
    missing: permission
      ? `${tool.path} lacks the capabilities CAP_NET_RAW and CAP_NET_ADMIN`
      : `${tool.name} cannot open ${interfaceName}: ${firstLine(errors)}`,
    command: permission
      ? `sudo setcap cap_net_raw,cap_net_admin=eip ${tool.path}`
      : `${tool.path} -L -i ${interfaceName}   # says more`,
  };
}

function run(tool: CaptureTool, args: readonly string[]): Promise<{ code: number; errors: string }> {
  return new Promise((resolve) => {
    const [program, ...rest] = commandOf(tool, args);
    const child = spawn(program ?? tool.path, rest, {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: PROBE_MILLISECONDS,
      killSignal: 'SIGKILL',
    });
    let errors = '';
    child.stderr?.on('data', (text) => {
      if (errors.length < 10_000) errors += String(text);
    });
    child.on('error', (error) => resolve({ code: -1, errors: error.message }));
    child.on('close', (code) => resolve({ code: code ?? -1, errors }));
  });
}

/** The command line of a capture that goes to standard output, as pcapng (dumpcap) or pcap (tcpdump). */
export function captureCommand(tool: CaptureTool, interfaceName: string): readonly string[] {
  const args =
    tool.name === 'dumpcap'
      ? ['-q', '-i', interfaceName, '-B', String(KERNEL_BUFFER_MIB), '-w', '-']
      : ['-n', '-i', interfaceName, '-B', String(KERNEL_BUFFER_MIB * 1024), '-U', '-w', '-'];
  return commandOf(tool, args);
}

/**
 * A program with its arguments. Where the server runs as root, which it need not, the program gives up all but the right to
 * capture first.
 */
function commandOf(tool: CaptureTool, args: readonly string[]): readonly string[] {
  const setpriv = process.getuid?.() === 0 ? findProgram('setpriv') : undefined;
  if (setpriv === undefined) return [tool.path, ...args];
  const only = `-all,${RIGHTS}`;
  return [
    setpriv,
    `--reuid=${NOBODY}`,
    `--regid=${groupToRun(tool.path)}`,
    '--clear-groups',
    `--inh-caps=${only}`,
    `--ambient-caps=${only}`,
    `--bounding-set=${only}`,
    '--no-new-privs',
    '--',
    tool.path,
    ...args,
  ];
}

/** Debian lets only members of a group run dumpcap once non-superusers may capture. */
function groupToRun(path: string): number {
  const { mode, gid } = statSync(path);
  return (mode & constants.S_IXOTH) === 0 ? gid : NOBODY;
}

export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean), ...SYSTEM_FOLDERS];
  const all = folders.map((folder) => join(folder, name)).filter((path) => existsSync(path));
  return all.find(isExecutable) ?? all[0];
}
function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return '$USER';
  }
}
export const firstLine = (text: string): string => (text.trim().split('\n')[0] ?? '').slice(0, 300);
