// Written by hand after DICOM PS3.8 with invented devices: an association with an image, one with a login that is refused,
// an odd port, and PDUs that are none.
import { type Bytes, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

const item = (type: number, content: Bytes) => write().u8(type, 0).lengthPrefixed16(content);
const text = (content: string) => write().text(content);
const pdu = (type: number, content: Bytes) => write().u8(type, 0).lengthPrefixed32(content);
const association = (type: number, called: string, calling: string, version: string, ...more: Bytes[]) =>
  pdu(
    type,
    write()
      .u16(1, 0)
      .text(called, 16, 0x20)
      .text(calling, 16, 0x20)
      .zeros(32)
      .bytes(
        item(0x10, text('1.2.840.10008.3.1.1.1')),
        item(
          0x50,
          write().bytes(
            item(0x51, write().u32(16_384)),
            item(0x52, text('1.2.276.0.7230010.3.0.3.6.5')),
            item(0x55, text(version)),
            ...more,
          ),
        ),
      ),
  );
const identity = (type: number, account: string, code: string) =>
  item(0x58, write().u8(type, 0).lengthPrefixed16(text(account)).lengthPrefixed16(text(code)));
const ends = (server: string, clientPort: number, port = 104) => ({ client: '10.9.23.10', server, port, clientPort });

const PASSWORD = 'Durchleuchtung-211';
export const secrets = [PASSWORD];

export const golden = capture('DICOM of an inspection cell', [
  tcp(ends('10.9.23.20', 50_001), [
    fromClient(association(1, 'ARCHIVE', 'XRAY_CELL_4', 'OFFIS_DCMTK_365')),
    fromServer(association(2, 'ARCHIVE', 'XRAY_CELL_4', 'dcm4che-2.0')),
    fromClient(pdu(4, write().u32(6).u8(1, 3).zeros(4))),
    fromClient(pdu(5, write().u32(0))),
    fromServer(pdu(6, write().u32(0))),
  ]),
  tcp(ends('10.9.23.21', 50_002, 11_112), [
    fromClient(association(1, 'WORKLIST', 'CT_2', 'VENDOR_1', identity(2, 'operator', PASSWORD))),
    fromServer(pdu(3, write().u32(0x0001_0101))),
  ]),
  tcp(ends('10.9.23.22', 50_003, 5104), [fromClient(association(1, 'A', 'MR_1', 'X', identity(1, 'mei', '')))]),
  tcp(ends('10.9.23.23', 50_004), [
    fromClient(association(1, 'B', 'CT_3', 'V', identity(3, 'ticket', ''))),
    fromServer(pdu(4, write().u32(2).u8(1, 3))),
    fromServer(write().text('hello, this is none')),
  ]),
]);
