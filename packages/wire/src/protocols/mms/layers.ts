// What lies between a COTP packet and an MMS PDU: session (ISO 8327), presentation (ISO 8823) and association control
// (ISO 8650), of which everyone uses the same few forms. Tags above 30, which MMS needs for files, are read here too.
import { berOid, readBerLength } from '../../ber.ts';
import type { Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

/** Session packets (ISO 8327-1 clause 8.3). Data transfer comes behind an empty "give tokens" of the same number. */
const CONNECT = 0x0d;
const ACCEPT = 0x0e;
const REFUSE = 0x0c;
const DATA = 0x01;
/** Finish, disconnect, not finished, abort, abort accept. */
const ENDS: readonly number[] = [0x09, 0x0a, 0x08, 0x19, 0x1a];

/** Parameters that carry user data (ISO 8327-1 table 10): the usual one, and the one for more than 512 bytes. */
const USER_DATA = 0xc1;
const EXTENDED_USER_DATA = 0xc2;

/** User data of the presentation layer (ISO 8823-1 clause 8.2). */
const FULLY_ENCODED = 0x61;
const MMS_ABSTRACT_SYNTAX = '1.0.9506.2.1';
const PASSWORD_MECHANISM = '2.2.3.1';

/** One element with any tag. `id` is the identifier octet, for tags above 30 both octets: `0xbf48`. */
export interface Element {
  readonly id: number;
  readonly body: Reader;
}

/** The element that starts here; undefined, and `reader.ok` false, where there is none. */
export function readElement(reader: Reader): Element | undefined {
  let id = reader.u8();
  if ((id & 0x1f) === 0x1f) {
    const number = reader.u8();
    // Numbers above 127 are in no service of MMS.
    if (number > 127) reader.ok = false;
    id = (id << 8) | number;
  }
  const length = readBerLength(reader);
  if (!reader.ok || length > reader.left) {
    reader.ok = false;
    return undefined;
  }
  return { id, body: reader.sub(length) };
}

/** Number of a tag, of either form. */
export const tagOf = (id: number): number => (id > 0xff ? id & 0x7f : id & 0x1f);

/** Contents of the first element with this identifier; undefined where there is none. The reader moves past it. */
export function findElement(reader: Reader, id: number): Reader | undefined {
  while (reader.left > 0) {
    const element = readElement(reader);
    if (element?.id === id) return element.body;
  }
  return undefined;
}

export interface Association {
  readonly isAnswer: boolean;
  readonly isRefused: boolean;
  /** True where a password came along. */
  readonly hasPassword: boolean;
}
export interface SessionData {
  readonly association: Association | undefined;
  /** On the MMS PDU; undefined where the packet carries none. */
  readonly pdu: Reader | undefined;
}
const NOTHING: SessionData = { association: undefined, pdu: undefined };
const REFUSED: SessionData = {
  association: { isAnswer: true, isRefused: true, hasPassword: false },
  pdu: undefined,
};

/** Reads what one session packet carries; undefined where it is not MMS. */
export function readSession(reader: Reader): SessionData | undefined {
  const type = reader.peek();
  if (type === DATA) return readData(reader);
  if (type === CONNECT || type === ACCEPT) return readConnection(reader, type === ACCEPT);
  if (type === REFUSE) return REFUSED;
  return ENDS.includes(type) ? NOTHING : undefined;
}

/**
 * Whether a session packet that begins with this byte at this place can carry MMS: a connection, or data behind tokens.
 * Undefined where more bytes are needed.
 */
export function ownsSession(first: number, reader: Reader, at: number): boolean | undefined {
  if (first !== DATA) return first === CONNECT || first === ACCEPT;
  if (reader.peek(at + 4) < 0) return undefined;
  return reader.peek16(at + 1) === 0x0001 && reader.peek(at + 3) === 0 && reader.peek(at + 4) === FULLY_ENCODED;
}
export const ownsLaterSession = (first: number): boolean =>
  first === DATA || first === CONNECT || first === ACCEPT || first === REFUSE || ENDS.includes(first);

/** Give tokens, data transfer, then fully encoded data: a list of one value in the context that was agreed for MMS. */
function readData(reader: Reader): SessionData | undefined {
  reader.skip(1);
  reader.skip(reader.u8());
  if (reader.u8() !== DATA) return undefined;
  reader.skip(reader.u8());
  const pdu = readPresentationValue(findFirst(reader, FULLY_ENCODED));
  return pdu ? { association: undefined, pdu } : undefined;
}
const findFirst = (reader: Reader, id: number): Reader | undefined => {
  const element = readElement(reader);
  return element?.id === id ? element.body : undefined;
};

/** The value of a PDV list (ISO 8823-1 clause 8.2): transfer syntax, context identifier, value as a single type. */
function readPresentationValue(fullyEncoded: Reader | undefined): Reader | undefined {
  const list = fullyEncoded && findElement(fullyEncoded, 0x30);
  return list && findElement(list, 0xa0);
}

function readConnection(reader: Reader, isAnswer: boolean): SessionData | undefined {
  reader.skip(1);
  const parameters = reader.sub(Math.min(readSessionLength(reader), reader.left));
  while (parameters.left > 0) {
    const code = parameters.u8();
    const length = readSessionLength(parameters);
    // Servers exist that leave the length of the user data 0, which go to the end anyhow.
    const isUserData = code === USER_DATA || code === EXTENDED_USER_DATA;
    const value = parameters.sub(isUserData && length === 0 ? parameters.left : Math.min(length, parameters.left));
    if (isUserData) return readPresentation(value, isAnswer);
  }
  return isAnswer ? REFUSED : undefined;
}

/** Length of a session parameter: one byte, or 0xFF and two (ISO 8327-1 clause 8.2.5). */
function readSessionLength(reader: Reader): number {
  const length = reader.u8();
  return length === 0xff ? reader.u16() : length;
}

/** Connect (CP) and accept (CPA) of the presentation layer: which contexts, then what association control says. */
function readPresentation(reader: Reader, isAnswer: boolean): SessionData | undefined {
  const set = findFirst(reader, 0x31);
  const parameters = set && findElement(set, 0xa2);
  if (!parameters) return undefined;
  let isMms = isAnswer;
  let user: Reader | undefined;
  while (parameters.left > 0) {
    const element = readElement(parameters);
    if (element?.id === 0xa4 && !isAnswer) isMms = offersMms(element.body);
    if (element?.id === FULLY_ENCODED) user = element.body;
  }
  if (!isMms) return undefined;
  const control = readPresentationValue(user);
  const association = control && readElement(control);
  return association ? readAssociation(association, isAnswer) : NOTHING;
}

function offersMms(contexts: Reader): boolean {
  while (contexts.left > 0) {
    const context = findElement(contexts, 0x30);
    const name = context && findElement(context, 0x06);
    if (name && berOid(name) === MMS_ABSTRACT_SYNTAX) return true;
  }
  return false;
}

/** AARQ (0x60) and AARE (0x61): ISO 8650-1 clause 9. */
function readAssociation({ id, body }: Element, isAnswer: boolean): SessionData {
  if (id !== (isAnswer ? 0x61 : 0x60)) return NOTHING;
  let pdu: Reader | undefined;
  let hasPassword = false;
  let isRefused = false;
  while (body.left > 0) {
    const field = readElement(body);
    if (!field) break;
    // Result of an answer: 0 is accepted.
    if (isAnswer && field.id === 0xa2) isRefused = (findElement(field.body, 0x02)?.u8() ?? 0) !== 0;
    else if (!isAnswer && field.id === 0x8b) hasPassword ||= berOid(field.body) === PASSWORD_MECHANISM;
    else if (!isAnswer && field.id === 0xac) hasPassword ||= (readElement(field.body)?.id ?? 0) === 0x80;
    else if (field.id === 0xbe) {
      const external = findElement(field.body, 0x28);
      pdu = external && findElement(external, 0xa0);
    }
  }
  return { association: { isAnswer, isRefused, hasPassword }, pdu };
}

export const PASSWORD_NAME = 'association password';
/**
 * Where the authentication value stands in a packet, by its two tags, the inner one that of a text. In: the whole packet,
 * or what there is of it. `isPiece`: the packet holds a piece of a larger one.
 */
export function findPasswords(bytes: Uint8Array, from: number, isPiece: boolean): SecretRange[] {
  const found: SecretRange[] = [];
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] !== 0xac) continue;
    const outer = lengthAt(bytes, at + 1);
    if (!outer || bytes[outer.next] !== 0x80) continue;
    const inner = lengthAt(bytes, outer.next + 1);
    // Where the packet ends within the value the lengths still fit each other.
    if (!inner || inner.length === 0 || inner.next + inner.length !== outer.next + outer.length) continue;
    found.push({ from: inner.next, to: Math.min(inner.next + inner.length, bytes.length), what: PASSWORD_NAME });
  }
  if (isPiece && bytes[from] !== DATA) found.push({ from, to: bytes.length, what: PASSWORD_NAME });
  return found.filter(({ from: first, to }) => first < to);
}

function lengthAt(bytes: Uint8Array, at: number): { length: number; next: number } | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { length: first, next: at + 1 };
  return first === 0x81 ? { length: bytes[at + 1] ?? 0, next: at + 2 } : undefined;
}
