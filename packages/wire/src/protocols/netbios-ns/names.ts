// NetBIOS names as they stand in packets (RFC 1001 section 14) and as people write them: `PLANT7<20>`. The last of the
// sixteen characters says what kind of name it is.
import type { Reader } from '../../reader.ts';
import type { NameReader } from '../dns/message.ts';

export interface NetbiosName {
  /** Without the spaces behind it; signs that do not print as `<01>`. */
  readonly name: string;
  readonly suffix: number;
}

/** Kinds of names (MS-NBTE section 2.2.1 and common use). */
export const SUFFIXES = {
  workstation: 0x00,
  /** Of the host and of whoever is logged in. */
  messenger: 0x03,
  domainMasterBrowser: 0x1b,
  domainControllers: 0x1c,
  masterBrowser: 0x1d,
  elections: 0x1e,
  server: 0x20,
} as const;

/** Name and kind as one text, as `nbtstat` prints them. */
export const netbiosText = ({ name, suffix }: NetbiosName): string =>
  `${name}<${suffix.toString(16).padStart(2, '0')}>`;

/**
 * A name of a host, not of a domain that the host speaks for (its master browsers own unique names of it too), nor of the web server
 * in Windows NT (`IS~` and the host's name).
 */
export const isHostName = ({ name, suffix }: NetbiosName): boolean =>
  (suffix === SUFFIXES.workstation || suffix === SUFFIXES.server) && !name.startsWith('IS~');
export const isDomainName = ({ suffix }: NetbiosName): boolean =>
  suffix === SUFFIXES.domainMasterBrowser || suffix === SUFFIXES.masterBrowser;

/**
 * Reads a name in its first-level encoding: one label of 32 letters, A to P for each half byte, then the scope's labels.
 * Undefined where it is none; what has been read is then undone only as far as DNS names go.
 */
export function readNetbiosName(names: NameReader): NetbiosName | undefined {
  const label = names.read();
  const encoded = label.slice(0, 32);
  if (!/^[A-P]{32}$/.test(encoded) || (label.length > 32 && label[32] !== '.')) return undefined;
  return fromCharacters(Array.from({ length: 16 }, (_, i) => half(encoded, 2 * i) * 16 + half(encoded, 2 * i + 1)));
}
const half = (text: string, at: number): number => text.charCodeAt(at) - 0x41;

/** Reads sixteen characters as they stand in node status answers. */
export const readPlainName = (reader: Reader): NetbiosName => fromCharacters([...reader.bytes(16)]);

function fromCharacters(codes: readonly number[]): NetbiosName {
  let name = '';
  for (const code of codes.slice(0, 15))
    name +=
      code < 0x20 || code === 0x7f
        ? code === 0
          ? '\0'
          : `<${code.toString(16).padStart(2, '0')}>`
        : String.fromCharCode(code);
  return { name: name.replace(/[ \0]+$/, '').replaceAll('\0', '<00>'), suffix: codes[15] ?? 0 };
}
