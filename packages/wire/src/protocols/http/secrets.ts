// Secrets that cross in HTTP without encryption: which account, by which means. The secret itself is looked at only to
// know that there is one, and never leaves this file.
import { cleanText, decodeText } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { scanXml } from './xml.ts';

export interface Secret {
  readonly account?: string;
  readonly what: string;
}

/** Longest account name: mail addresses have up to 254 characters. */
const MAX_ACCOUNT = 254;

const secret = (what: string, account: string): Secret => {
  const name = cleanText(account, MAX_ACCOUNT);
  return name === '' ? { what } : { account: name, what };
};

/** The credential in an Authorization or Proxy-Authorization field (RFC 7617, RFC 6750), where it is readable. */
export function secretOfAuthorization(value: string): Secret | undefined {
  const space = value.indexOf(' ');
  const scheme = value.slice(0, space).toLowerCase();
  const credential = value.slice(space + 1).trim();
  if (space < 0 || credential === '') return undefined;
  if (scheme === 'basic') {
    const text = decodeText(decodeBase64(credential), 'utf8');
    const colon = text.indexOf(':');
    return colon < 0 ? undefined : secret('HTTP basic password', text.slice(0, colon));
  }
  return scheme === 'bearer' || scheme === 'token' ? { what: 'HTTP bearer token' } : undefined;
}

/** The account of an answer to a digest challenge (RFC 7616 section 3.4). No secret crosses with it. */
export const accountOfDigest = (value: string): string =>
  /^digest\s/i.test(value) ? cleanText(/\busername\s*=\s*"([^"]*)"/i.exec(value)?.[1] ?? '', MAX_ACCOUNT) : '';

const PASSWORD_NAME =
  /^(?:user_?|login_?|admin_?|web_?|http_?|basic_?)?(?:pass(?:w(?:or)?d|phrase|code)?|pwd|psw|psd|pas)$/i;
const ACCOUNT_NAME =
  /^(?:user(?:_?name)?|usr|login(?:_?name|_?use|_?user)?|account|uname|user_?id|uid|e-?mail|name|id)$/i;
const LOGIN_PASSWORD = /^loginpas/i;

/** Pairs of one form: more are no login. */
const MAX_PAIRS = 100;

/** A password in a form (`application/x-www-form-urlencoded`) or in the query of an address. */
export function secretOfForm(form: string, what: string): Secret | undefined {
  let account = '';
  let hasPassword = false;
  for (const pair of form.split('&', MAX_PAIRS)) {
    const equals = pair.indexOf('=');
    if (equals <= 0) continue;
    const name = decodeForm(pair.slice(0, equals));
    const value = pair.slice(equals + 1);
    if (value === '') continue;
    if (PASSWORD_NAME.test(name) || LOGIN_PASSWORD.test(name)) hasPassword = true;
    else if (account === '' && ACCOUNT_NAME.test(name)) account = decodeForm(value);
  }
  return hasPassword ? secret(what, account) : undefined;
}

/** Values of passwords in a form or query that starts at byte `at` of a message; each character is one byte. */
export function findFormSecrets(form: string, what: string, at: number): SecretRange[] {
  const found: SecretRange[] = [];
  let start = 0;
  for (const pair of form.split('&', MAX_PAIRS)) {
    const equals = pair.indexOf('=');
    const name = decodeForm(pair.slice(0, Math.max(equals, 0)));
    if (equals > 0 && equals + 1 < pair.length && (PASSWORD_NAME.test(name) || LOGIN_PASSWORD.test(name)))
      found.push({ from: at + start + equals + 1, to: at + start + pair.length, what });
    start += pair.length + 1;
  }
  return found;
}

/** A password in the body of a request. By what the body is, not by its declared type: small clients send XML as a form. */
export function secretOfBody(text: string): { readonly secret: Secret; readonly source: string } | undefined {
  const start = text.trimStart()[0];
  const [secret, source] =
    start === '<'
      ? [secretOfSoap(text), 'SOAP header']
      : start === '{' || start === '['
        ? [secretOfJson(text), 'JSON body']
        : [secretOfForm(text, 'HTTP form password'), 'form'];
  return secret && { secret, source };
}

function decodeForm(text: string): string {
  const bytes: number[] = [];
  for (let i = 0; i < text.length && bytes.length <= MAX_ACCOUNT; i++) {
    const code = text.charCodeAt(i);
    const escaped = code === 0x25 ? Number.parseInt(text.slice(i + 1, i + 3), 16) : Number.NaN;
    if (code === 0x2b) bytes.push(0x20);
    else if (Number.isNaN(escaped)) bytes.push(code & 0xff);
    else {
      bytes.push(escaped);
      i += 2;
    }
  }
  return decodeText(Uint8Array.from(bytes), 'utf8');
}

/** A password in a JSON object, found without parsing, since the object may be cut off. */
export function secretOfJson(json: string): Secret | undefined {
  let account = '';
  let hasPassword = false;
  let pairs = 0;
  for (const [, name = '', value = ''] of json.matchAll(/"([\w-]{1,32})"\s{0,8}:\s{0,8}"((?:[^"\\]|\\.){1,512})"/g)) {
    if (++pairs > MAX_PAIRS) break;
    if (PASSWORD_NAME.test(name)) hasPassword = true;
    else if (account === '' && ACCOUNT_NAME.test(name)) account = value;
  }
  return hasPassword ? secret('HTTP JSON password', account) : undefined;
}

/** A password in the header of a SOAP message (WS-Security UsernameToken Profile, as ONVIF uses it), where it is plain. */
export function secretOfSoap(xml: string): Secret | undefined {
  if (!xml.includes('UsernameToken') || xml.includes('#PasswordDigest')) return undefined;
  let account = '';
  let hasPassword = false;
  scanXml(xml, (path, text) => {
    if (path.at(-2) !== 'UsernameToken') return;
    if (path.at(-1) === 'Username') account = text;
    if (path.at(-1) === 'Password') hasPassword = true;
  });
  return hasPassword ? secret('WS-Security password', account) : undefined;
}

/** The account of a SOAP login whose password comes as a digest: no secret crosses with it. */
export function accountOfSoapDigest(xml: string): string {
  if (!xml.includes('UsernameToken') || !xml.includes('#PasswordDigest')) return '';
  let account = '';
  scanXml(xml, (path, text) => {
    if (path.at(-2) === 'UsernameToken' && path.at(-1) === 'Username') account = cleanText(text, MAX_ACCOUNT);
  });
  return account;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES: ReadonlyMap<string, number> = new Map(Array.from(ALPHABET, (sign, value) => [sign, value]));

/** RFC 4648 section 4, up to the first sign that is none. At most 4 KiB, which no login exceeds. */
export function decodeBase64(text: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const sign of text.slice(0, 4096)) {
    const value = VALUES.get(sign === '-' ? '+' : sign === '_' ? '/' : sign);
    if (value === undefined) break;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
  }
  return Uint8Array.from(bytes);
}
