// Network namespaces, virtual cables and a mirror port, made with iproute2 and taken away again. Linux and root only;
// everything lies within names that start with PREFIX, so that nothing else on the machine is touched.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';

const PREFIX = 'il-';

export const namespaceOf = (name: string): string => `${PREFIX}${name}`;

/** Runs `ip` and answers its output; throws with its message where it fails. */
export const ip = (...args: string[]): string =>
  execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const inside = (namespace: string, ...command: string[]): string =>
  execFileSync('ip', ['netns', 'exec', namespace, ...command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Why namespaces cannot be used here, or undefined. */
export function whyNoNamespaces(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces exist on Linux only';
  try {
    ip('netns', 'add', namespaceOf('probe'));
    ip('netns', 'delete', namespaceOf('probe'));
    return undefined;
  } catch (error) {
    return `network namespaces are not permitted here: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`;
  }
}

/**
 * One network segment: a bridge in a namespace of its own that learns nothing and so floods every frame to every port,
 * the mirror port `span0` among them, which sees each frame once. LLDP's group address is forwarded too (bit 14 of the
 * mask), which a switch would not do: the switch of the lab is a host beside it.
 */
export class Segment {
  readonly namespace: string;
  #ports = 0;

  constructor(name: string) {
    this.namespace = namespaceOf(name);
    ip('netns', 'add', this.namespace);
    // A bridge would take part in neighbour discovery itself; the segment is to be silent.
    for (const which of ['all', 'default'])
      inside(this.namespace, 'sysctl', '-q', '-w', `net.ipv6.conf.${which}.disable_ipv6=1`);
    inside(this.namespace, 'ip', 'link', 'set', 'lo', 'up');
    inside(
      this.namespace,
      'ip',
      'link',
      'add',
      'br0',
      'type',
      'bridge',
      'stp_state',
      '0',
      'ageing_time',
      '0',
      'mcast_snooping',
      '0',
      'group_fwd_mask',
      '0x4000',
    );
    inside(this.namespace, 'ip', 'link', 'set', 'br0', 'addrgenmode', 'none', 'up');
    inside(this.namespace, 'ip', 'link', 'add', 'span0', 'type', 'veth', 'peer', 'name', 'mirror');
    inside(this.namespace, 'ip', 'link', 'set', 'span0', 'addrgenmode', 'none', 'arp', 'off', 'up');
    this.#attach('mirror');
  }

  /** Connects a namespace to this segment by a cable whose far end has the given MAC address and name. */
  plug(namespace: string, mac: string, device = 'eth0'): void {
    const port = `port${++this.#ports}`;
    ip('link', 'add', port, 'netns', this.namespace, 'type', 'veth', 'peer', 'name', device, 'netns', namespace);
    inside(namespace, 'ip', 'link', 'set', device, 'address', mac);
    this.#attach(port);
  }

  #attach(port: string): void {
    inside(this.namespace, 'ip', 'link', 'set', port, 'master', 'br0', 'addrgenmode', 'none', 'up');
  }
}

/** A namespace for one host, with what it is to know of names and addresses. */
export function makeHostNamespace(name: string): string {
  const namespace = namespaceOf(name);
  ip('netns', 'add', namespace);
  inside(namespace, 'ip', 'link', 'set', 'lo', 'up');
  return namespace;
}

export function addAddress(namespace: string, device: string, cidr: string): void {
  inside(namespace, 'ip', 'address', 'add', cidr, 'dev', device);
  inside(namespace, 'ip', 'link', 'set', device, 'up');
}
export const runInside = inside;

/** Starts a program inside a namespace (with a host name and a mount table of its own, for /etc/resolv.conf, /etc/hosts and /run), its output into the open file `log`. */
export function startInside(
  namespace: string,
  hostname: string,
  folder: string,
  log: number,
  command: readonly string[],
): ChildProcess {
  const script =
    'hostname "$0"; mount --make-rprivate /; mount -t tmpfs tmpfs /run; mkdir -p /run/dbus /run/sshd /run/samba /run/lldpd /run/vsftpd/empty; cd "$1"; mount --bind resolv.conf /etc/resolv.conf; mount --bind hosts /etc/hosts; shift; exec "$@"';
  return spawn(
    'ip',
    [
      'netns',
      'exec',
      namespace,
      'unshare',
      '--uts',
      '--mount',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      'bash',
      '-c',
      script,
      hostname,
      folder,
      ...command,
    ],
    {
      stdio: ['ignore', log, log],
    },
  );
}

/** Ends what runs in a namespace and deletes it. Only namespaces of this lab are ever named here. */
export function deleteNamespace(namespace: string): void {
  for (const pid of ip('netns', 'pids', namespace).split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // it ended by itself in between
    }
  }
  ip('netns', 'delete', namespace);
}

export const existingNamespaces = (): string[] =>
  ip('netns', 'list')
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name.startsWith(PREFIX));
