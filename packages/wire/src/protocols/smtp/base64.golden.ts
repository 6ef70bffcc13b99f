// Base64 (RFC 4648) for golden captures of protocols whose logins cross in it.

const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes, or a text of which each character is one byte. */
export function base64(content: Uint8Array | string): string {
  const bytes = typeof content === 'string' ? Array.from(content, (sign) => sign.charCodeAt(0)) : [...content];
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = bytes.slice(at, at + 3);
    const bits = ((group[0] ?? 0) << 16) | ((group[1] ?? 0) << 8) | (group[2] ?? 0);
    for (let i = 0; i < 4; i++) text += i <= group.length ? SIGNS[(bits >> (18 - 6 * i)) & 63] : '=';
  }
  return text;
}
