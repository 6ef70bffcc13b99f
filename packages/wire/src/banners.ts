// What servers of terminals, files and mail say before anybody has logged in. One entry per program or maker whose words
// are certain; a banner that fits none stays a banner and says nothing more.
import type { Subject } from '@interlock/model';
import { DESCRIBED_KINDS, type Described, readDescription, tellDescribed } from './descriptions.ts';
import { isGivenName } from './names.ts';
import type { Say } from './protocol.ts';

/** What a banner states, each as the server writes it. */
export interface Banner extends Described {
  readonly software?: string;
  readonly host?: string;
}
type BannerKind = (typeof DESCRIBED_KINDS)[number] | 'device.software' | 'device.hostname';
/** For `tells` of a protocol that calls `tellBanner`. */
export const BANNER_KINDS = [...DESCRIBED_KINDS, 'device.software', 'device.hostname'] as const;

/** Longer banners are cut: legal notices follow behind what names the device. */
const MAX_BANNER = 600;

/** What the banner of a server states. In: its text, line breaks as spaces. */
export function readBanner(banner: string): Banner {
  const text = banner.slice(0, MAX_BANNER).replace(/\s+/g, ' ').trim();
  const found: Record<string, string> = { ...readDescription(text) };
  for (const { pattern, ...fixed } of BANNERS) {
    const match = pattern.exec(text);
    if (!match) continue;
    const { name, version, kernel, ...groups } = match.groups ?? {};
    for (const [part, value] of Object.entries({ ...fixed, ...groups })) if (value) found[part] ??= value.trim();
    const software = name ?? fixed.software;
    if (software) found['software'] = version ? `${software} ${version}` : software;
    if (kernel && fixed.os) found['os'] = `${fixed.os} ${kernel}`;
  }
  return found;
}

/** Says what a banner states, of the server that sent it. */
export function tellBanner(banner: Banner, server: Subject, source: string, say: Say<BannerKind>): void {
  const { software, host, ...described } = banner;
  tellDescribed(described, server, source, say);
  if (software) say(server, 'device.software', software, source);
  if (host && isHost(host)) say(server, 'device.hostname', host, source);
}

/** Names that stand where a host's name should, because nobody set one. */
const NO_HOSTS = /^(?:ftp|mail|smtp|pop3?|imap|server|host(?:name)?|user|localhost.*|[\d.]+)$/i;
/** Whether a word is the name of a host that somebody gave: no address, no stand-in. */
export const isHost = (name: string): boolean =>
  /^[A-Za-z0-9](?:[\w-]*[A-Za-z0-9])?(?:\.[\w-]+)*$/.test(name) &&
  /[A-Za-z]/.test(name) &&
  name.length <= 253 &&
  isGivenName(name) &&
  !NO_HOSTS.test(name);

/**
 * One way of writing. Named groups are parts of `Banner`; `name` and `version` make the software, `kernel` is put behind
 * `os`. All that match count, the first value of a part stays.
 */
interface Dialect extends Banner {
  readonly pattern: RegExp;
}

const BANNERS: readonly Dialect[] = [
  // Devices that name themselves.
  { vendor: 'MikroTik', os: 'RouterOS', pattern: /\bFTP server \(MikroTik (?<firmware>\d[\w.]*)\) ready/ },
  { vendor: 'MikroTik', os: 'RouterOS', pattern: /^MikroTik v(?<firmware>\d[\w.]*)(?: \([\w-]+\))?(?= |$)/ },
  {
    vendor: 'AXIS',
    pattern: /^AXIS (?<model>\w[\w-]*) (?<type>[A-Z][A-Za-z ]*?) (?<firmware>\d+\.[\d.]+\w*) \(.*?\) ready/,
  },
  { vendor: 'Siemens', pattern: /^(?<model>CP ?[34]43-1(?: (?:IT|Advanced|Lean))*) FTP-?Server (?<firmware>V[\d.]+)/i },
  {
    vendor: 'Lexmark',
    type: 'Printer',
    pattern: /\bLexmark (?<model>[A-Z]+\d\w*) FTP Server (?<firmware>[\w.]+) ready/,
  },
  { vendor: 'Hewlett-Packard (HP)', type: 'Printer', pattern: /^JD FTP Server Ready|^HP JetDirect\b/ },
  {
    vendor: 'RICOH',
    type: 'Printer',
    pattern: /^RICOH (?<model>\w.*?) FTP server \((?<firmware>[\d.]+)\) ready/,
  },
  { vendor: 'SHARP', type: 'Printer', pattern: /^SHARP (?<model>MX-\w+) Ver (?<firmware>\S+) FTP server/ },
  { vendor: 'KYOCERA', type: 'Printer', pattern: /^(?<model>(?:TASKalfa|ECOSYS) \w+) FTP server/ },
  { vendor: 'QNAP', pattern: /^NASFTPD Turbo station/ },
  { vendor: 'Cisco', pattern: /^User Access Verification\b/ },
  { vendor: 'NetScreen', pattern: /^Remote Management Console login/ },
  {
    vendor: 'Extron',
    pattern:
      /^\(c\) Copyright [\d-]+,? Extron Electronics, (?<model>[^,]+), V(?<firmware>[\d.]+)(?:, (?<orderNumber>\d\d-[\d-]+))?/,
  },
  { vendor: 'Crestron', pattern: /^(?<model>[A-Z][\w-]*\d\w*) Control Console\b/ },
  { vendor: 'AMX', pattern: /^Welcome to NetLinx v(?<firmware>[\d.]+)/ },
  {
    vendor: 'APC',
    pattern: /^American Power Conversion (?:Corp )?Network Management Card AOS (?<firmware>v[\d.]+)/,
  },
  {
    vendor: 'Moxa',
    pattern: /\bModel name ?: ?(?<model>(?:NPort|MGate|EDS|OnCell|ioLogik|AWK)[\w -]*?\d\w*(?:-\w+)*)(?= |$)/,
  },
  { vendor: 'Lantronix', pattern: /^Lantronix (?:Inc\. - )?(?:Universal )?(?<model>[A-Z][\w-]*\d\w*)\b/ },

  // Systems.
  { os: 'VxWorks', pattern: /\(VxWorks(?: |-)?(?<kernel>\d[\w.]*)\)/ },
  { os: 'VxWorks', pattern: /^VxWorks (?:login|FTP server)\b/ },
  { os: 'Nucleus', pattern: /^Nucleus FTP Server\b/ },
  { os: 'QNX', pattern: /\bQNXNTO-ftpd\b|^QNX Neutrino\b/ },
  { os: 'Windows', software: 'Microsoft FTP Service', pattern: /\bMicrosoft FTP Service\b/ },
  { os: 'Windows', pattern: /^Welcome to Microsoft Telnet Se(?:rver|rvice)\b/ },
  { os: 'Windows CE', pattern: /^Welcome to the Windows CE Telnet Service\b/ },
  {
    pattern:
      /^(?<os>(?:Ubuntu \d\d\.\d\d(?:\.\d+)?(?: LTS)?|Debian GNU\/Linux [\w/.]+|CentOS(?: Linux)? (?:release )?\d[\d.]*|Fedora (?:Core )?release \d+|Red Hat (?:Enterprise )?Linux (?:\w+ )?release [\d.]+|Raspbian GNU\/Linux \d+|openSUSE [\d.]+))\b/,
  },
  { os: 'Linux', pattern: /\bKernel (?<kernel>[2-7]\.\d+\.\d[\w.-]*) on an? [\w-]+/ },
  { os: 'FreeBSD', pattern: /^FreeBSD\/\w+ \((?<host>[\w.-]+)\) \(\w+\)/ },
  { os: 'OpenBSD', pattern: /^OpenBSD\/\w+ \((?<host>[\w.-]+)\) \(\w+\)/ },
  { os: 'NetBSD', pattern: /^NetBSD\/\w+ \((?<host>[\w.-]+)\) \(\w+\)/ },
  { os: 'SunOS', pattern: /^SunOS (?<kernel>5\.\d+)\b|\(SunOS (?<kernel>5\.\d+)\) ready/ },
  { os: 'HP-UX', pattern: /^HP-UX (?<host>[\w.-]+) (?<kernel>[A-Z]\.\d\d\.\d\d)\b/ },
  { os: 'AIX', pattern: /^AIX Version (?<kernel>\d[\d.]*)/ },
  { pattern: /^(?<os>OpenVMS \(TM\) \S+ Operating System, Version V[\d.-]+)/ },
  { os: 'DD-WRT', pattern: /^DD-WRT v(?<kernel>\d\S*)/ },

  // Programs for files.
  { pattern: /\((?<name>vsFTPd) (?<version>\d[\w.]*)\)/ },
  { pattern: /\b(?<name>ProFTPD) (?<version>\d[\w.]*) Server/ },
  { software: 'ProFTPD', pattern: /\bProFTPD Server \(/ },
  { software: 'Pure-FTPd', pattern: /\bWelcome to Pure-FTPd\b/ },
  { pattern: /\b(?<name>FileZilla Server)(?: version)? (?<version>\d[\w.]*(?: beta)?)/ },
  { pattern: /\b(?<name>Serv-U FTP Server) v(?<version>\d[\w.]*)/ },
  { software: 'wu-ftpd', pattern: /\bFTP server \(Version wu-(?<version>\d[\w.]*)/ },
  { pattern: /\b(?<name>bftpd) (?<version>\d[\w.]*) at\b/ },
  { pattern: /\b(?<name>pyftpdlib) (?<version>\d[\w.]*) ready/ },
  { software: 'GNU inetutils', pattern: /\bFTP server \(GNU inetutils (?<version>\d[\w.]*)\) ready/ },
  { software: 'BusyBox', pattern: /\bBusyBox v(?<version>\d[\w.]*)/ },
  { pattern: /^(?<host>[\w.-]+) FTP server \(.*\) ready/ },

  // Programs for mail.
  {
    software: 'Postfix',
    pattern: /^(?<host>[\w.-]+) ESMTP Postfix(?: \((?<os>Ubuntu|Debian(?:\/GNU)?|Raspbian)\)|\b)/,
  },
  { pattern: /^(?<host>[\w.-]+) ESMTP (?<name>Exim) (?<version>\d[\w.]*)/ },
  { pattern: /^(?<host>[\w.-]+) ESMTP (?<name>Sendmail) (?:AIX[\d.]+\/)?(?<version>8\.\d[\w.]*)/ },
  {
    os: 'Windows',
    software: 'Microsoft ESMTP MAIL Service',
    pattern: /^(?<host>[\w.-]+) Microsoft ESMTP MAIL Service(?:, Version: (?<version>[\d.]+))?/,
  },
  { software: 'hMailServer', pattern: /\bhMailServer\b/ },
  { pattern: /^(?<host>[\w.-]+) ESMTP (?<name>MDaemon) (?<version>\d[\d.]*)/ },
  { pattern: /^(?<host>[\w.-]+) ESMTP Service \((?:IBM |Lotus )?(?<name>Domino) Release (?<version>\d[\w.]*)/ },
  { pattern: /^(?<host>[\w.-]+) ESMTP (?<name>OpenSMTPD)\b/ },
  { pattern: /^(?<host>[\w.-]+) ESMTP (?<name>CommuniGate Pro) (?<version>\d[\w.]*)/ },
  { pattern: /^(?<host>[\w.-]+) (?:Kerio Connect|Kerio MailServer) (?<version>\d[\w.]*)/, software: 'Kerio Connect' },
  { pattern: /^(?<host>[\w.-]+) ESMTP (?<name>Haraka)(?:\/(?<version>\d[\w.]*))?/ },
  { pattern: /^(?<host>[A-Za-z0-9][\w-]*(?:\.[\w-]+)+) E?SMTP\b/ },
  { software: 'Dovecot', pattern: /\bDovecot(?: \((?<os>Ubuntu|Debian)\))? ready/ },
  { pattern: /\b(?<name>Cyrus) (?:IMAP4?|POP3|IMAP) (?:Murder )?v(?<version>\d[\w.-]*)/ },
  { software: 'Courier-IMAP', pattern: /\bCourier-IMAP ready\b/ },
  {
    os: 'Windows',
    pattern:
      /\b(?<name>Microsoft Exchange(?: Server)?(?: \d{4})?) (?:POP3|IMAP4rev1|IMAP4) server version (?<version>[\d.]+)/,
  },
  { os: 'Windows', software: 'Microsoft Exchange', pattern: /^The Microsoft Exchange (?:POP3|IMAP4) service is ready/ },
  { pattern: /^(?<name>Qpopper) \((?:version )?(?<version>\d[\w.]*)\)/ },
];
