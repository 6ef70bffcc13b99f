// SSH: the line by which each end names its software, and the algorithms each end offers, before everything else is
// encrypted. HASSH is the fingerprint of the offer (Salesforce): MD5 over four of its lists.
import { md5Hex } from '../../digest.ts';
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';

/** Longest line before the binary part (RFC 4253 section 4.2), and longest packet that must be supported (section 6.1). */
const MAX_LINE = 255;
const MAX_PACKET = 35_000;
/** Text a server may send before it names itself; a legal notice has a kilobyte. */
const MAX_NOTICE = 8192;
/** Longest text of one list of algorithms. */
const MAX_LIST = 1024;

const MESSAGE_KEX_INIT = 20;
const MESSAGE_NEW_KEYS = 21;

interface State {
  /** By direction, client's and server's: whether it has named itself, whether it has made its offer. */
  readonly named: [boolean, boolean];
  readonly offered: [boolean, boolean];
}
interface Offer {
  readonly keyExchange: string;
  readonly hostKey: string;
  readonly ciphers: readonly [string, string];
  readonly macs: readonly [string, string];
  readonly compressions: readonly [string, string];
}
interface Ssh {
  banner?: string;
  offer?: Offer;
  encrypted?: boolean;
}

export const ssh = protocol({
  name: 'ssh',
  title: 'SSH',
  spec: 'RFC 4253 sections 4.2, 6 and 7; HASSH',
  depth: 'full',
  on: { tcp: [22, 2222, 830] },
  tells: ['ssh.banner', 'ssh.hassh', 'ssh.hassh-server', 'ssh.algorithms', 'device.os', 'device.vendor'],
  open: (): State => ({ named: [false, false], offered: [false, false] }),

  firstBytes: [0x53],
  recognise: (reader) => /^SSH-(?:1\.\d{1,2}|2\.0)-/.test(reader.text(Math.min(reader.left, 9))),

  frame(reader, { state, fromClient }) {
    const side = fromClient ? 0 : 1;
    if (state.named[side]) {
      if (reader.left < 4) return NEED_MORE;
      const length = reader.u32();
      return length >= 2 && length <= MAX_PACKET ? 4 + length : NOT_MINE;
    }
    // Only a server may say something before its name, and only in lines of text; they and the name are one message.
    let line = 0;
    for (let at = 0; at < Math.min(reader.left, MAX_NOTICE); at++) {
      const byte = reader.peek(at);
      if (at - line < NAME.length && byte !== NAME.charCodeAt(at - line) && fromClient) return NOT_MINE;
      if (byte === 0x0a && isName(reader, line)) return at + 1;
      if (byte === 0x0a) line = at + 1;
      else if (at - line > MAX_LINE || (byte < 0x20 && byte !== 0x0d && byte !== 0x09)) return NOT_MINE;
    }
    return reader.left < MAX_NOTICE ? NEED_MORE : NOT_MINE;
  },

  read(reader, { state, fromClient }): Ssh | undefined {
    const side = fromClient ? 0 : 1;
    if (!state.named[side]) {
      const line = /^SSH-.*$/m.exec(reader.text(reader.left))?.[0];
      if (line === undefined) return undefined;
      state.named[side] = true;
      // Version 1 goes on in another format, which has no lists of algorithms to read.
      return { banner: cleanText(line, MAX_LINE), encrypted: /^SSH-1\.[0-8]/.test(line) };
    }
    reader.skip(5);
    const type = reader.u8();
    if (type === MESSAGE_NEW_KEYS) return { encrypted: true };
    if (type !== MESSAGE_KEX_INIT || state.offered[side]) return reader.ok ? {} : undefined;
    const offer = readOffer(reader);
    if (!offer) return undefined;
    state.offered[side] = true;
    return { offer, encrypted: state.offered[0] && state.offered[1] };
  },

  observe({ banner, offer, encrypted }, say, conversation) {
    const { sender, fromClient } = conversation;
    if (banner) {
      say.fact(sender, 'ssh.banner', banner, 'identification string');
      for (const { pattern, os, vendor } of SOFTWARE) {
        if (!pattern.test(banner)) continue;
        if (os) say.fact(sender, 'device.os', os, 'identification string');
        if (vendor) say.fact(sender, 'device.vendor', vendor, 'identification string');
      }
    }
    if (offer) {
      const { keyExchange, hostKey, ciphers, macs, compressions } = offer;
      const way = fromClient ? 0 : 1;
      const hash = md5Hex(`${keyExchange};${ciphers[way]};${macs[way]};${compressions[way]}`);
      if (fromClient) say.fact(sender, 'ssh.hassh', hash, 'SSH_MSG_KEXINIT');
      else {
        say.fact(sender, 'ssh.hassh-server', hash, 'SSH_MSG_KEXINIT');
        for (const [name, list] of [
          ['key exchange', keyExchange],
          ['host key', hostKey],
          ['cipher', ciphers[1]],
          ['MAC', macs[1]],
        ])
          say.fact(sender, 'ssh.algorithms', cleanText(`${name}: ${list}`, MAX_LIST), 'SSH_MSG_KEXINIT');
      }
    }
    if (encrypted) conversation.done();
  },
});

const NAME = 'SSH-';
const isName = (reader: Reader, line: number): boolean =>
  reader.peek16(line) === 0x5353 && reader.peek16(line + 2) === 0x482d;

/** SSH_MSG_KEXINIT (section 7.1): cookie, then ten lists of names; undefined where they do not fit. */
function readOffer(reader: Reader): Offer | undefined {
  reader.skip(16);
  const list = () => reader.text(reader.u32());
  const keyExchange = list();
  const hostKey = list();
  const ciphers = [list(), list()] as const;
  const macs = [list(), list()] as const;
  const compressions = [list(), list()] as const;
  return reader.ok ? { keyExchange, hostKey, ciphers, macs, compressions } : undefined;
}

/** Banners that only one system or maker writes. Version numbers of the SSH software say nothing of the device. */
const SOFTWARE: readonly { readonly pattern: RegExp; readonly os?: string; readonly vendor?: string }[] = [
  { pattern: /^SSH-\S+-OpenSSH_\S+ Ubuntu-/, os: 'Ubuntu' },
  { pattern: /^SSH-\S+-OpenSSH_\S+ Debian-/, os: 'Debian' },
  { pattern: /^SSH-\S+-OpenSSH_\S+ Raspbian-/, os: 'Raspbian' },
  { pattern: /^SSH-\S+-OpenSSH_\S+ FreeBSD-/, os: 'FreeBSD' },
  { pattern: /^SSH-\S+-OpenSSH_\S+ NetBSD_Secure_Shell/, os: 'NetBSD' },
  { pattern: /^SSH-\S+-OpenSSH_for_Windows_/, os: 'Windows' },
  { pattern: /^SSH-\S+-ROSSSH/, os: 'RouterOS', vendor: 'MikroTik' },
  { pattern: /^SSH-\S+-Cisco-\d/, vendor: 'Cisco' },
  { pattern: /^SSH-\S+-HUAWEI-/, vendor: 'Huawei' },
  { pattern: /^SSH-\S+-Comware-/, os: 'Comware' },
  { pattern: /^SSH-\S+-NetScreen/, vendor: 'NetScreen' },
  { pattern: /^SSH-\S+-mpSSH_/, vendor: 'Hewlett-Packard (HP)' },
  { pattern: /^SSH-\S+-lancom/i, vendor: 'LANCOM' },
  { pattern: /^SSH-\S+-Zyxel/i, vendor: 'Zyxel' },
];
