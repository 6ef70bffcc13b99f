// The network interfaces of this machine, as the operating system shows them to everybody: names, kinds, whether they are
// up. Linux tells it in /sys/class/net (Documentation/ABI/testing/sysfs-class-net); elsewhere only those with addresses.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { CaptureInterface } from '@interlock/model/api';

const NET = '/sys/class/net';
/** Hardware types of /sys/class/net/NAME/type (linux/if_arp.h). */
const TYPE_ETHERNET = 1;
const TYPE_LOOPBACK = 772;
/** IFF_UP of /sys/class/net/NAME/flags (linux/if.h). */
const FLAG_UP = 1;

/** Every interface, those that are up first, loopback last. */
export function listInterfaces(): CaptureInterface[] {
  const own = networkInterfaces();
  const names = existsSync(NET) ? readdirSync(NET).filter((name) => existsSync(join(NET, name, 'ifindex'))) : [];
  const found = (names.length > 0 ? names : Object.keys(own)).map((name): CaptureInterface => {
    const addresses = own[name] ?? [];
    const mac = read(name, 'address') ?? addresses[0]?.mac;
    const speed = Number(read(name, 'speed'));
    return {
      name,
      kind: kindOf(name),
      state: stateOf(name),
      ...(mac && !/^(00:){5}00$|^$/.test(mac) ? { mac } : {}),
      addresses: addresses.map(({ address }) => address),
      ...(speed > 0 ? { speed } : {}),
    };
  });
  const rank = ({ state, kind }: CaptureInterface) =>
    (kind === 'loopback' ? 10 : kind === 'virtual' ? 1 : 0) + (state === 'up' ? 0 : state === 'no-link' ? 2 : 4);
  return found.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

/** Whether an interface is there, and whether it is up, with a link or without: then it can be captured. */
export function interfaceState(name: string): 'missing' | CaptureInterface['state'] {
  if (!existsSync(NET)) return networkInterfaces()[name] ? 'up' : 'missing';
  return existsSync(join(NET, name, 'flags')) ? stateOf(name) : 'missing';
}

function stateOf(name: string): CaptureInterface['state'] {
  const flags = Number(read(name, 'flags') ?? FLAG_UP);
  if ((flags & FLAG_UP) === 0) return 'down';
  return /^(down|lowerlayerdown|dormant)$/.test(read(name, 'operstate') ?? '') ? 'no-link' : 'up';
}

function kindOf(name: string): CaptureInterface['kind'] {
  const type = read(name, 'type');
  if (type === undefined) return name.startsWith('lo') ? 'loopback' : 'other';
  if (Number(type) === TYPE_LOOPBACK) return 'loopback';
  if (existsSync(join(NET, name, 'wireless')) || existsSync(join(NET, name, 'phy80211'))) return 'wireless';
  if (Number(type) !== TYPE_ETHERNET) return 'other';
  return existsSync(join(NET, name, 'device')) ? 'ethernet' : 'virtual';
}

/** An attribute; undefined where there is none, or the driver will not say. */
function read(name: string, attribute: string): string | undefined {
  try {
    return readFileSync(join(NET, name, attribute), 'utf8').trim();
  } catch {
    return undefined;
  }
}
