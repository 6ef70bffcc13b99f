// Identifiers that are the same each time the same thing is exported: UUIDs of version 5, made of a name.
import { sha1 } from '@noble/hashes/legacy.js';

/** The UUID of a name in a namespace, which is a UUID itself (RFC 9562 section 5.5). */
export function nameUuid(namespace: string, name: string): string {
  const space = Uint8Array.from(namespace.replaceAll('-', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const text = new TextEncoder().encode(name);
  const bytes = new Uint8Array(space.length + text.length);
  bytes.set(space);
  bytes.set(text, space.length);
  const digits = [...sha1(bytes).subarray(0, 16)].map((byte, at) => {
    const marked = at === 6 ? (byte & 0x0f) | 0x50 : at === 8 ? (byte & 0x3f) | 0x80 : byte;
    return marked.toString(16).padStart(2, '0');
  });
  const hex = digits.join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
