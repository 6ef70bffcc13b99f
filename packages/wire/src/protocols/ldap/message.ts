// LDAP messages (RFC 4511): which operation, and of each what names an end or shows that a secret crossed. Values of
// passwords are not part of what is returned.
import { BER, berInteger, readBer, readBerIf, readBerLength } from '../../ber.ts';
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { type Ntlmssp, readNtlmssp } from '../smb/ntlmssp.ts';
import { type Netlogon, readNetlogon } from './netlogon.ts';

/** Attributes of one entry and values of one attribute that are looked at; a root entry has forty. */
const MAX_ATTRIBUTES = 200;
const MAX_VALUES = 16;
/** Depth and parts of a filter that are looked at. */
const MAX_DEPTH = 8;
const MAX_FILTERS = 64;

/** Operations by their application tag (section 4.2 and following). */
export const OP = {
  bindRequest: 0x60,
  bindResponse: 0x61,
  unbind: 0x42,
  search: 0x63,
  entry: 0x64,
  searchDone: 0x65,
  modify: 0x66,
  modifyResponse: 0x67,
  add: 0x68,
  addResponse: 0x69,
  remove: 0x4a,
  removeResponse: 0x6b,
  rename: 0x6c,
  renameResponse: 0x6d,
  compare: 0x6e,
  compareResponse: 0x6f,
  abandon: 0x50,
  reference: 0x73,
  extended: 0x77,
  extendedResponse: 0x78,
  intermediate: 0x79,
} as const;
const KNOWN: ReadonlySet<number> = new Set(Object.values(OP));
export const isOperation = (tag: number): boolean => KNOWN.has(tag);

export interface Ldap {
  readonly op: number;
  readonly id: number;
  /** Distinguished name that is bound, searched, changed. */
  readonly name?: string;
  /** Bind: by a password in clear, without one, or by another mechanism. */
  readonly bind?: 'password' | 'anonymous' | 'other';
  readonly ntlm?: Ntlmssp;
  readonly result?: number;
  /** Host that asks who serves its domain. */
  readonly host?: string;
  /** Attributes of an entry that are wanted, in lower case. */
  readonly attributes?: ReadonlyMap<string, readonly string[]>;
  readonly netlogon?: Netlogon;
  /** An attribute that holds a password is set. */
  readonly setsPassword?: boolean;
}

/** Attributes of the root entry (RFC 4512 section 5.1, MS-ADTS section 3.1.1.3.2) that tell something. */
const WANTED: ReadonlySet<string> = new Set([
  'dnshostname',
  'defaultnamingcontext',
  'namingcontexts',
  'servername',
  'domaincontrollerfunctionality',
  'supportedsaslmechanisms',
  'vendorname',
  'vendorversion',
  'objectclass',
]);
const PASSWORD_ATTRIBUTE =
  /^(?:user|unicode|sambaNT|sambaLM)?(?:password|pwd)\b|^(?:dBCSPwd|ntPwdHistory|lmPwdHistory|ms-Mcs-AdmPwd|krbPrincipalKey)$/i;

export function readLdap(reader: Reader): Ldap | undefined {
  const message = readBerIf(reader, BER.sequence);
  const number = message && readBerIf(message, BER.integer);
  if (!message || !number || number.left > 4) return undefined;
  const id = berInteger(number);
  const op = readBer(message);
  if (!op || !KNOWN.has(op.tag)) return undefined;
  const { tag, body } = op;
  switch (tag) {
    case OP.bindRequest:
      return { op: tag, id, ...readBind(body) };
    case OP.search:
      return { op: tag, id, ...readSearch(body) };
    case OP.entry:
      return { op: tag, id, ...readEntry(body) };
    case OP.modify:
    case OP.add:
      return { op: tag, id, name: nameOf(body), setsPassword: namesPassword(body) };
    case OP.remove:
      return { op: tag, id, name: cleanText(body.text(body.left, 'utf8'), 255) };
    case OP.rename:
      return { op: tag, id, name: nameOf(body) };
    case OP.bindResponse:
    case OP.modifyResponse:
    case OP.addResponse:
    case OP.removeResponse:
    case OP.renameResponse:
      return { op: tag, id, ...readResult(body) };
    default:
      return { op: tag, id };
  }
}

function textOf(body: Reader | undefined): string {
  return body ? cleanText(body.text(body.left, 'utf8'), 512) : '';
}
const nameOf = (body: Reader): string => textOf(readBerIf(body, BER.octetString)).slice(0, 255);

function readBind(body: Reader): Partial<Ldap> {
  readBerIf(body, BER.integer);
  const name = nameOf(body);
  const credentials = readBer(body);
  if (!credentials) return {};
  if (credentials.tag === 0x80) {
    const isEmpty = credentials.body.left === 0;
    return { name, bind: isEmpty ? 'anonymous' : 'password' };
  }
  // SASL, or the older form of Windows that carries NTLM alone.
  let token = credentials.body;
  let mechanism = '';
  if (credentials.tag === 0xa3) {
    mechanism = textOf(readBerIf(token, BER.octetString));
    token = readBerIf(token, BER.octetString) ?? token;
  }
  const bytes = token.bytes(token.left);
  if (mechanism === 'PLAIN') return { name: accountOfPlain(bytes), bind: 'password' };
  const ntlm = readNtlmssp(bytes);
  return { name, bind: 'other', ...(ntlm ? { ntlm } : {}) };
}

/** Between the first two zeros (RFC 4616). */
function accountOfPlain(bytes: Uint8Array): string {
  const from = bytes.indexOf(0) + 1;
  const to = bytes.indexOf(0, from);
  return from > 0 && to > from ? cleanText(new TextDecoder().decode(bytes.subarray(from, to)), 255) : '';
}

function readResult(body: Reader): Partial<Ldap> {
  const code = readBerIf(body, 0x0a);
  const result = code && code.left <= 2 ? berInteger(code) : undefined;
  nameOf(body);
  nameOf(body);
  readBerIf(body, 0xa3);
  const token = readBerIf(body, 0x87);
  const ntlm = token && readNtlmssp(token.bytes(token.left));
  return { ...(result === undefined ? {} : { result }), ...(ntlm ? { ntlm } : {}) };
}

function readSearch(body: Reader): Partial<Ldap> {
  const name = nameOf(body);
  readBerIf(body, 0x0a);
  readBerIf(body, 0x0a);
  readBerIf(body, BER.integer);
  readBerIf(body, BER.integer);
  readBerIf(body, BER.boolean);
  const host = name === '' ? hostOfFilter(body, 0, { left: MAX_FILTERS }) : '';
  return { name, ...(host ? { host } : {}) };
}

/** `(&(DnsDomain=...)(Host=PANEL-3)(NtVer=...))`: what a computer sends to find its domain (MS-ADTS section 6.3.3). */
function hostOfFilter(reader: Reader, depth: number, budget: { left: number }): string {
  if (depth > MAX_DEPTH || budget.left-- <= 0) return '';
  const filter = readBer(reader);
  if (!filter) return '';
  if (filter.tag === 0xa0) {
    let host = '';
    while (host === '' && filter.body.left > 0 && budget.left > 0) host = hostOfFilter(filter.body, depth + 1, budget);
    return host;
  }
  if (filter.tag !== 0xa3) return '';
  return nameOf(filter.body).toLowerCase() === 'host' ? nameOf(filter.body) : '';
}

function readEntry(body: Reader): Partial<Ldap> {
  const name = nameOf(body);
  const list = name === '' ? readBerIf(body, BER.sequence) : undefined;
  if (!list) return { name };
  const attributes = new Map<string, string[]>();
  let netlogon: Netlogon | undefined;
  for (let i = 0; list.left > 0 && i < MAX_ATTRIBUTES; i++) {
    const attribute = readBerIf(list, BER.sequence);
    if (!attribute) break;
    const type = nameOf(attribute).toLowerCase();
    const values = readBerIf(attribute, BER.set);
    if (!values) break;
    if (type === 'netlogon') {
      const value = readBerIf(values, BER.octetString);
      netlogon = value && readNetlogon(value);
    }
    if (!WANTED.has(type)) continue;
    const texts: string[] = [];
    while (values.left > 0 && texts.length < MAX_VALUES) texts.push(textOf(readBerIf(values, BER.octetString)));
    attributes.set(type, texts);
  }
  return { name, attributes, ...(netlogon ? { netlogon } : {}) };
}

/** Whether an attribute that is set is a password: of a change (section 4.6) or of a new entry (section 4.7). */
function namesPassword(body: Reader): boolean {
  const list = readBerIf(body, BER.sequence);
  for (let i = 0; list && list.left > 0 && i < MAX_ATTRIBUTES; i++) {
    const change = readBerIf(list, BER.sequence);
    if (!change) return false;
    const attribute = readBerIf(change, 0x0a) ? readBerIf(change, BER.sequence) : change;
    if (attribute && PASSWORD_ATTRIBUTE.test(nameOf(attribute))) return true;
  }
  return false;
}

/**
 * Where secrets are, also in a message that is cut off: everything behind the name of a bind, and everything from the
 * first attribute on that holds a password.
 */
export function findLdapSecrets(reader: Reader): SecretRange[] {
  const length = reader.left;
  if (reader.u8() !== BER.sequence) return [];
  readBerLength(reader);
  if (reader.u8() !== BER.integer) return [];
  reader.skip(readBerLength(reader));
  const op = reader.u8();
  readBerLength(reader);
  const from = reader.ok ? reader.offset : length;
  const hide = (at: number) => (at < length ? [{ from: at, to: length, what: 'LDAP password' }] : []);
  if (op === OP.bindRequest) {
    reader.skip(3); // version
    const isName = reader.u8() === BER.octetString;
    reader.skip(readBerLength(reader));
    return hide(reader.ok && isName ? reader.offset : from);
  }
  if (op !== OP.modify && op !== OP.add && op !== OP.entry && op !== OP.extended && op !== OP.compare) return [];
  // An extended request may change a password (RFC 3062).
  if (op === OP.extended) return hide(from);
  const at = reader.text(reader.left).search(/pass(?:word|wd)|pwd|krbPrincipalKey/i);
  return at < 0 ? [] : hide(from + at);
}
