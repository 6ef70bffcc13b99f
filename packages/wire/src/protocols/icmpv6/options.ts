// Options of neighbour discovery (RFC 4861 section 4.6, RFC 8106 section 5): type, length in units of eight bytes, content.
import { cleanText, formatIpv6, type Reader } from '../../reader.ts';

export interface Options {
  readonly sourceMac: string;
  readonly targetMac: string;
  /** `2001:db8::/64`. */
  readonly prefixes: readonly string[];
  /** Whole addresses of the router that stand in place of a prefix (RFC 6275 section 7.2). */
  readonly ownAddresses: readonly string[];
  readonly nameServers: readonly string[];
  readonly domains: readonly string[];
  readonly broken: boolean;
}
export const NO_OPTIONS: Options = {
  sourceMac: '',
  targetMac: '',
  prefixes: [],
  ownAddresses: [],
  nameServers: [],
  domains: [],
  broken: false,
};

/** Options in one message, values in one option: routers send about five of each. */
const MAX_OPTIONS = 64;
const MAX_VALUES = 16;

/** Reads options up to the end of the message. What stands before a break is kept. */
export function readOptions(reader: Reader): Options {
  if (reader.left === 0) return NO_OPTIONS;
  let sourceMac = '';
  let targetMac = '';
  let broken = false;
  const prefixes: string[] = [];
  const ownAddresses: string[] = [];
  const nameServers: string[] = [];
  const domains: string[] = [];
  for (let n = 0; n < MAX_OPTIONS && reader.left >= 2; n++) {
    const type = reader.u8();
    const length = reader.u8() * 8 - 2;
    const option = reader.sub(length);
    if (length < 0 || !option.ok) {
      broken = true;
      break;
    }
    // Other links than Ethernet have addresses of other lengths, which are longer than one unit.
    if (type === 1 && length === 6) sourceMac = option.mac();
    else if (type === 2 && length === 6) targetMac = option.mac();
    else if (type === 3 && length === 30) readPrefix(option, prefixes, ownAddresses);
    else if (type === 25) {
      option.skip(6);
      while (option.left >= 16 && nameServers.length < MAX_VALUES) nameServers.push(option.ipv6());
    } else if (type === 31) {
      option.skip(6);
      for (let name = readDnsName(option); name !== '' && domains.length < MAX_VALUES; name = readDnsName(option))
        domains.push(name);
    }
  }
  return { sourceMac, targetMac, prefixes, ownAddresses, nameServers, domains, broken };
}

/** Length in bits, flags, two lifetimes, four reserved bytes, prefix. */
function readPrefix(option: Reader, prefixes: string[], ownAddresses: string[]): void {
  const bits = option.u8();
  const flags = option.u8();
  const lifetime = option.u32();
  option.skip(8);
  const bytes = option.bytes(16).slice();
  if (!option.ok || bits > 128 || lifetime === 0 || bytes[0] === 0xff) return;
  if ((flags & 0x20) !== 0) ownAddresses.push(formatIpv6(bytes));
  for (let at = 0; at < 16; at++) bytes[at] = (bytes[at] ?? 0) & (0xff00 >> Math.min(8, Math.max(0, bits - 8 * at)));
  prefixes.push(`${formatIpv6(bytes)}/${bits}`);
}

/** Labels of one name without compression (RFC 1035 section 3.1); empty at the end or where the labels break. */
export function readDnsName(reader: Reader): string {
  const labels: string[] = [];
  for (let length = 0; reader.left > 0 && length <= 255; ) {
    const size = reader.u8();
    if (size === 0 || size > 63) break;
    labels.push(reader.text(size));
    length += size + 1;
  }
  return reader.ok ? cleanText(labels.join('.'), 255) : '';
}
