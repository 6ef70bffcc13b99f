// What Windows and Samba hosts announce to the browsers of their workgroup (MS-BRWS), and what domain members ask their
// controllers (MS-ADTS section 6.3.1), in mailslot messages of SMB.
import { cleanText, type Reader } from '../../reader.ts';

/** Server types of announcements (MS-BRWS section 2.2.1 and MS-SRVS section 2.2.2.7). */
const SERVER_TYPES = {
  sqlServer: 0x00000004,
  domainController: 0x00000008,
  backupDomainController: 0x00000010,
  timeSource: 0x00000020,
  printServer: 0x00000200,
  unix: 0x00000800,
  windowsNt: 0x00001000,
  backupBrowser: 0x00020000,
  masterBrowser: 0x00040000,
  domainMasterBrowser: 0x00080000,
  terminalServer: 0x02000000,
} as const;

/** Parts played, in the order they are said. Every file server announces the rest. */
const ROLES: readonly (readonly [number, string])[] = [
  [SERVER_TYPES.domainController, 'domain-controller'],
  [SERVER_TYPES.backupDomainController, 'domain-controller'],
  [SERVER_TYPES.sqlServer, 'sql-server'],
  [SERVER_TYPES.timeSource, 'time-source'],
  [SERVER_TYPES.printServer, 'print-server'],
  [SERVER_TYPES.terminalServer, 'terminal-server'],
  [SERVER_TYPES.masterBrowser, 'master-browser'],
  [SERVER_TYPES.domainMasterBrowser, 'domain-master-browser'],
];

/** What one message says of its sender. */
export interface Announcement {
  readonly source: string;
  /** Computer name. */
  readonly host?: string;
  /** Workgroup or domain. */
  readonly group?: string;
  readonly comment?: string;
  readonly os?: string;
  readonly roles?: readonly string[];
}

const COMMANDS = {
  hostAnnouncement: 1,
  announcementRequest: 2,
  election: 8,
  domainAnnouncement: 12,
  masterAnnouncement: 13,
  localMasterAnnouncement: 15,
} as const;

/** Names have at most 15 characters; comments 43 by MS-BRWS, 256 as systems write them. */
const MAX_NAME = 16;
const MAX_COMMENT = 256;

/** Reads a message of the mailslot `\MAILSLOT\BROWSE`. Undefined for commands that tell nothing of their sender. */
export function readBrowserMessage(reader: Reader): Announcement | undefined {
  const command = reader.u8();
  switch (command) {
    case COMMANDS.hostAnnouncement:
      return readHost(reader, 'browser host announcement');
    case COMMANDS.localMasterAnnouncement:
      return readHost(reader, 'browser local master announcement');
    case COMMANDS.domainAnnouncement: {
      reader.skip(5); // Update count and periodicity.
      const group = cleanText(reader.text(MAX_NAME));
      return reader.ok ? { source: 'browser domain announcement', group, roles: ['master-browser'] } : undefined;
    }
    case COMMANDS.announcementRequest:
      reader.skip(1);
      return named('browser announcement request', reader);
    case COMMANDS.election:
      reader.skip(13); // Version, criteria, uptime, reserved.
      return named('browser election request', reader);
    case COMMANDS.masterAnnouncement:
      return named('browser master announcement', reader);
    default:
      return undefined;
  }
}

function named(source: string, reader: Reader): Announcement | undefined {
  const host = cleanText(reader.textz(MAX_NAME));
  return host === '' ? undefined : { source, host };
}

function readHost(reader: Reader, source: string): Announcement | undefined {
  reader.skip(5); // Update count and periodicity.
  const host = cleanText(reader.text(MAX_NAME));
  const major = reader.u8();
  const minor = reader.u8();
  const types = reader.u32le();
  if (!reader.ok) return undefined;
  reader.skip(4); // Browser version and signature.
  const comment = cleanText(reader.textz(MAX_COMMENT));
  // Samba announces versions of Windows, too, but says that it is a Unix server.
  const isWindows = (types & SERVER_TYPES.windowsNt) !== 0 && (types & SERVER_TYPES.unix) === 0;
  return {
    source,
    host,
    comment,
    ...(isWindows ? { os: `Windows ${major & 0x0f}.${minor}` } : {}),
    roles: [...new Set(ROLES.filter(([flag]) => (types & flag) !== 0).map(([, role]) => role))],
  };
}

const LOGON = {
  request: 0,
  primaryQuery: 7,
  primaryResponse: 12,
  samRequest: 18,
  samResponse: 19,
  samResponseEx: 23,
} as const;

/** Reads a message of the mailslots `\MAILSLOT\NET\NETLOGON` and `NTLOGON`. Names of users are passed over. */
export function readLogonMessage(reader: Reader): Announcement | undefined {
  const opcode = reader.u16le();
  switch (opcode) {
    case LOGON.request:
      return named('NETLOGON logon request', reader);
    case LOGON.primaryQuery:
      return named('NETLOGON primary query', reader);
    case LOGON.samRequest: {
      reader.skip(2); // Request count.
      const host = cleanText(readUtf16z(reader));
      return host === '' ? undefined : { source: 'NETLOGON SAM logon request', host };
    }
    case LOGON.primaryResponse: {
      const host = cleanText(reader.textz(MAX_NAME));
      return host === '' ? undefined : { source: 'NETLOGON primary response', host, roles: ['domain-controller'] };
    }
    case LOGON.samResponse: {
      const host = cleanText(readUtf16z(reader)).replace(/^\\+/, '');
      return host === '' ? undefined : { source: 'NETLOGON SAM logon response', host, roles: ['domain-controller'] };
    }
    case LOGON.samResponseEx:
      return { source: 'NETLOGON SAM logon response', roles: ['domain-controller'] };
    default:
      return undefined;
  }
}

/** A computer name in UTF-16 up to a 0, aligned or not; empty where there is no end within its longest length. */
function readUtf16z(reader: Reader): string {
  const MAX_CHARACTERS = 64;
  for (let i = 0; i <= MAX_CHARACTERS; i++)
    if (reader.peek(2 * i) === 0 && reader.peek(2 * i + 1) === 0) return reader.text(2 * i, 'utf16le');
  return '';
}
