// The login of TDS: which computer, program and account connect to which database. The password in it is only turned
// around bit by bit, so it counts as readable; it is not part of what is returned.
import { cleanText, type Reader } from '../../reader.ts';
import type { SecretRange } from '../../secrets.ts';
import { type Ntlmssp, readNtlmssp } from '../smb/ntlmssp.ts';

/** Header of a packet, before which offsets in a login do not count. */
export const HEADER = 8;

export interface Login {
  readonly host: string;
  readonly account: string;
  readonly hasPassword: boolean;
  readonly program: string;
  readonly database: string;
  readonly ntlm?: Ntlmssp;
}

/** Places of texts behind the fixed part: offset and length in characters (MS-TDS section 2.2.6.4). */
const FIELDS_AT = 36;
const FIELD = { host: 0, account: 1, password: 2, program: 3, database: 8 } as const;
const SSPI_AT = FIELDS_AT + 9 * 4 + 6;

/** Reads LOGIN7, whose reader stands behind the header; undefined where its places do not fit. */
export function readLogin(reader: Reader): Login | undefined {
  const from = reader.offset;
  const length = reader.u32le();
  reader.skip(4);
  if (!reader.ok || length < SSPI_AT || length > 128 * 1024) return undefined;
  const place = (field: number) => placeAt(reader, from, FIELDS_AT + 4 * field);
  const text = (field: number) => {
    const { offset, count } = place(field);
    if (count === 0 || from + offset + 2 * count > reader.end - reader.start) return '';
    reader.seek(from + offset);
    return cleanText(reader.text(2 * count, 'utf16le'), 128);
  };
  const login = {
    host: text(FIELD.host),
    account: text(FIELD.account),
    hasPassword: place(FIELD.password).count > 0,
    program: text(FIELD.program),
    database: text(FIELD.database),
  };
  const { offset, count } = placeAt(reader, from, SSPI_AT);
  if (count === 0 || from + offset + count > reader.end - reader.start) return reader.ok ? login : undefined;
  reader.seek(from + offset);
  const ntlm = readNtlmssp(reader.bytes(count));
  return { ...login, ...(ntlm ? { ntlm } : {}) };
}

function placeAt(reader: Reader, from: number, at: number): { offset: number; count: number } {
  reader.seek(from + at);
  const offset = reader.u16le();
  return { offset, count: reader.u16le() };
}

/** Password and answer to a challenge; everything behind the places where those cannot be read. */
export function findLoginSecrets(reader: Reader): SecretRange[] {
  const end = reader.left;
  const what = 'TDS password';
  const password = placeAt(reader, HEADER, FIELDS_AT + 4 * FIELD.password);
  const token = placeAt(reader, HEADER, SSPI_AT);
  if (!reader.ok) return end > HEADER + FIELDS_AT ? [{ from: HEADER + FIELDS_AT, to: end, what }] : [];
  return [
    { from: HEADER + password.offset, to: HEADER + password.offset + 2 * password.count, what },
    { from: HEADER + token.offset, to: HEADER + token.offset + token.count, what },
  ]
    .map(({ from, to }) => ({ from: Math.min(from, end), to: Math.min(to, end), what }))
    .filter(({ from, to }) => from < to);
}
