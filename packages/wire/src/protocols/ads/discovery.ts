// Discovery and routes of TwinCAT over UDP: a search to which every controller answers with name, version and operating
// system, and the request to enter a route, with the account and password of an administrator.
import type { Reader } from '../../reader.ts';
import { cleanText } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

/** First four bytes of every such datagram. */
export const MAGIC = 0x03661471;
export const SEARCH = 1;
export const ADD_ROUTE = 6;
/** Commands that are known: search, port of a name, routes. */
const MAX_COMMAND = 8;
const HEADER = 24;
/** Entries read of one datagram; answers have four or five, requests six. */
const MAX_ENTRIES = 32;

const STATUS = 1;
const PASSWORD = 2;
const TWINCAT_VERSION = 3;
const OS_VERSION = 4;
const NAME = 5;
const ROUTE_NAME = 12;
const USER = 13;

export interface Discovery {
  readonly isAnswer: boolean;
  readonly isCut: boolean;
  readonly command: number;
  readonly netId: number;
  readonly invoke: number;
  /** Name of the one who answers a search; of a route, the address it leads to. */
  readonly name: string;
  readonly twincat: string;
  readonly os: string;
  readonly osBuild: string;
  readonly route: string;
  readonly user: string;
  readonly hasPassword: boolean;
  /** Of an answer; 0 is done, -1 where there is none. */
  readonly status: number;
}

export const isDiscovery = (reader: Reader): boolean =>
  reader.peek16() === MAGIC >>> 16 && reader.peek16(2) === (MAGIC & 0xffff) && reader.end - reader.at >= HEADER;

/** Reads a datagram; undefined where it is none of these. */
export function readDiscovery(reader: Reader): Discovery | undefined {
  if (!isDiscovery(reader)) return undefined;
  reader.skip(4);
  const invoke = reader.u32le();
  const service = reader.u32le();
  const netId = readNetId(reader);
  reader.skip(2);
  const entries = reader.u32le();
  const isAnswer = service >>> 31 === 1;
  const command = service & 0x7fff_ffff;
  if (!reader.ok || command === 0 || command > MAX_COMMAND) return undefined;
  let name = '';
  let twincat = '';
  let os = '';
  let osBuild = '';
  let route = '';
  let user = '';
  let hasPassword = false;
  let status = -1;
  let isCut = false;
  for (let n = 0; n < entries && n < MAX_ENTRIES; n++) {
    const tag = reader.u16le();
    const entry = reader.sub(reader.u16le());
    if (!entry.ok) {
      isCut = true;
      break;
    }
    if (tag === NAME) name = cleanText(entry.text(entry.left), 256);
    else if (tag === TWINCAT_VERSION && entry.left >= 4)
      twincat = `TwinCAT ${entry.u8()}.${entry.u8()}.${entry.u16le()}`;
    else if (tag === OS_VERSION) ({ os, osBuild } = readOs(entry));
    else if (tag === ROUTE_NAME) route = cleanText(entry.text(entry.left), 256);
    else if (tag === USER) user = cleanText(entry.text(entry.left), 256);
    else if (tag === PASSWORD) hasPassword = entry.peek() > 0;
    else if (tag === STATUS && entry.left >= 4) status = entry.u32le();
  }
  return { isAnswer, isCut, command, netId, invoke, name, twincat, os, osBuild, route, user, hasPassword, status };
}

const PLATFORM_NT = 2;
const PLATFORM_CE = 3;
/** Size, major and minor version, build, platform, as Windows tells them; other systems leave the platform out. */
function readOs(entry: Reader): { os: string; osBuild: string } {
  entry.skip(4);
  const major = entry.u32le();
  const minor = entry.u32le();
  const build = entry.u32le();
  const platform = entry.u32le();
  if (!entry.ok || major > 255 || minor > 255 || build > 0xffff) return { os: '', osBuild: '' };
  if (platform === PLATFORM_CE) return { os: `Windows CE ${major}.${minor}`, osBuild: '' };
  const isNt = platform === PLATFORM_NT && major >= 4;
  return { os: isNt ? 'Windows' : '', osBuild: isNt && build > 0 ? `${major}.${minor}.${build}` : '' };
}

/** Six bytes as one number. */
export const readNetId = (reader: Reader): number => reader.u32() * 0x1_0000 + reader.u16();

/** Where the password of a route is; everything from the entries on where they cannot be followed. */
export function findDiscoverySecrets(reader: Reader): readonly SecretRange[] {
  if (reader.peek16() !== MAGIC >>> 16) return [];
  const what = 'password for a TwinCAT route';
  const size = reader.end - reader.start;
  reader.skip(HEADER);
  while (reader.left > 0) {
    const tag = reader.u16le();
    const length = reader.u16le();
    if (!reader.ok) break;
    if (tag === PASSWORD) return [{ from: reader.offset, to: Math.min(reader.offset + length, size), what }];
    if (length > reader.left) return [{ from: reader.offset, to: size, what }];
    reader.skip(length);
  }
  return [];
}
