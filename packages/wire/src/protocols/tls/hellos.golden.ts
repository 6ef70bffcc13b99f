// Hello messages for golden captures and tests, written field by field after RFC 8446 section 4.1.
import { type Bytes, write } from '../../testing/index.ts';

export interface ClientHelloOptions {
  readonly version?: number;
  readonly ciphers: readonly number[];
  /** Number and contents, in order. */
  readonly extensions: readonly (readonly [number, Bytes])[];
  /** DTLS: a cookie stands behind the session identifier. */
  readonly cookie?: boolean;
}

const RANDOM = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
/** SHA-256 of "HelloRetryRequest". */
const RETRY = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';

const extensionList = (extensions: ClientHelloOptions['extensions']) => {
  const out = write();
  for (const [type, content] of extensions) out.u16(type).lengthPrefixed16(content);
  return out;
};

/** Body of a client hello, without the handshake header. */
export const clientHelloBody = ({ version = 0x0303, ciphers, extensions, cookie }: ClientHelloOptions) => {
  const out = write().u16(version).hex(RANDOM).u8(0);
  if (cookie) out.u8(0);
  out.lengthPrefixed16(write().u16(...ciphers)).u8(1, 0);
  if (extensions.length > 0) out.lengthPrefixed16(extensionList(extensions));
  return out;
};
/** Body of a server hello. */
export const serverHelloBody = (
  cipher: number,
  extensions: ClientHelloOptions['extensions'],
  { version = 0x0303, retry = false } = {},
) => {
  const out = write()
    .u16(version)
    .hex(retry ? RETRY : RANDOM)
    .u8(0)
    .u16(cipher)
    .u8(0);
  if (extensions.length > 0) out.lengthPrefixed16(extensionList(extensions));
  return out;
};

export const serverName = (name: string) =>
  [0, write().lengthPrefixed16(write().u8(0).lengthPrefixed16(write().text(name)))] as const;
export const groups = (...numbers: number[]) => [10, write().lengthPrefixed16(write().u16(...numbers))] as const;
export const pointFormats = (...numbers: number[]) => [11, write().lengthPrefixed8(write().u8(...numbers))] as const;
export const algorithms = (...numbers: number[]) => [13, write().lengthPrefixed16(write().u16(...numbers))] as const;
export const application = (...names: string[]) => {
  const list = write();
  for (const name of names) list.lengthPrefixed8(write().latin1(name));
  return [16, write().lengthPrefixed16(list)] as const;
};
export const versions = (...numbers: number[]) => [43, write().lengthPrefixed8(write().u16(...numbers))] as const;
export const empty = (type: number) => [type, new Uint8Array(0)] as const;
