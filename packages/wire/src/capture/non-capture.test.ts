import { describe, expect, it } from 'vitest';
import { concat, hex, write } from '../testing/index.ts';
import { readRecords } from '../testing/read-records.ts';
import { describeNonCapture } from './non-capture.ts';

const text = (content: string) => write().text(content).build();
/** Two records of Endace's format: time, type Ethernet, flags, length, loss counter, length on the wire. */
const erf = () => {
  const record = write().u32le(0, 1_767_225_600).u8(2, 4).u16(80, 0, 64).zeros(64).build();
  return concat(record, record, record);
};

describe('a file that is no capture', () => {
  it.each([
    ['the file is empty', new Uint8Array(0)],
    ['no capture, but a PDF document', text('%PDF-1.7\n%âãÏÓ\n')],
    ['no capture, but a PNG picture', hex('89 50 4e 47 0d 0a 1a 0a 00 00 00 0d')],
    ['no capture, but a ZIP archive or an Office document (unpack it first)', hex('50 4b 03 04 14 00')],
    ['no capture, but xz data (unpack it first)', hex('fd 37 7a 58 5a 00')],
    ['no capture, but a snoop capture (convert it with editcap)', hex('73 6e 6f 6f 70 00 00 00 00000002')],
    ['no capture, but a Sniffer capture (convert it with editcap)', text('TRSNIFF data    \x1a')],
    ['no capture, but a Microsoft Network Monitor capture (convert it with editcap)', text('GMBU\0\x02')],
    ['no capture, but an ERF capture (convert it with editcap)', erf()],
    ['no capture, but a pcapng capture broken by a transfer in text mode', hex('0a 0d 0a 1c 00 00 00')],
    ['no capture, but a systemd journal', text('LPKSHHRH\0\0')],
    ['no capture, but an exported systemd journal', text('__CURSOR=s=1\n')],
    ['no capture, but an HTML page', text('\n<!DOCTYPE html><html>')],
    ['no capture, but an XML document', text('<?xml version="1.0"?>\n<nmaprun>')],
    ['no capture, but JSON data', text('{\n  "devices": []')],
    ['no capture, but JSON data', text('[{"a":1}]')],
    ['no capture, but a CSV table', text('ip,mac,name\n10.0.0.1,,plc\n')],
    ['no capture, but a hex dump (text2pcap makes a capture of it)', text('0000  00 0c 29 1c e3 19 00 50 56\n')],
    ['no capture, but a text', text('Dear colleague, here is the recording.\n')],
    ['no capture, but a tar archive (unpack it first)', concat(new Uint8Array(257).fill(65), text('ustar\0'))],
    ['no capture, but nothing but zeros', new Uint8Array(600)],
    ['no capture, but a Linux program', hex('7f 45 4c 46 02 01 01 00')],
    ['no capture in pcap or pcapng format; starts with 00 01 02 03 04 05 06 07', hex('00010203040506070809')],
  ])('is named: %s', async (said, bytes) => {
    expect(describeNonCapture(bytes)).toBe(said);
    const { records, troubles } = await readRecords(bytes);
    expect(records).toEqual([]);
    expect(troubles).toEqual([{ code: 'capture.not-a-capture', frame: 0, offset: 0, detail: said }]);
  });
});
