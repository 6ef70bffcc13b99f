// Written by hand after IEC 61158-6-10, DCP: a controller looks for its device, a tool renames another and resets it, a
// device says hello, and cyclic data pass between them.
import { type ByteWriter, capture, link, write } from '../../testing/index.ts';

const PROFINET = 0x8892;
const GROUP = '01:0e:cf:00:00:00';
const CONTROLLER = '02:00:00:00:01:01';
const DEVICE = '02:00:00:00:01:02';
const DRIVE = '02:00:00:00:01:03';
const TOOL = '02:00:00:00:01:04';

/** Frame identifier, service, type (0 request, 1 response, 5 not supported), transaction, then the blocks. */
const dcp = (frameId: number, service: number, type: number, xid: number, blocks: readonly ByteWriter[]) => {
  const content = write();
  for (const block of blocks) content.bytes(block);
  return write().u16(frameId).u8(service, type).u32(xid).u16(0, content.length).bytes(content);
};
/** A block, filled up to an even length. */
const block = (option: number, suboption: number, content: ByteWriter) =>
  write().u8(option, suboption).lengthPrefixed16(content).align(2);
/** The same with block info or qualifier. */
const told = (option: number, suboption: number, content: ByteWriter, info = 0) =>
  block(option, suboption, write().u16(info).bytes(content));
const text = (value: string) => write().text(value);
const addresses = (...all: readonly string[]) => {
  const out = write();
  for (const one of all) out.ipv4(one);
  return out;
};
const get = (xid: number, options: string) => {
  const content = write().hex(options);
  return write().u16(0xfefd).u8(3, 0).u32(xid).u16(0, content.length).bytes(content);
};

export const golden = capture('PROFINET DCP: finding, naming and resetting devices', [
  // A filter by name, VLAN-tagged with priority alone as controllers send it.
  link(
    { from: CONTROLLER, to: GROUP, type: PROFINET, vlan: 0 },
    dcp(0xfefe, 5, 0, 1, [block(2, 2, text('conveyor-1'))]),
  ),
  link(
    { from: DEVICE, to: CONTROLLER, type: PROFINET, vlan: 0 },
    dcp(0xfeff, 5, 1, 1, [
      told(2, 1, text('ET 200TEST')),
      told(2, 2, text('conveyor-1')),
      told(2, 3, write().u16(0x002a, 0x0313)),
      told(2, 4, write().u8(1, 0)),
      told(2, 5, write().hex('0101 0102 0201 0202 0203 0204')),
      told(2, 6, text('port-001.switch-1')),
      told(2, 7, write().u8(0, 1)),
      told(2, 8, write().u16(0x0120, 0x0007)),
      told(1, 1, write().mac(DEVICE)),
      told(1, 3, addresses('10.4.0.12', '255.255.255.0', '10.4.0.1', '10.4.0.53', '0.0.0.0'), 1),
      told(3, 12, text('conveyor-1')),
      told(3, 60, text('PROFINET-TEST')),
      told(3, 61, write().hex('02 00 01')),
    ]),
  ),
  // A controller that is also a device, without an address so far.
  link({ from: TOOL, to: GROUP, type: PROFINET }, dcp(0xfefe, 5, 0, 2, [block(255, 255, write())])),
  link(
    { from: CONTROLLER, to: TOOL, type: PROFINET },
    dcp(0xfeff, 5, 1, 2, [
      told(2, 2, write()),
      told(2, 3, write().u16(0xfff0, 1)),
      told(2, 4, write().u8(3, 0)),
      told(1, 2, addresses('0.0.0.0', '0.0.0.0', '0.0.0.0')),
    ]),
  ),
  // The tool's computer answers for its driver.
  link(
    { from: TOOL, to: CONTROLLER, type: PROFINET },
    dcp(0xfeff, 5, 1, 2, [
      told(2, 1, text('SIMATIC-PC')),
      told(2, 2, text('engineering-7')),
      told(2, 3, write().u16(0x002a, 0x0202)),
      told(2, 4, write().u8(8, 0)),
    ]),
  ),
  // Set name and address: the first is taken over, the second refused.
  link(
    { from: TOOL, to: DRIVE, type: PROFINET },
    dcp(0xfefd, 4, 0, 3, [
      told(5, 1, write()),
      told(2, 2, text('drive-7'), 1),
      told(1, 2, addresses('10.4.0.17', '255.255.255.0', '10.4.0.17'), 1),
      told(5, 2, write()),
    ]),
  ),
  link(
    { from: DRIVE, to: TOOL, type: PROFINET },
    dcp(0xfefd, 4, 1, 3, [block(5, 4, write().hex('02 02 00')), block(5, 4, write().hex('01 02 06'))]),
  ),
  link({ from: TOOL, to: DRIVE, type: PROFINET }, dcp(0xfefd, 4, 0, 4, [told(5, 3, write().u16(0x0100))])),
  link({ from: DRIVE, to: TOOL, type: PROFINET }, dcp(0xfefd, 4, 1, 4, [block(5, 4, write().hex('05 03 00'))])),
  link({ from: TOOL, to: DRIVE, type: PROFINET }, get(5, '0201 0202')),
  link(
    { from: DRIVE, to: TOOL, type: PROFINET },
    dcp(0xfefd, 3, 1, 5, [told(2, 1, text('SINAMICS TEST')), told(2, 2, text('drive-7'))]),
  ),
  link({ from: TOOL, to: DRIVE, type: PROFINET }, dcp(0xfefd, 4, 0, 6, [told(5, 6, write(), 4)])),
  // Fast start-up: the device speaks first.
  link(
    { from: DRIVE, to: GROUP, type: PROFINET },
    dcp(0xfefc, 6, 0, 7, [
      told(2, 2, text('drive-7')),
      told(1, 2, addresses('10.4.0.18', '255.255.255.0', '10.4.0.18'), 1),
    ]),
  ),
  // Cyclic data and alarms have the same EtherType.
  link({ from: DEVICE, to: CONTROLLER, type: PROFINET }, write().u16(0x8001).zeros(40).hex('0001 35 00')),
]);
