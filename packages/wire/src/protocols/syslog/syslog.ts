// Syslog in its forms: RFC 5424, the older RFC 3164 habit, and what vendors write in their place. A message says which
// host it comes from; since relays pass messages on, that is a name of the sender only where the message shows it.
import { vendorOfObjectId } from '../../enterprises.ts';
import { isGivenName } from '../../names.ts';
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { statedText } from '../../stated.ts';

/** Longest message over TCP that is waited for; RFC 5425 asks for 8192 bytes. */
const MAX_MESSAGE = 16_384;
/** How much of a message is looked at: headers and the fields that name the device come first. */
const MAX_LOOK = 1024;

interface Syslog {
  readonly origin: string;
  readonly tag: string;
  /** The device that wrote the message is the one that sent it, and this is what it states of itself. */
  readonly stated: {
    readonly name?: string;
    readonly vendor?: string;
    readonly model?: string;
    readonly serial?: string;
  };
}

export const syslog = protocol({
  name: 'syslog',
  title: 'Syslog',
  spec: 'RFC 5424; RFC 3164; RFC 6587 (over TCP)',
  depth: 'identity',
  on: { udp: [514], tcp: [514, 601, 1468] },
  tells: ['syslog.origin', 'syslog.tag', 'device.hostname', 'device.vendor', 'device.model', 'device.serial'],

  firstBytes: [0x3c, 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39], // < and digits
  recognise(reader) {
    if (!startsMessage(reader)) return false;
    const text = reader.text(Math.min(reader.left, 32));
    const rest = /^(?:\d{2,5} )?<\d{1,3}>(.*)/s.exec(text)?.[1] ?? '';
    return /^1 (?:\d{4}-\d\d-\d\dT|- )/.test(rest) || MONTH_START.test(rest);
  },

  frame(reader) {
    const first = reader.peek();
    if (first === 0x3c) {
      const limit = Math.min(reader.left, MAX_MESSAGE);
      for (let at = 0; at < limit; at++) if (reader.peek(at) === 0x0a || reader.peek(at) === 0) return at + 1;
      return reader.left < MAX_MESSAGE ? NEED_MORE : NOT_MINE;
    }
    // Octet counting: a number, a space, that many bytes (RFC 6587 section 3.4.1).
    let length = 0;
    for (let at = 0; at < 6; at++) {
      const byte = reader.peek(at);
      if (byte < 0) return NEED_MORE;
      if (byte === 0x20 && at > 0) return length > 0 && length <= MAX_MESSAGE ? at + 1 + length : NOT_MINE;
      if (byte < 0x30 || byte > 0x39) return NOT_MINE;
      length = length * 10 + byte - 0x30;
    }
    return NOT_MINE;
  },

  read(reader, { sender }): Syslog | undefined {
    if (!startsMessage(reader)) return undefined;
    const text = readLine(reader);
    const match = /^<(\d{1,3})>\s*(.*)$/s.exec(text);
    if (!match || Number(match[1]) > 191) return undefined;
    return readMessage(match[2] ?? '', sender.ip ?? '');
  },

  observe({ origin, tag, stated }, say, { sender }) {
    say.fact(sender, 'syslog.origin', origin, 'HOSTNAME');
    say.fact(sender, 'syslog.tag', tag, 'APP-NAME');
    if (stated.name && isGivenName(stated.name)) say.fact(sender, 'device.hostname', stated.name, 'message');
    if (stated.vendor) say.fact(sender, 'device.vendor', stated.vendor, 'message');
    if (stated.model) say.fact(sender, 'device.model', statedText(stated.model), 'message');
    if (stated.serial) say.fact(sender, 'device.serial', statedText(stated.serial), 'message');
  },
});

/** A message starts with "<" or a digit: asked for every unknown flow, so it must cost little. */
function startsMessage(reader: Reader): boolean {
  const first = reader.peek();
  return first === 0x3c || (first >= 0x30 && first <= 0x39);
}

/** The message without the count before it and the line break behind it. */
function readLine(reader: Reader): string {
  const text = reader.text(Math.min(reader.left, MAX_LOOK), 'utf8');
  return cleanText(text.replace(/^\d{1,5} (?=<)/, ''), MAX_LOOK);
}

const MONTH_START = /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d/;
/** Header of RFC 3164 with its time in the old or the ISO form, the host, and the tag up to colon, bracket or space. */
const OLD_HEADER =
  /^(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?) (\S+) ([\w./()-]{1,48}?)(?:\[[\w.-]+\])?: /;
const BARE_TAG = /^([A-Za-z][\w./-]{1,47})(?:\[\d+\])?: /;

function readMessage(text: string, sender: string): Syslog {
  const structured = /^1 \S+ (\S+) (\S+) \S+ \S+ (.*)$/s.exec(text);
  if (structured) {
    const [, host = '-', application = '-', rest = ''] = structured;
    return { origin: nameOrNothing(host), tag: nameOrNothing(application), stated: originOf(rest, host, sender) };
  }
  for (const { pattern, vendor } of DIALECTS) {
    const found = pattern.exec(text)?.groups;
    if (!found) continue;
    const { name, model, serial, tag } = found;
    const stated = {
      ...(vendor ? { vendor } : {}),
      ...(name && !isAddress(name) ? { name } : {}),
      ...(model ? { model } : {}),
      ...(serial ? { serial } : {}),
    };
    return { origin: name ?? '', tag: tag ?? '', stated };
  }
  const [, host = '', tag = ''] = OLD_HEADER.exec(text) ?? [];
  if (host) return { origin: nameOrNothing(host), tag, stated: {} };
  return { origin: '', tag: BARE_TAG.exec(text)?.[1] ?? '', stated: {} };
}

const nameOrNothing = (field: string): string => (field === '-' ? '' : field.slice(0, 255));
const isAddress = (text: string): boolean => /^[\d.]+$|:.*:/.test(text);

/** Element `origin` (RFC 5424 section 7.2): its address tells whether the sender wrote the message itself. */
function originOf(rest: string, host: string, sender: string): Syslog['stated'] {
  const element = /\[origin ([^\]]*)\]/.exec(rest)?.[1];
  if (!element || !sender || !element.includes(`ip="${sender}"`)) return {};
  const enterprise = /\benterpriseId="(\d+)(?:\.[\d.]*)?"/.exec(element)?.[1];
  const vendor = enterprise ? vendorOfObjectId(`1.3.6.1.4.1.${enterprise}`) : '';
  return { ...(host !== '-' && !isAddress(host) ? { name: host } : {}), ...(vendor ? { vendor } : {}) };
}

/**
 * What devices write that do not keep to the RFC. A relay would have put the RFC's header before it, so here the writer
 * is the sender. Groups: name, model, serial, tag.
 */
const DIALECTS: readonly { readonly pattern: RegExp; readonly vendor?: string }[] = [
  // Cisco IOS: sequence number, origin identifier where configured, time, then facility, severity and mnemonic.
  {
    vendor: 'Cisco',
    pattern: /^(?:\d+: )?(?:(?<name>[A-Za-z][\w.-]{0,62}): )?(?:\[syslog@9 [^\]]*\]: )?<ios-log-msg>/,
  },
  {
    vendor: 'Cisco',
    pattern:
      /^(?:\d+: )?(?:(?<name>[A-Za-z][\w.-]{0,62}): )?\[syslog@9 [^\]]*\]: .*?(?<tag>%[A-Z][A-Z0-9_]*-\d-[A-Z0-9_]+):/,
  },
  {
    pattern:
      /^\d+: (?:(?<name>[A-Za-z][\w.-]{0,62}): )?[*.]?[A-Z][a-z]{2} [ \d]?\d (?:\d{4} )?\d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]{1,5})?: (?<tag>%[A-Z][A-Z0-9_]*-\d-[A-Z0-9_]+):/,
  },
  { vendor: 'Cisco', pattern: /^(?:[A-Z][a-z]{2} [ \d]\d \d{4} \d\d:\d\d:\d\d: )?(?<tag>%(?:ASA|FTD|PIX)-\d-\d{6}): / },
  {
    vendor: 'Fortinet',
    pattern:
      /^date=\S+ time=\S+ (?:\w+=\S+ )*?devname="?(?<name>[^" ]+)"? (?:\w+=\S+ )*?devid="?(?<serial>F[A-Z0-9]{9,17})"? /,
  },
  { vendor: 'Sophos', pattern: /^device="SFW" date=\S+ .*?device_name="(?<model>[^"]+)" device_id=(?<serial>[\w-]+) / },
  { vendor: 'SonicWall', pattern: /^id=\S+ sn=(?<serial>[0-9A-F]{12}) time="/ },
  { vendor: 'NetScreen', pattern: /^(?<name>\S+): NetScreen device_id=(?<serial>\d{10,18}) / },
];
