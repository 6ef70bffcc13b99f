// Written by hand after IEC 61158-6-10, 4.7: cyclic data both ways, a provider that stops, alarms of a module and of the
// device, the end of a relation, and frames of the precise time.
import { type ByteWriter, capture, link, write } from '../../testing/index.ts';

const CONTROLLER = '02:00:00:00:02:01';
const DEVICE = '02:00:00:00:02:02';
const GROUP = '01:0e:cf:00:02:01';
const frame = (from: string, to: string, content: ByteWriter) => link({ from, to, type: 0x8892, vlan: 0 }, content);

/** Identifier, forty bytes of data, cycle counter, data status, transfer status. */
const cyclic = (id: number, cycle: number, status: number) =>
  write().u16(id).u8(0x80).zeros(39).u16(cycle).u8(status, 0);
const RUN = 0x35;
const STOP = 0x25;

/** End points, version and type, flags, sequence numbers, length of the block. */
const alarm = (id: number, type: number, block: ByteWriter, length = block.length) =>
  write()
    .u16(id, 1, 2)
    .u8(0x10 | type, 0x11)
    .u16(1, 0, length)
    .bytes(block);
const notification = (type: number, kind: number, slot: number, subslot: number) =>
  write().u16(type, 24, 0x0100, kind).u32(0).u16(slot, subslot).u32(0x10, 0x20).u16(0xa801, 0x8000).zeros(6);

export const golden = capture('PROFINET IO: cyclic data, alarms, time', [
  frame(CONTROLLER, DEVICE, cyclic(0x8010, 64, RUN)),
  frame(DEVICE, CONTROLLER, cyclic(0x8001, 64, RUN)),
  frame(CONTROLLER, DEVICE, cyclic(0x8010, 128, RUN)),
  frame(DEVICE, CONTROLLER, cyclic(0x8001, 128, RUN)),
  frame(CONTROLLER, DEVICE, cyclic(0x8010, 192, STOP)),
  frame(CONTROLLER, DEVICE, cyclic(0x8010, 256, STOP)),
  // What is not valid says nothing, nor does a frame that is too short.
  frame(CONTROLLER, DEVICE, cyclic(0x8010, 320, 0x30)),
  frame(CONTROLLER, DEVICE, write().u16(0x8010).zeros(20)),
  frame(CONTROLLER, GROUP, cyclic(0xbc00, 64, RUN)),
  frame(DEVICE, CONTROLLER, cyclic(0x0110, 64, RUN)),
  frame(DEVICE, CONTROLLER, alarm(0xfe01, 1, notification(2, 1, 3, 1))),
  frame(CONTROLLER, DEVICE, alarm(0xfe01, 3, write())),
  frame(DEVICE, CONTROLLER, alarm(0xfc01, 1, notification(1, 2, 4, 1))),
  frame(DEVICE, CONTROLLER, alarm(0xfe01, 1, notification(2, 99, 0, 0x8001))),
  frame(CONTROLLER, DEVICE, alarm(0xfe01, 1, write().u16(0x8002, 24).zeros(24))),
  frame(CONTROLLER, DEVICE, alarm(0xfe01, 4, write().hex('cf81fd05'))),
  frame(DEVICE, CONTROLLER, alarm(0xfe01, 1, write().u16(2, 24, 0x0100, 5), 60)),
  frame(DEVICE, '01:80:c2:00:00:0e', write().u16(0xff40).zeros(44)),
  frame(DEVICE, '01:0e:cf:00:04:00', write().u16(0x0080).zeros(44)),
]);
