// Written by hand after IEEE 802.1AB-2016 section 8 and the annexes of the organizations. A PROFINET controller with a
// short and one with a full identification, a switch, a phone, a Linux PC with a MUD URL, a host of virtual machines.
import { type Bytes, capture, link, write } from '../../testing/index.ts';

const NEAREST_BRIDGE = '01:80:c2:00:00:0e';

const element = (type: number, content: Bytes) => {
  const body = write().bytes(content).build();
  return write()
    .u16((type << 9) | body.length)
    .bytes(body);
};
const chassis = (subtype: number, content: Bytes) => element(1, write().u8(subtype).bytes(content));
const port = (subtype: number, content: Bytes) => element(2, write().u8(subtype).bytes(content));
const text = (value: string) => write().text(value);
const timeToLive = (seconds: number) => element(3, write().u16(seconds));
const organization = (code: string, subtype: number, content: Bytes) =>
  element(127, write().hex(code).u8(subtype).bytes(content));
const capabilities = (supported: number, enabled: number) => element(7, write().u16(supported, enabled));
/** Address with its family, interface numbered by ifIndex 1, no object identifier. */
const management = (family: number, address: Bytes) =>
  element(8, write().lengthPrefixed8(write().u8(family).bytes(address)).u8(2).u32(1).u8(0));
const END = element(0, new Uint8Array(0));
const IEEE_8021 = '00 80 c2';
const IEEE_8023 = '00 12 0f';
const TIA = '00 12 bb';
const PROFINET = '00 0e cf';
const IETF = '00 00 5e';

const send = (from: string, ...elements: Bytes[]) =>
  link({ from, to: NEAREST_BRIDGE, type: 0x88cc }, write().bytes(...elements));

const controller = send(
  '00:1b:1b:aa:00:02',
  chassis(7, text('pump-control')),
  port(7, text('port-001')),
  timeToLive(20),
  element(4, text('Siemens, SIMATIC S7, Ethernet Port, X1 P1')),
  element(6, text('Siemens, SIMATIC S7, CPU-1500, 6ES7 511-1AK02-0AB0, HW: 3, FW: V.2.9.4, S C-X4U421302009')),
  capabilities(0x0080, 0x0080),
  management(1, write().ipv4('192.168.30.10')),
  organization(PROFINET, 2, write().u32(0)),
  organization(PROFINET, 4, write().hex('ffffffff ffff ffff ffff ffffffffffff').u16(0x0101)),
  organization(PROFINET, 5, write().mac('00:1b:1b:aa:00:01')),
  organization(IEEE_8023, 1, write().u8(0x03).u16(0x6c01, 16)),
  END,
);

// Fields of fixed width: type, order number, serial number, hardware revision, prefix, three numbers.
const identification = write()
  .text('ET200SP', 25, 0x20)
  .text(' ')
  .text('6ES7 155-6AU01-0BN0', 20, 0x20)
  .text(' ')
  .text('S C-LDNX40152023', 16, 0x20)
  .text('     2 V  4  2  0');
const station = send(
  '00:1b:1b:bb:00:02',
  chassis(7, identification),
  port(7, text('port-001.io-west')),
  timeToLive(20),
  organization(PROFINET, 2, write().u32(0)),
  END,
);

const core = send(
  '00:08:e3:cc:00:01',
  chassis(4, write().mac('00:08:e3:cc:00:00')),
  port(5, text('Gi1/0/1')),
  timeToLive(120),
  element(4, text('GigabitEthernet1/0/1')),
  element(5, text('sw-hall-2')),
  element(6, text('Hirschmann MAR - SW: L3P-09.1.02')),
  capabilities(0x0014, 0x0004),
  management(1, write().ipv4('192.168.30.2')),
  management(2, write().ipv6('2001:db8:30::2')),
  management(6, write().mac('00:08:e3:cc:00:00')),
  organization(IEEE_8021, 1, write().u16(30)),
  organization(IEEE_8021, 3, write().u16(30).lengthPrefixed8(text('machines'))),
  organization(IEEE_8023, 1, write().u8(0x00).u16(0, 30)),
  organization(IEEE_8023, 2, write().u8(0x0f, 1, 4)),
  organization(IEEE_8023, 4, write().u16(1522)),
  organization('00 01 42', 1, write().u8(1)), // another organization's, passed over
  END,
);

const phone = send(
  '00:1b:d4:dd:00:01',
  chassis(5, write().u8(1).ipv4('192.168.40.21')),
  port(3, write().mac('00:1b:d4:dd:00:01')),
  timeToLive(180),
  element(5, text('SEP001BD4DD0001')),
  element(6, text('Cisco IP Phone 8841, V3, sip88xx.12-5-1SR1-4')),
  capabilities(0x0024, 0x0024),
  organization(IEEE_8023, 2, write().u8(0x00, 0, 3)),
  organization(TIA, 1, write().u16(0x0033).u8(3)),
  organization(TIA, 5, text('V3')),
  organization(TIA, 6, text('sip88xx.12-5-1SR1-4')),
  organization(TIA, 7, text('sip88xx.12-5-1SR1-4')),
  organization(TIA, 8, text('FCH2031X0AB')),
  organization(TIA, 9, text('Cisco Systems, Inc.')),
  organization(TIA, 10, text('CP-8841')),
  organization(TIA, 11, text('TEL-0815')),
  END,
);

const gateway = send(
  '00:30:de:ee:00:01',
  chassis(4, write().mac('00:30:de:ee:00:01')),
  port(3, write().mac('00:30:de:ee:00:01')),
  timeToLive(120),
  element(5, text('sysName Not Set')), // a name that nobody gave
  element(6, text('Debian GNU/Linux 12 (bookworm) Linux 6.1.0-18-amd64 #1 SMP Debian 6.1.76-1 x86_64')),
  organization(IETF, 1, text('https://mud.musterwerk.example/gateway-4.json')),
  END,
);

const hypervisor = send(
  '00:50:56:ff:00:01',
  chassis(4, write().mac('00:50:56:ff:00:00')),
  port(1, text('vmnic0')),
  timeToLive(120),
  element(6, text('VMware ESX Releasebuild-10302608')),
  END,
);

export const golden = capture('LLDP of a plant, with the extensions of five organizations', [
  controller,
  station,
  core,
  phone,
  gateway,
  hypervisor,
  controller, // the same once more: counted
  // Goodbye: what it announced before is no longer to be told.
  send('00:1b:1b:aa:00:02', chassis(7, text('pump-control')), port(7, text('port-001')), timeToLive(0), END),
  // A description that is longer than its frame: what stands before it counts.
  send(
    '00:1b:1b:aa:00:05',
    chassis(7, text('valve-7')),
    port(7, text('port-001')),
    timeToLive(20),
    write()
      .u16((6 << 9) | 200)
      .text('Sie'),
  ),
]);
