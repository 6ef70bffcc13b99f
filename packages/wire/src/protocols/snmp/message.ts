// SNMP messages of versions 1, 2c (RFC 1157, RFC 1901, RFC 3416) and 3 (RFC 3412, RFC 3414), as far as they are in clear.
import { BER, type BerElement, berInteger, berOid, berUnsigned, readBer, readBerAs, readBerLength } from '../../ber.ts';
import { decodeText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';

/** Variables of one message; a bulk answer in one datagram of 64 KiB holds at most about 4000 of the shortest. */
const MAX_VARIABLES = 4096;

export const PDU = {
  get: 0xa0,
  getNext: 0xa1,
  response: 0xa2,
  set: 0xa3,
  trap1: 0xa4,
  getBulk: 0xa5,
  inform: 0xa6,
  trap2: 0xa7,
  report: 0xa8,
} as const;

export interface Variable {
  readonly oid: string;
  readonly value: BerElement;
}
/** What only the trap of version 1 has (RFC 1157 section 4.1.6). */
export interface Trap1 {
  readonly enterprise: string;
  readonly agent: string;
  readonly generic: number;
}
export interface Snmp {
  readonly version: 1 | 2 | 3;
  /** Whether a community stands in the message, and whether it is one of the two that every manual names. */
  readonly community?: { readonly wellKnown: boolean };
  /** Version 3: authoritative engine, whether the message is authenticated, encrypted, and whether it wants an answer. */
  readonly engine?: Uint8Array;
  readonly authenticated?: boolean;
  readonly encrypted?: boolean;
  readonly reportable?: boolean;
  readonly hasUser?: boolean;
  /** Tag of the PDU; 0 where it is encrypted. */
  readonly pdu: number;
  readonly request: number;
  readonly error: number;
  readonly variables: readonly Variable[];
  readonly trap?: Trap1;
  /** The list of variables broke off. */
  readonly broken: boolean;
}

const FLAG_AUTHENTICATED = 1;
const FLAG_ENCRYPTED = 2;
const FLAG_REPORTABLE = 4;

/** Reads one message. Undefined where it is none. What was read of the variables before a break is kept. */
export function readSnmp(reader: Reader): Snmp | undefined {
  const message = readBerAs(reader, BER.sequence);
  const version = berInteger(readBerAs(message, BER.integer));
  if (!message.ok) return undefined;
  if (version === 3) return readVersion3(message);
  if (version !== 0 && version !== 1) return undefined;
  const community = readBerAs(message, BER.octetString);
  const wellKnown = /^(?:public|private)$/.test(community.text(community.left));
  if (!message.ok) return undefined;
  const pdu = readPdu(message);
  return pdu && { version: version === 0 ? 1 : 2, community: { wellKnown }, ...pdu };
}

/** RFC 3412 section 6, with the security parameters of the user-based model (RFC 3414 section 2.4). */
function readVersion3(message: Reader): Snmp | undefined {
  const header = readBerAs(message, BER.sequence);
  readBerAs(header, BER.integer);
  readBerAs(header, BER.integer);
  const flags = readBerAs(header, BER.octetString).u8();
  const parameters = readBerAs(readBerAs(message, BER.octetString), BER.sequence);
  const engine = readBerAs(parameters, BER.octetString);
  const engineId = engine.bytes(engine.left);
  readBerAs(parameters, BER.integer);
  readBerAs(parameters, BER.integer);
  const hasUser = readBerAs(parameters, BER.octetString).left > 0;
  if (!header.ok || !message.ok) return undefined;
  const security = {
    version: 3,
    engine: engineId,
    authenticated: (flags & FLAG_AUTHENTICATED) !== 0,
    encrypted: (flags & FLAG_ENCRYPTED) !== 0,
    reportable: (flags & FLAG_REPORTABLE) !== 0,
    hasUser,
  } as const;
  if (security.encrypted) return { ...security, pdu: 0, request: 0, error: 0, variables: [], broken: false };
  const scoped = readBerAs(message, BER.sequence);
  readBerAs(scoped, BER.octetString);
  readBerAs(scoped, BER.octetString);
  const pdu = readPdu(scoped);
  return pdu && { ...security, ...pdu };
}

type Pdu = Pick<Snmp, 'pdu' | 'request' | 'error' | 'variables' | 'broken' | 'trap'>;

function readPdu(reader: Reader): Pdu | undefined {
  const element = readBer(reader);
  if (!element || element.tag < PDU.get || element.tag > PDU.report) return undefined;
  const { tag, body } = element;
  if (tag === PDU.trap1) {
    const enterprise = berOid(readBerAs(body, BER.oid));
    const address = readBerAs(body, IP_ADDRESS);
    const agent = address.left === 4 ? address.ipv4() : '';
    const generic = berInteger(readBerAs(body, BER.integer));
    readBerAs(body, BER.integer);
    readBerAs(body, TIME_TICKS);
    const trap = { enterprise, agent, generic };
    return body.ok ? { pdu: tag, request: 0, error: 0, trap, ...readVariables(body) } : undefined;
  }
  const request = berInteger(readBerAs(body, BER.integer));
  const error = berInteger(readBerAs(body, BER.integer));
  readBerAs(body, BER.integer);
  return body.ok ? { pdu: tag, request, error: tag === PDU.getBulk ? 0 : error, ...readVariables(body) } : undefined;
}

function readVariables(body: Reader): { variables: Variable[]; broken: boolean } {
  const list = readBerAs(body, BER.sequence);
  const variables: Variable[] = [];
  let broken = false;
  while (list.left > 0 && variables.length < MAX_VARIABLES) {
    const pair = readBerAs(list, BER.sequence);
    const oid = berOid(readBerAs(pair, BER.oid));
    const value = readBer(pair);
    if (value && oid) variables.push({ oid, value });
    else broken = true;
  }
  return { variables, broken: broken || !list.ok };
}

const IP_ADDRESS = 0x40;
const TIME_TICKS = 0x43;

/** Objects whose values are communities and passwords (RFC 3584 section 5, CISCO-CONFIG-COPY-MIB). */
const SECRET_OBJECTS = /^(?:1\.3\.6\.1\.6\.3\.18\.1\.(?:1\.1\.2|4)|1\.3\.6\.1\.4\.1\.9\.9\.96\.1\.1\.1\.1\.8)\./;

/** Where communities stand in a message of version 1 or 2c; also in one that is cut off. */
export function findSnmpSecrets(reader: Reader): SecretRange[] {
  const { at, start, end } = reader;
  const found: SecretRange[] = [];
  reader.skip(1);
  readBerLength(reader);
  const version = berInteger(readBerAs(reader, BER.integer));
  if (version !== 0 && version !== 1 && version !== 3) return found;
  if (version !== 3 && reader.u8() === BER.octetString) {
    const length = readBerLength(reader);
    const from = reader.offset;
    if (reader.ok && length > 0) found.push({ from, to: Math.min(from + length, end - start), what: 'SNMP community' });
  }
  for (const { oid, value } of readSnmp(reader.reset(reader.view, at, end))?.variables ?? []) {
    const { body } = value;
    if (SECRET_OBJECTS.test(`${oid}.`) && body.left > 0)
      found.push({ from: body.at - start, to: body.end - start, what: 'SNMP community or password' });
  }
  return found;
}

/** Octets of a string value; undefined for other types. A value can be taken once: its reader moves on. */
export const octetsOf = ({ tag, body }: BerElement): Uint8Array | undefined =>
  tag === BER.octetString ? body.bytes(body.left) : undefined;

/** Octets as the text they are; empty for bytes that are no text. */
export function textOfOctets(octets: Uint8Array): string {
  if (octets.some((byte) => byte < 0x20 && byte !== 0 && byte !== 9 && byte !== 10 && byte !== 13)) return '';
  const text = decodeText(octets, 'utf8');
  return text.includes('\ufffd') ? decodeText(octets, 'latin1') : text;
}
/** Text of a string value; empty for other types and for bytes that are no text. */
export const textOf = (value: BerElement): string => textOfOctets(octetsOf(value) ?? new Uint8Array(0));
export const oidOf = ({ tag, body }: BerElement): string => (tag === BER.oid ? berOid(body) : '');
export const numberOf = ({ tag, body }: BerElement): number =>
  tag === BER.integer ? berInteger(body) : tag >= 0x41 && tag <= 0x43 ? berUnsigned(body) : Number.NaN;
export const addressOf = ({ tag, body }: BerElement): string =>
  tag === IP_ADDRESS && body.left === 4 ? body.ipv4() : '';
