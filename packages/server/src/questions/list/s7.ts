import { constant, hasLength16, hex, type Question, type QuestionRequest } from '../question.ts';

/** Connection request (RFC 905 section 13.3) behind TPKT, with the called selector: rack 0, this slot, as a PG. */
const connect = (slot: number): QuestionRequest =>
  constant(`connect to rack 0, slot ${slot}`, hex(`03000016 11 e0 0000 0001 00 c0010a c1020100 c20201${two(slot)}`));
/** Setup of communication: one job at a time, 480 bytes. */
const SETUP = constant('set up communication', hex('03000019 02f080 32 01 0000 0001 0008 0000 f0 00 0001 0001 01e0'));
/** User data request of the CPU functions, read SZL. */
const readSzl = (id: string, sequence: number): QuestionRequest =>
  constant(
    `read SZL 0x${id}`,
    hex(`03000021 02f080 32 07 0000 00${two(sequence)} 0008 0008 000112 04 11 44 01 00 ff 09 0004 ${id} 0000`),
  );
const two = (value: number): string => value.toString(16).padStart(2, '0');
const attempt = (slot: number): readonly QuestionRequest[] => [
  connect(slot),
  SETUP,
  readSzl('0011', 2),
  readSzl('001c', 3),
];

export const s7: Question = {
  name: 's7-szl',
  title: 'S7 system status lists',
  tells: 'order number, firmware, hardware, names, plant, serial number',
  spec: 'RFC 1006; SIMATIC system software, SZL 0x0011 and 0x001C',
  transport: 'tcp',
  port: 102,
  // The CPU sits in slot 2 of an S7-300, in 3 and more of an S7-400, in 1 or 0 of later ones.
  tries: [attempt(2), attempt(1), attempt(0), attempt(3)],
  isWhole: (received) => hasLength16(received, 2, 0),
};
