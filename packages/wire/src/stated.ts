// Values that devices state of themselves in texts: what stands there when nobody filled the field in, and the spellings
// of addresses. Used wherever a protocol carries key and value, an XML element or a JSON field.
import { isGivenName } from './names.ts';
import { cleanText } from './reader.ts';

/** What makers leave in fields they do not fill, beyond what stands for names. In lower case. */
const PLACEHOLDERS = new Set([
  '.',
  '*',
  '?',
  '0',
  'na',
  'nil',
  'nan',
  'no',
  '(null)',
  'undefined',
  'unspecified',
  'not specified',
  'not available',
  'default string',
  'empty',
  'test',
  'tbd',
  'xxx',
  'string',
  'manufacturer',
  'model',
  'modelname',
  'model name',
  'serialnumber',
  'serial number',
  'system serial number',
  'to be filled by o.e.m.',
  '123456',
  '1234567',
  '12345678',
  '123456789',
  '1234567890',
]);

/** The text as a fact, or an empty one where it is a placeholder or a row of one sign: `0000000`. */
export function statedText(raw: string, max = 256): string {
  const text = cleanText(raw, max);
  const isFilled = isGivenName(text) && !PLACEHOLDERS.has(text.toLowerCase()) && !/^([0xf?#*_-])\1+$/i.test(text);
  return isFilled ? text : '';
}

/** A MAC address of a station in our spelling, from any usual one; empty for groups, zeros and other texts. */
export function statedMac(raw: string): string {
  const digits = raw.trim().toLowerCase().replace(/[:.-]/g, '');
  if (!/^[0-9a-f]{12}$/.test(digits) || !isStation(digits)) return '';
  return digits.replace(/..(?=.)/g, '$&:');
}

/** The MAC address in an EUI-64 made of one (`ff:fe` in the middle): bridge identifiers of Philips Hue. */
export function macOfEui64(raw: string): string {
  const digits = raw.trim().toLowerCase().replace(/[:.-]/g, '');
  return /^[0-9a-f]{6}fffe[0-9a-f]{6}$/.test(digits) ? statedMac(digits.slice(0, 6) + digits.slice(10)) : '';
}

const isStation = (digits: string): boolean =>
  !/^0+$/.test(digits) && (Number.parseInt(digits.slice(1, 2), 16) & 1) === 0;

/** A UUID in lower case, from `uuid:...`, with braces or without dashes; other identifiers give an empty text. */
export function statedUuid(raw: string): string {
  const found =
    /^(?:urn:)?(?:uuid:)?\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i.exec(
      raw.trim(),
    );
  const uuid = found ? found.slice(1).join('-').toLowerCase() : '';
  return /^[0-]+$|^[f-]+$/.test(uuid) ? '' : uuid;
}
