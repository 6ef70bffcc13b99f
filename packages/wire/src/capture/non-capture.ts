// Tells what a file looks like that is no capture, so that whoever chose the wrong one sees it at once.
import { hexPairs } from '../reader.ts';

/** Magic bytes at the start of a file, as latin-1 text, and what has them. */
const SIGNATURES: readonly (readonly [magic: string, what: string])[] = [
  // Captures of formats that are not read; Wireshark or editcap turns them into pcapng.
  ['snoop\0\0\0', 'a snoop capture (convert it with editcap)'],
  ['btsnoop\0', 'a Bluetooth snoop capture'],
  ['TRSNIFF data    \x1a', 'a Sniffer capture (convert it with editcap)'],
  ['XCP\0', 'a NetXRay or Sniffer capture (convert it with editcap)'],
  ['RTSS', 'a Microsoft Network Monitor capture (convert it with editcap)'],
  ['GMBU', 'a Microsoft Network Monitor capture (convert it with editcap)'],
  ['iptrace 1.0', 'an AIX iptrace capture (convert it with editcap)'],
  ['iptrace 2.0', 'an AIX iptrace capture (convert it with editcap)'],
  ['\x05VNF', 'a Visual Networks capture (convert it with editcap)'],
  ['\0\0\x02\0\x12\x05\0\x10', 'a Tektronix K12 capture (convert it with editcap)'],
  ['\x1c\0\x01\xac', 'an IXIA capture (convert it with editcap)'],
  ['\xac\x01\0\x1c', 'an IXIA capture (convert it with editcap)'],
  ['\x1c\0\x01\xab', 'an IXIA capture (convert it with editcap)'],
  ['\xab\x01\0\x1c', 'an IXIA capture (convert it with editcap)'],
  ['\x0a\x0d\x0a', 'a pcapng capture broken by a transfer in text mode'],
  ['\x0d\x0a\x0d\x0d\x0a', 'a pcapng capture broken by a transfer in text mode'],
  ['LOGG', 'a Vector BLF log'],
  ['LPKSHHRH', 'a systemd journal'],
  ['__CURSOR=', 'an exported systemd journal'],
  ['ElfFile\0', 'a Windows event log'],
  ['\x13\x13\x13\x13', 'an ETL trace'],
  // Compressed, and not by what is read.
  ['\x1f\x8b', 'gzip data in too many layers'],
  ['\x28\xb5\x2f\xfd', 'zstd data in too many layers'],
  ['\xfd7zXZ\0', 'xz data (unpack it first)'],
  ['BZh', 'bzip2 data (unpack it first)'],
  ['\x04\x22\x4d\x18', 'LZ4 data (unpack it first)'],
  ['PK\x03\x04', 'a ZIP archive or an Office document (unpack it first)'],
  ['PK\x05\x06', 'an empty ZIP archive'],
  ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive (unpack it first)'],
  ['Rar!\x1a\x07', 'a RAR archive (unpack it first)'],
  ['MSCF\0\0\0\0', 'a cabinet archive (unpack it first)'],
  // Documents, pictures, programs, databases.
  ['%PDF-', 'a PDF document'],
  ['{\\rtf', 'an RTF document'],
  ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'an old Office document or an installer'],
  ['\x89PNG\r\n\x1a\n', 'a PNG picture'],
  ['\xff\xd8\xff', 'a JPEG picture'],
  ['GIF8', 'a GIF picture'],
  ['BM', 'a BMP picture'],
  ['RIFF', 'a WAV, AVI or WebP file'],
  ['\x7fELF', 'a Linux program'],
  ['MZ', 'a Windows program'],
  ['SQLite format 3\0', 'an SQLite database'],
  ['\xca\xfe\xba\xbe', 'a Java class or a macOS program'],
  ['\xef\xbb\xbf', 'a text'],
  ['\xff\xfe', 'a text in UTF-16'],
  ['\xfe\xff', 'a text in UTF-16'],
];

/** Texts that say what they are. */
const TEXTS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^\s*<(!doctype html|html)/i, 'an HTML page'],
  [/^\s*<\?xml[^>]*>\s*<(!doctype )?html/i, 'an HTML page'],
  [/^\s*<(\?xml[^>]*>\s*<)?pdml/i, 'a PDML export of Wireshark (save it as pcapng instead)'],
  [/^\s*<\?xml/, 'an XML document'],
  [/^\s*[[{]\s*("|[[{]|\]|\})/, 'JSON data'],
  [/^\s*<[a-z]/i, 'an XML document'],
  [/^[0-9a-f]{4,8}:?\s+([0-9a-f]{2}\s){4}/im, 'a hex dump (text2pcap makes a capture of it)'],
  [/^-----BEGIN /, 'a PEM key or certificate'],
  [/^[^\n]*;[^\n]*;[^\n]*\n/, 'a CSV table'],
  [/^[^\n]*,[^\n]*,[^\n]*\n/, 'a CSV table'],
];

/**
 * One line on what bytes are that are no capture. In: the first bytes of the file, some hundred or more; all of them
 * where there are fewer. Out: "the file is empty", "no capture, but a PDF document".
 */
export function describeNonCapture(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'the file is empty';
  const what = recognise(bytes);
  if (what) return `no capture, but ${what}`;
  return `no capture in pcap or pcapng format; starts with ${hexPairs(bytes.subarray(0, 8), ' ')}`;
}

function recognise(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 1024));
  for (const [magic, what] of SIGNATURES) if (start.startsWith(magic)) return what;
  if (start.startsWith('ustar', 257)) return 'a tar archive (unpack it first)';
  if (bytes.every((byte) => byte === 0)) return 'nothing but zeros';
  if (isText(start)) {
    for (const [pattern, what] of TEXTS) if (pattern.test(start)) return what;
    return 'a text';
  }
  return looksLikeErf(bytes) ? 'an ERF capture (convert it with editcap)' : undefined;
}

/** Printable characters, tabs and line ends only; UTF-8 beyond ASCII counts as printable. */
function isText(start: string): boolean {
  for (let i = 0; i < start.length; i++) {
    const code = start.charCodeAt(i);
    if (code === 127 || (code < 32 && code !== 9 && code !== 10 && code !== 12 && code !== 13)) return false;
  }
  return true;
}

/** Endace's format has no magic: two records that follow each other, of known types and of the same minute. */
function looksLikeErf(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 16) return false;
  const length = view.getUint16(10);
  const isRecord = (at: number) => {
    const type = view.getUint8(at + 8) & 0x7f;
    return type >= 1 && type <= 48 && view.getUint16(at + 10) >= 16;
  };
  if (!isRecord(0) || length + 16 > bytes.length || !isRecord(length)) return false;
  return Math.abs(view.getUint32(4, true) - view.getUint32(length + 4, true)) < 60;
}
