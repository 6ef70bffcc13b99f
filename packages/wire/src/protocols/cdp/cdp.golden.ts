// Written by hand after Cisco's description of the frame format: a switch, a data centre switch with its serial number
// in the device ID, an old one that writes it the other way round, a phone, a Stratix, a virtual host, an access point.
import { type Bytes, capture, snap, write } from '../../testing/index.ts';

const CISCO_GROUP = '01:00:0c:cc:cc:cc';

const element = (type: number, content: Bytes) => {
  const body = write().bytes(content).build();
  return write()
    .u16(type, 4 + body.length)
    .bytes(body);
};
const text = (type: number, value: string) => element(type, write().text(value));
const ipv4 = (address: string) => write().hex('01 01 cc').lengthPrefixed16(write().ipv4(address));
const ipv6 = (address: string) => write().hex('02 08 aaaa0300 0000 86dd').lengthPrefixed16(write().ipv6(address));
const addresses = (type: number, ...list: Bytes[]) =>
  element(
    type,
    write()
      .u32(list.length)
      .bytes(...list),
  );
const send = (from: string, version: number, timeToLive: number, ...elements: Bytes[]) =>
  snap(
    { from, to: CISCO_GROUP, code: 0x00000c2000 },
    write()
      .u8(version, timeToLive)
      .u16(0)
      .bytes(...elements),
  );

const IOS =
  'Cisco IOS Software, IE2000 Software (IE2000-UNIVERSALK9-M), Version 15.2(4)EA5, RELEASE SOFTWARE (fc1)\n' +
  'Technical Support: http://www.cisco.com/techsupport\nCopyright (c) 1986-2017 by Cisco Systems, Inc.';

const access = send(
  '00:1e:f6:01:00:05',
  2,
  180,
  text(1, 'sw-line-3.plant.example'),
  text(5, IOS),
  text(6, 'cisco IE-2000-8TC-G-B'),
  addresses(2, ipv4('192.168.50.3'), ipv6('2001:db8:50::3')),
  text(3, 'FastEthernet1/5'),
  element(4, write().u32(0x28)),
  // Cluster management: the base address stands behind master, mask, versions and commander.
  element(
    8,
    write()
      .hex('00000c 0112')
      .ipv4('0.0.0.0')
      .hex('ffffffff 010220ff')
      .zeros(6)
      .mac('00:1e:f6:01:00:00')
      .u8(0xff)
      .u16(0),
  ),
  text(9, 'PLANT'),
  element(10, write().u16(50)),
  element(11, write().u8(1)),
  addresses(0x16, ipv4('192.168.50.3')),
  // Energy management: encrypted part, two counters, model, pad, hardware version, serial number.
  element(0x1d, write().zeros(28).text('IE-2000-8TC-G-B', 16).u16(0).text('V01').text('FOC2134Z0AB')),
);
const dataCentre = send(
  '00:0d:ec:02:00:01',
  2,
  180,
  text(1, 'dc-core-1(SSI154300VL)'),
  text(5, 'Cisco Nexus Operating System (NX-OS) Software, Version 5.0(3)N2(2a)'),
  text(6, 'N5K-C5548UP'),
  text(3, 'Ethernet1/1'),
  element(4, write().u32(0x229)),
  text(0x14, 'dc-core-1'),
  element(0x15, write().hex('06 0b 2b06010401090c0301 03 8648')),
  element(0x17, write().u8(0).text('Hall 1, rack 4')),
);
const old = send(
  '00:d0:bb:03:00:01',
  1,
  180,
  text(1, 'JAB023807H1(cat-west)'),
  text(5, 'WS-C6009 Software, Version NmpSW: 6.3(3)\nCopyright (c) 1995-2001 by Cisco Systems'),
  text(6, 'WS-C6009'),
  text(3, '3/1'),
);
const phone = send(
  '00:1b:d4:04:00:01',
  2,
  180,
  text(1, 'SEP001BD4040001'),
  text(5, 'SIP45.8-5-3S'),
  text(6, 'Cisco IP Phone 7945'),
  text(3, 'Port 1'),
  element(4, write().u32(0x90)),
  element(11, write().u8(0)),
  element(0x10, write().u16(6300)),
);
const stratix = send(
  'f4:54:33:05:00:01',
  2,
  180,
  text(1, 'Stratix-Cell-4'),
  text(5, 'Cisco IOS Software, S5700 Software (S5700-UNIVERSALK9-M), Version 15.2(5)EA.fc4, RELEASE SOFTWARE (fc4)'),
  text(6, '1783-BMS10CGL'),
);
const virtual = send(
  '00:50:56:06:00:01',
  2,
  180,
  text(1, 'esx-2.plant.example'),
  text(5, 'Releasebuild-10302608'),
  text(6, 'VMware ESX'),
);
const accessPoint = send(
  '00:1f:45:07:00:01',
  2,
  180,
  text(1, '001f.4507.0000'),
  text(0x1001, 'SG01FW90AB'),
  element(0x1008, write().mac('00:1f:45:07:00:00')),
  addresses(2, ipv4('0.0.0.0')), // no address yet
);

export const golden = capture('CDP of switches, phone, virtual host and access point', [
  access,
  dataCentre,
  old,
  phone,
  stratix,
  virtual,
  accessPoint,
  access, // the same once more: counted
  send('00:1e:f6:01:00:05', 2, 0, text(1, 'sw-line-3.plant.example')), // goodbye
  // An element longer than its frame: what stands before it counts.
  send('00:1e:f6:08:00:05', 2, 180, text(1, 'sw-line-4'), write().u16(5, 400).text('Cisco')),
]);
