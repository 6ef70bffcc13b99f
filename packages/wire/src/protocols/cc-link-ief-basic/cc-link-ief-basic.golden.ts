// Written by hand after the layout of cyclic request and response in CC-Link IE Field Network Basic: a master that asks
// everybody, two slaves, one frame with a wrong length.
import { type ByteWriter, capture, udp, write } from '../../testing/index.ts';

const head = (subheader: string, content: ByteWriter) =>
  write().hex(subheader).hex('00 ff ff03 00').lengthPrefixed16le(content);
/** Two stations are asked: their addresses with the last byte first, then their outputs. */
const request = (frame: number) =>
  head(
    '5000',
    write()
      .hex('0000 700e 0000 0100 0000 2400')
      .zeros(14)
      .u16le(3, 0)
      .zeros(8)
      .hex('0a00050a 01 00')
      .u16le(frame, 500, 3, 11)
      .hex('02 00 0001')
      .zeros(4)
      .hex('1400050a 1500050a')
      .zeros(144),
  );
const answer = (last: number, frame: number) =>
  head(
    'd000',
    write()
      .hex('0000 0100 0000 2800')
      .zeros(14)
      .hex('1234 0000 01000000 0100 0000 0100 0000 00000000')
      .u8(last, 0, 5, 10, 1, 0)
      .u16le(frame)
      .zeros(72),
  );
const MASTER = '10.5.0.10';
const asks = (frame: number) => udp({ from: MASTER, fromPort: 61450, to: '10.5.0.255', toPort: 61450 }, request(frame));
const answers = (last: number, frame: number) =>
  udp({ from: `10.5.0.${last}`, fromPort: 61450, to: MASTER, toPort: 61450 }, answer(last, frame));

export const golden = capture('CC-Link IE Field Basic: a master and two slaves', [
  asks(1),
  answers(20, 1),
  answers(21, 1),
  asks(2),
  answers(20, 2),
  udp({ from: '10.5.0.21', fromPort: 61450, to: MASTER, toPort: 61450 }, answer(21, 2).zeros(3)),
]);
