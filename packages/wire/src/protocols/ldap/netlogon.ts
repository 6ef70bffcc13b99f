// How a domain controller answers to "who serves this domain?" (MS-ADTS section 6.3.1.9): it names itself, its domain and
// its forest in an attribute of a search over UDP.
import { isGivenName } from '../../names.ts';
import { cleanText, type Reader } from '../../reader.ts';
import { NameReader } from '../dns/message.ts';

/** NETLOGON_SAM_LOGON_RESPONSE_EX, also with an unknown user. */
const RESPONSES: readonly number[] = [23, 25];

export interface Netlogon {
  readonly forest: string;
  readonly domain: string;
  readonly host: string;
  readonly netbiosDomain: string;
  readonly netbiosHost: string;
}

/** Reads the value of the attribute; undefined for other answers than the extended one. */
export function readNetlogon(value: Reader): Netlogon | undefined {
  if (!RESPONSES.includes(value.u16le())) return undefined;
  value.skip(22); // padding, flags, identifier of the domain
  const names = new NameReader(value, 0);
  const read = () => cleanText(names.read(), 255);
  const [forest, domain, host, netbiosDomain, netbiosHost] = [read(), read(), read(), read(), read()] as const;
  if (!value.ok || names.broken !== undefined || !isGivenName(domain)) return undefined;
  return { forest, domain, host, netbiosDomain, netbiosHost: netbiosHost.replace(/^\\\\/, '') };
}
