import { expect, it } from 'vitest';
import { readVendorClass } from './vendor-classes.ts';

it.each([
  ['Cisco Systems, Inc. IP Phone CP-7960G', { vendor: 'Cisco Systems, Inc.', model: 'CP-7960G', type: 'IP phone' }],
  ['Cisco AP c1240', { vendor: 'Cisco', type: 'Access point' }],
  ['AastraIPPhone6731i', { vendor: 'Aastra', model: '6731i', type: 'IP phone' }],
  ['MitelIPPhone6867i', { vendor: 'Mitel', model: '6867i', type: 'IP phone' }],
  ['Polycom-VVX400', { vendor: 'Polycom', model: 'VVX400', type: 'IP phone' }],
  ['Hewlett-Packard JetDirect', { vendor: 'Hewlett-Packard', type: 'Print server' }],
  ['HP J9773A 2530-24G-PoEP Switch', { vendor: 'HP', orderNumber: 'J9773A', model: '2530-24G-PoEP', type: 'Switch' }],
  ['Juniper:ex2200-c-12p-2g:0', { vendor: 'Juniper', model: 'ex2200-c-12p-2g' }],
  ['ArubaAP', { vendor: 'Aruba', type: 'Access point' }],
  ['snomD375', { vendor: 'snom', model: 'D375', type: 'IP phone' }],
  ['dhcpcd-6.11.5:Linux-4.1.18-v7+:armv7l:BCM2709', { os: 'Linux', osBuild: '4.1.18-v7+' }],
  ['WAGO,750-881', { vendor: 'WAGO' }],
  ['Zebra', { vendor: 'Zebra' }],
  // DHCP clients, and words that only begin like a maker's name.
  ['MSFT 5.0', {}],
  ['udhcp 1.22.1', {}],
  ['android-dhcp-13', {}],
  ['PXEClient:Arch:00007:UNDI:003016', {}],
  ['Sickbay 3', {}],
  ['', {}],
])('%s', (text, stated) => {
  const found = Object.entries(readVendorClass(text)).filter(([, value]) => value !== undefined);
  expect(Object.fromEntries(found)).toEqual(stated);
});
