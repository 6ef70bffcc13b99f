// Secrets in what crosses the wire, for whoever shows bytes of it: where a protocol says that they are, and in text
// whatever protocol it is of. Facts never hold them; here they are found only to be hidden.
import { decodeText } from './reader.ts';

/** Bytes that must not be shown, counted from the start of what was looked at. */
export interface SecretRange {
  readonly from: number;
  /** The byte behind the last. */
  readonly to: number;
  /** What they are, as a person is told in place of them: "HTTP basic password". */
  readonly what: string;
}

/** Secrets hidden in one piece of text; more are hidden as one, from there to its end. */
const MAX_RANGES = 500;

/** Words in the names of secrets, in the forms in which devices write them. */
const WORD =
  'pass(?:w(?:or)?d|phrase|code|wd)?|pwd|psw|psd|pas|secret|token|api[_-]?key|access[_-]?key|session[_-]?id|sessid|psk|preshared[_-]?key|wep[_-]?key|credential|community';
/** The name around the word; longer ones are prose. */
const AROUND = '[\\w.\\-[\\]%]{0,32}';

/** Where secrets stand in text: the group `secret` of each is hidden. */
const PATTERNS: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  // Header fields of HTTP, RTSP, SIP and SSDP with their continued lines. A digest is no secret, its answer is hidden.
  {
    pattern:
      /(?:^|[\r\n])[ \t]*(?:proxy-)?authorization[ \t]*:[ \t]*(?:basic[ \t]+)(?<secret>[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/dgi,
    what: 'HTTP basic password',
  },
  {
    pattern:
      /(?:^|[\r\n])[ \t]*(?:proxy-)?authorization[ \t]*:(?![ \t]*(?:basic|digest)[ \t])[ \t]*(?:[\w-]+[ \t]+)?(?<secret>[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/dgi,
    what: 'HTTP token',
  },
  {
    pattern:
      /(?:^|[\r\n])[ \t]*(?:proxy-)?authorization[ \t]*:[ \t]*digest[^\r\n]*?\bresponse[ \t]*=[ \t]*(?<secret>[^,\r\n]*)/dgi,
    what: 'answer to a challenge',
  },
  {
    pattern: /(?:^|[\r\n])[ \t]*(?:set-)?cookie2?[ \t]*:[ \t]*(?<secret>[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/dgi,
    what: 'HTTP cookie',
  },
  {
    pattern:
      /(?:^|[\r\n])[ \t]*x-[\w-]{0,32}(?:token|key|session|auth|csrf|secret)[\w-]{0,32}[ \t]*:[ \t]*(?<secret>[^\r\n]*)/dgi,
    what: 'HTTP token',
  },
  // Forms, queries, settings: name=value.
  {
    pattern: new RegExp(
      `(?:${WORD})${AROUND}[ \\t]{0,4}=[ \\t]{0,4}(?<secret>"[^"\\r\\n]*"?|'[^'\\r\\n]*'?|[^&\\s"'<>;]*)`,
      'dgi',
    ),
    what: 'password',
  },
  // JSON: "name": "value", a number, or several of them.
  {
    pattern: new RegExp(
      `"${AROUND}(?:${WORD})${AROUND}"\\s{0,8}:\\s{0,8}(?<secret>\\[[^\\]]*\\]?|"(?:[^"\\\\]|\\\\[^])*"?|[^\\s,}\\]]*)`,
      'dgi',
    ),
    what: 'password',
  },
  // XML: <name attributes>value<, also where the name is the text of an element before (TR-069).
  {
    pattern: new RegExp(
      `<[\\w:.-]{0,32}(?:${WORD})[\\w:.-]{0,32}(?:\\s[^<>]{0,512})?>(?<secret>\\s*(?:<!\\[CDATA\\[[^]*?(?:\\]\\]>|$)|[^<]*))`,
      'dgi',
    ),
    what: 'password',
  },
  {
    pattern: new RegExp(
      `(?:${WORD})[\\w.]{0,32}\\s*</(?:\\w{1,32}:)?Name>\\s*<(?:\\w{1,32}:)?Value(?:\\s[^<>]{0,512})?>(?<secret>[^<]*)`,
      'dgi',
    ),
    what: 'password',
  },
  // Part of a form with files: name="..." in its head, an empty line, the value.
  {
    pattern: new RegExp(
      `\\bname="?${AROUND}(?:${WORD})${AROUND}"?[^\\r\\n]{0,200}(?:\\r?\\n[^\\r\\n]{1,200}){0,4}\\r?\\n\\r?\\n(?<secret>[^\\r\\n]*)`,
      'dgi',
    ),
    what: 'password',
  },
  // An address with a login in it (RFC 3986 section 3.2.1).
  {
    pattern: /(?::\/\/|[\r\n]host[ \t]*:[ \t]*)[^\s/@:"'<>]{0,256}:(?<secret>[^\s/@"'<>]{1,256})@/dgi,
    what: 'password in an address',
  },
  // Logins of FTP, POP3, SMTP and IMAP.
  { pattern: /(?:^|[\r\n])PASS[ \t]+(?<secret>[^\r\n]*)/dgi, what: 'password' },
  {
    pattern: /(?:^|[\r\n])(?:\w{1,16}[ \t]+)?AUTH(?:ENTICATE)?[ \t]+(?:PLAIN|LOGIN)[ \t]+(?<secret>[^\r\n]*)/dgi,
    what: 'password',
  },
  { pattern: /(?:^|[\r\n])\w{1,16}[ \t]+LOGIN[ \t]+\S{1,256}[ \t]+(?<secret>[^\r\n]*)/dgi, what: 'password' },
];

/**
 * Secrets in text of any protocol, by the names that stand before them. A value that is cut off counts as far as it is
 * there. Rather too much is found than too little: what is found is not shown, nothing else.
 */
export function findTextSecrets(bytes: Uint8Array): SecretRange[] {
  const found: SecretRange[] = [];
  // In Latin-1 every character is one byte, whatever the text is in.
  const text = decodeText(bytes, 'latin1');
  for (const { pattern, what } of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const [from, to] = match.indices?.groups?.secret ?? [0, 0];
      if (to <= from) continue;
      if (found.length >= MAX_RANGES) return [...found, { from, to: bytes.length, what }];
      found.push({ from, to, what });
    }
  }
  return found;
}

/** An address without the login in it; other texts stay as they are. */
export const withoutLogin = (url: string): string => url.replace(/(\/\/)[^\s/@]*@/g, '$1');
