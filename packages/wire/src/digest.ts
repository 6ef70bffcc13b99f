// Digests for fingerprints (JA3, JA4, HASSH, certificates) as lower-case hex. They name things and prove nothing, so MD5
// is right where the fingerprint's definition says MD5. The arithmetic is a library's: own code in cryptography ages badly.
import { md5 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { hexPairs } from './reader.ts';

/** MD5 (RFC 1321) of bytes, or of a text's characters as one byte each, in hex. */
export const md5Hex = (data: Uint8Array | string): string => hexPairs(md5(toBytes(data)), '');

/** SHA-256 (FIPS 180-4) of bytes, or of a text's characters as one byte each, in hex. */
export const sha256Hex = (data: Uint8Array | string): string => hexPairs(sha256(toBytes(data)), '');

/** Characters above U+00FF lose their upper bits; the fingerprints' texts are ASCII by definition. */
function toBytes(data: Uint8Array | string): Uint8Array {
  if (typeof data !== 'string') return data;
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) bytes[i] = data.charCodeAt(i);
  return bytes;
}
