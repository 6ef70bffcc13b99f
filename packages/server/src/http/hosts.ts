// Host names the server answers to. On loopback only its own: a page on the internet whose name was turned to 127.0.0.1
// (DNS rebinding) still sends its own name.
import { isIP } from 'node:net';

/** Whether an address to listen on can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

/** In: a Host header (RFC 9110 section 7.2), with or without port. Out: the name, lower case, without brackets. */
export function hostName(header: string): string {
  const bracketed = /^\[([0-9a-fA-F:.]+)\](?::\d+)?$/.exec(header);
  return (bracketed?.[1] ?? header.replace(/:\d+$/, '')).toLowerCase();
}

/** Whether a request that came in on loopback names this machine. */
export const namesLoopback = (header: string | undefined): boolean =>
  header !== undefined && isLoopback(hostName(header));

/** Whether a request that changes something comes from a page of ours: browsers say where it comes from. */
export function isSameOrigin(headers: {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
}): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (headers.origin === undefined) return true;
  try {
    return new URL(headers.origin).host === headers.host;
  } catch {
    return false;
  }
}
