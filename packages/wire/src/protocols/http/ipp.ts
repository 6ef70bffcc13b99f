// IPP answers over HTTP (RFC 8010): printers describe themselves in the attributes of `Get-Printer-Attributes`. Only the
// attributes of the printer itself are read; jobs and documents belong to people.
import { cleanText, decodeText, type Reader } from '../../reader.ts';
import { type DocumentFact, DocumentFacts, type DocumentMeaning } from './identity-documents.ts';

const PRINTER_ATTRIBUTES = 0x04;
const END_OF_ATTRIBUTES = 0x03;
/** Tags up to this one begin a group of attributes. */
const LAST_DELIMITER = 0x0f;
const MAX_ATTRIBUTES = 2000;

/** RFC 8011 section 5.4 and PWG 5100.13. */
const KEYS: Readonly<Record<string, DocumentMeaning>> = {
  'printer-make-and-model': 'model',
  'printer-location': 'location',
  'printer-uuid': 'uuid',
  'printer-dns-sd-name': 'label',
  'printer-firmware-string-version': 'firmware',
};

/** What an answer to `Get-Printer-Attributes` says of the printer. */
export function readIppAnswer(reader: Reader): DocumentFact[] {
  const found = new DocumentFacts();
  reader.skip(8); // Version, status, request number.
  let group = 0;
  for (let i = 0; i < MAX_ATTRIBUTES && reader.left > 0; i++) {
    const tag = reader.u8();
    if (tag === END_OF_ATTRIBUTES) break;
    if (tag <= LAST_DELIMITER) {
      group = tag;
      continue;
    }
    const name = reader.text(reader.u16(), 'latin1');
    const value = reader.bytes(reader.u16());
    if (!reader.ok) break;
    if (group !== PRINTER_ATTRIBUTES) continue;
    const meaning = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
    if (meaning !== undefined) found.add(meaning, decodeText(value, 'utf8'), `IPP ${name}`);
    else if (name === 'printer-device-id') readDeviceId(decodeText(value, 'utf8'), found);
  }
  return found.facts;
}

const DEVICE_ID_KEYS: Readonly<Record<string, DocumentMeaning>> = {
  MFG: 'vendor',
  MANUFACTURER: 'vendor',
  SN: 'serial',
  SERN: 'serial',
  SERIALNUMBER: 'serial',
};

/** The device identifier of IEEE 1284: `MFG:HP;MDL:LaserJet 4;SN:X1;`. The model stands in full in its own attribute. */
function readDeviceId(text: string, found: DocumentFacts): void {
  for (const part of text.split(';', 40)) {
    const colon = part.indexOf(':');
    const meaning = DEVICE_ID_KEYS[cleanText(part.slice(0, Math.max(colon, 0))).toUpperCase()];
    if (meaning !== undefined) found.add(meaning, part.slice(colon + 1), 'IPP printer-device-id');
  }
}
