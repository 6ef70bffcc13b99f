import { expect, test } from 'vitest';
import { type Described, readDescription } from './descriptions.ts';

/** Invented devices in their vendors' true ways of writing. */
const EXAMPLES: readonly (readonly [string, Described])[] = [
  [
    'Siemens, SIMATIC S7, CPU-1200, 6ES7 214-1AG40-0XB0, HW: 7, FW: V.4.2.1, S V-K2C00000',
    {
      vendor: 'Siemens',
      model: 'CPU-1200',
      orderNumber: '6ES7 214-1AG40-0XB0',
      hardware: '7',
      firmware: 'V.4.2.1',
      serial: 'S V-K2C00000',
    },
  ],
  [
    'Siemens, SIMATIC HMI, KTP700 Basic, 6AV2 123-2GB03-0AX0, HW:0, SW.V 13.0.1',
    {
      vendor: 'Siemens',
      model: 'KTP700 Basic',
      orderNumber: '6AV2 123-2GB03-0AX0',
      hardware: '0',
      firmware: 'V 13.0.1',
    },
  ],
  [
    'SIMATIC NET, SCALANCE X208, 6GK5 208-0BA10-2AA3, HW: Version 1, FW: Version V03.00.00, SVPH0000000',
    {
      vendor: 'Siemens',
      model: 'SCALANCE X208',
      orderNumber: '6GK5 208-0BA10-2AA3',
      hardware: '1',
      firmware: 'V03.00.00',
      serial: 'SVPH0000000',
    },
  ],
  [
    'Musterwerk, Feldgerät, MW-IO 16, 4711.0815, HW: A2, FW: V1.7.3',
    { vendor: 'Musterwerk', model: 'MW-IO 16', orderNumber: '4711.0815', hardware: 'A2', firmware: 'V1.7.3' },
  ],
  ['Siemens AG SIMATIC S7 MULTIPORT SCALANCE X 200 FAM', { vendor: 'Siemens' }],
  ['Hirschmann MAR - SW: L2P-09.0.00', { vendor: 'Hirschmann', model: 'MAR', firmware: 'L2P-09.0.00' }],
  [
    'Hirschmann BAT-R 9.12.5750 / 20.10.2017 942070999000000000',
    { vendor: 'Hirschmann', model: 'BAT-R', firmware: '9.12.5750', serial: '942070999000000000' },
  ],
  ['Hirschmann Railswitch', { vendor: 'Hirschmann' }],
  ['MOXA EDS-405A-PN', { vendor: 'Moxa', model: 'EDS-405A-PN' }],
  [
    'Moxa EDS-408A-MM-SC, V3.9 build 19010211',
    { vendor: 'Moxa', model: 'EDS-408A-MM-SC', firmware: 'V3.9 build 19010211' },
  ],
  ['WAGO 750-841', { vendor: 'WAGO', orderNumber: '750-841' }],
  ['FL SWITCH 2208', { vendor: 'Phoenix Contact', model: 'FL SWITCH 2208' }],
  ['RUGGEDCOM RSG2100', { vendor: 'RuggedCom', model: 'RSG2100' }],
  ['Westermo Lynx-3510, WeOS 4.32.3', { vendor: 'Westermo', model: 'Lynx-3510', firmware: '4.32.3' }],
  ['Rockwell Automation 1756-EN2T/B', { vendor: 'Rockwell Automation', orderNumber: '1756-EN2T' }],
  [
    'Product: BMX NOE 0100 - Ethernet Communications Module. FwId: 01.60.',
    { vendor: 'Schneider Electric', model: 'BMX NOE 0100', firmware: '01.60' },
  ],
  ['SEL-2730M Managed Ethernet Switch', { vendor: 'Schweitzer Engineering Laboratories', model: 'SEL-2730M' }],
  [
    'Rittal CMC III PU SN 60000000 HW V3.00 - SW V3.17.50_5',
    { vendor: 'Rittal', model: 'CMC III PU', serial: '60000000', hardware: 'V3.00', firmware: 'V3.17.50_5' },
  ],
  [
    'Cisco IOS Software, C3560 Software (C3560-ADVIPSERVICESK9-M), Version 12.2(44)SE, RELEASE SOFTWARE (fc1)\r\nCopyright (c) 1986-2008',
    { vendor: 'Cisco', os: 'Cisco IOS', firmware: '12.2(44)SE' },
  ],
  [
    'Cisco Internetwork Operating System Software \nIOS (tm) C2950 Software (C2950-I6Q4L2-M), Version 12.1(22)EA8a, RELEASE SOFTWARE (fc1)',
    { vendor: 'Cisco', os: 'Cisco IOS', firmware: '12.1(22)EA8a' },
  ],
  [
    'Cisco IOS Software [Everest], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 16.6.4, RELEASE SOFTWARE (fc3)',
    { vendor: 'Cisco', os: 'Cisco IOS XE', firmware: '16.6.4' },
  ],
  [
    'Cisco IOS Software, S5700 Software (S5700-UNIVERSALK9-M), Version 15.2(5)EA.fc4, RELEASE SOFTWARE (fc4)',
    { os: 'Cisco IOS' },
  ],
  [
    'Cisco NX-OS(tm) Nexus9000 C9372PX, Software (NXOS 64-bit), Version 9.3(5), RELEASE SOFTWARE',
    { vendor: 'Cisco', os: 'Cisco NX-OS', firmware: '9.3(5)' },
  ],
  ['Cisco Adaptive Security Appliance Version 9.8(2)', { vendor: 'Cisco', os: 'Cisco ASA', firmware: '9.8(2)' }],
  [
    'HP J9773A 2530-24G-PoEP Switch, revision YA.15.10.0003, ROM YA.15.08 (/ws/swbuildm/code)',
    { vendor: 'HP', orderNumber: 'J9773A', model: '2530-24G-PoEP Switch', firmware: 'YA.15.10.0003' },
  ],
  [
    'Aruba JL256A 2930F-48G-PoE+-4SFP+ Switch, revision WC.16.07.0003, ROM WC.16.01.0006',
    { vendor: 'Aruba', orderNumber: 'JL256A', model: '2930F-48G-PoE+-4SFP+ Switch', firmware: 'WC.16.07.0003' },
  ],
  [
    'HP Comware Platform Software, Software Version 5.20.99 Release 2221P19 HP A5500-24G',
    { vendor: 'HP', os: 'Comware', firmware: '5.20.99 Release 2221P19' },
  ],
  [
    'Juniper Networks, Inc. ex2200-24t-4g Ethernet Switch, kernel JUNOS 12.3R6.6, Build date: 2014-03-13',
    { vendor: 'Juniper Networks', model: 'ex2200-24t-4g', os: 'JUNOS', firmware: '12.3R6.6' },
  ],
  [
    'MikroTik RouterOS 6.48.6 (long-term) RB3011UiAS',
    { vendor: 'MikroTik', os: 'RouterOS', firmware: '6.48.6', model: 'RB3011UiAS' },
  ],
  ['RouterOS CCR1009-8G-1S', { vendor: 'MikroTik', os: 'RouterOS', model: 'CCR1009-8G-1S' }],
  [
    'S5700-28C-EI\nHuawei Versatile Routing Platform Software\r\nVRP (R) software, Version 5.160 (S5700 V200R005C00SPC500)',
    { vendor: 'Huawei', os: 'VRP', model: 'S5700', firmware: 'V200R005C00SPC500' },
  ],
  [
    'APC Web/SNMP Management Card (MB:v4.1.0 PF:v6.5.0 PN:apc_hw05_aos_650.bin AF1:v6.5.0 AN1:apc_hw05_sumx_650.bin MN:AP9630 HR:05 SN: ZA0000000000 MD:01/01/2016)',
    { vendor: 'APC', firmware: 'v6.5.0', orderNumber: 'AP9630', hardware: '05', serial: 'ZA0000000000' },
  ],
  [
    '; AXIS M1025; Network Camera; 5.50.3.3; Apr 15 2015 09:40; 1A2; 1;',
    { vendor: 'AXIS', model: 'M1025', type: 'Network Camera', firmware: '5.50.3.3', hardware: '1A2' },
  ],
  ['Dell Inc. OptiPlex 7050,1.0,ABC12D3', { vendor: 'Dell Inc.', model: 'OptiPlex 7050', serial: 'ABC12D3' }],
  [
    'Hardware: Intel64 Family 6 Model 60 Stepping 3 AT/AT COMPATIBLE - Software: Windows Version 6.1 (Build 7601 Multiprocessor Free)',
    { os: 'Windows', osBuild: '6.1.7601' },
  ],
  ['Linux edge-4 4.4.0-31-generic #50~14.04.1-Ubuntu SMP Wed Jul 13 x86_64', { os: 'Linux 4.4.0-31-generic' }],
  ['Ubuntu 22.04.3 LTS Linux 5.15.0-91-generic #101-Ubuntu SMP x86_64', { os: 'Ubuntu 22.04.3 LTS' }],
  ['VMware ESXi 6.7.0 build-8169922 VMware, Inc. x86_64', { os: 'VMware ESXi 6.7.0', osBuild: '8169922' }],
];

test.each(EXAMPLES)('%s', (text, described) => {
  expect(readDescription(text)).toEqual(described);
});

/** Texts that look like a dialect and are none: nothing must be said. */
const NOTHING = [
  '',
  'Ethernet switch of hall 3, next to WAGO cabinet',
  'innotek GmbH VirtualBox,1.2,0 + HMI',
  'VMware, Inc. VMware Virtual Platform,None,VMware-56 4d 00 00',
  'LENOVO 20BX,None,To be filled by O.E.M.',
  'HW: 1, FW: 2',
  'pump, HW: 1, FW: none yet',
  'GigabitEthernet0/13',
  'Linux',
];
test.each(NOTHING)('says nothing of: %s', (text) => {
  expect(readDescription(text)).toEqual({});
});
