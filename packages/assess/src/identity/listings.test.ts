// What documents say, beside what was met: where entries belong, what they never do, and where both contradict.
import type { Device, DocumentBasis, FactKind, FactValue, Observation, Subject } from '@interlock/model';
import { expect, test } from 'vitest';
import { addressesOf, corrects, deviceWith, inventoryOf, sends, talks, tell } from '../testing/observations.ts';

/** What a document says. */
const lists = <K extends FactKind>(
  subject: Subject,
  kind: K,
  value: FactValue<K>,
  importer = 'asset-list',
  basis: DocumentBasis = 'list',
): Observation =>
  ({
    ...tell(subject, kind, value, 30),
    said: 'imported',
    provenance: { from: 'document', document: 'assets.csv', path: 'row 2, column B', importer, field: 'Column', basis },
  }) as Observation;
/** An entry with its addresses, as every importer says them. */
const entry = (subject: Subject, importer?: string, basis?: DocumentBasis): Observation[] => [
  ...(subject.ip ? [lists(subject, 'address.listed-ip', subject.ip, importer, basis)] : []),
  ...(subject.mac ? [lists(subject, 'address.listed-mac', subject.mac, importer, basis)] : []),
];

const MAC = '00:1b:1b:00:00:01';
const OTHER = '00:1b:1b:00:00:02';
const short = (device: Device) =>
  device.contradictions.map(({ kind, importedText, metText }) => `${kind}: ${importedText}, met ${metText}`);

test('an entry of a met address tells of that device, which stays a met one and gets no address from it', () => {
  const subject = { ip: '10.0.0.1' };
  const { devices } = inventoryOf([
    ...sends(MAC, '10.0.0.1'),
    ...entry(subject),
    lists(subject, 'device.location', 'Hall 3'),
  ]);
  expect(devices).toHaveLength(1);
  expect(devices[0]).toMatchObject({
    origin: 'seen',
    listed: true,
    contradictions: [],
    summary: { location: 'Hall 3' },
  });
});

test('what nobody met is a device of its own, known from documents, found by each of its addresses', () => {
  const subject = { ip: '10.0.0.9', mac: OTHER };
  const inventory = inventoryOf([
    ...sends(MAC, '10.0.0.1'),
    ...entry(subject),
    ...entry({ ip: '10.0.0.9' }, 'nmap', 'scan'),
    lists({ ip: '10.0.0.9' }, 'device.os', 'Linux', 'nmap', 'scan'),
  ]);
  expect(inventory.devices).toHaveLength(2);
  expect(deviceWith(inventory, OTHER)).toMatchObject({ origin: 'observed', listed: true, summary: { os: 'Linux' } });
  expect(addressesOf(deviceWith(inventory, OTHER))).toBe(`${OTHER} 10.0.0.9`.split(' ').sort().join(' '));
  expect(deviceWith(inventory, MAC)).toMatchObject({ origin: 'seen', listed: false });
});

test('the MAC address of an entry is stronger than its IP address, and the difference is a contradiction', () => {
  const inventory = inventoryOf([
    ...sends(MAC, '10.0.0.1'),
    ...sends(OTHER, '10.0.0.2'),
    ...entry({ ip: '10.0.0.2', mac: MAC }),
  ]);
  expect(inventory.devices).toHaveLength(2);
  expect(short(deviceWith(inventory, MAC))).toEqual(['address.listed-ip: 10.0.0.2, met 10.0.0.1']);
  expect(deviceWith(inventory, OTHER)).toMatchObject({ listed: false, contradictions: [] });
});

test('an entry whose MAC address nobody met tells of the device at its IP address, and contradicts', () => {
  const inventory = inventoryOf([...sends(MAC, '10.0.0.1'), ...entry({ ip: '10.0.0.1', mac: OTHER })]);
  expect(inventory.devices).toHaveLength(1);
  expect(short(deviceWith(inventory, MAC))).toEqual([`address.listed-mac: ${OTHER}, met ${MAC}`]);
});

test('of two rows with one IP address, the one with the MAC address that was met is the device', () => {
  const inventory = inventoryOf([
    ...sends(MAC, '10.0.0.1'),
    ...entry({ ip: '10.0.0.1', mac: MAC }),
    ...entry({ ip: '10.0.0.1', mac: OTHER }),
  ]);
  expect(inventory.devices).toHaveLength(2);
  expect(deviceWith(inventory, OTHER)).toMatchObject({ origin: 'listed' });
  expect(deviceWith(inventory, MAC).contradictions).toEqual([]);
});

test('a met value is shown and the imported one contradicts; spellings of the same do not', () => {
  const subject = { ip: '10.0.0.1' };
  const met = { ip: '10.0.0.1', mac: MAC };
  const inventory = inventoryOf([
    ...sends(MAC, '10.0.0.1'),
    tell(met, 'device.vendor', 'Rockwell Automation/Allen-Bradley'),
    tell(met, 'device.model', '1756-ENBT/A'),
    tell(met, 'device.firmware', '4.3.1'),
    tell(met, 'device.serial', '0x00524d8e'),
    tell(met, 'device.hostname', 'plc7.plant.example'),
    ...entry(subject),
    lists(subject, 'device.vendor', 'Rockwell Automation, Inc.'),
    lists(subject, 'device.model', '1756 ENBT'),
    lists(subject, 'device.firmware', 'V4.3'),
    lists(subject, 'device.serial', '00777777'),
    lists(subject, 'device.hostname', 'PLC8'),
  ]);
  const device = deviceWith(inventory, MAC);
  expect(device.summary).toMatchObject({ serial: '0x00524d8e', name: 'plc7.plant.example' });
  expect(short(device)).toEqual([
    'device.serial: 00777777, met 0x00524d8e',
    'device.hostname: PLC8, met plc7.plant.example',
  ]);
});

test('documents never join devices that were met, and never part them', () => {
  const first = { ip: '10.0.0.1', mac: MAC };
  const second = { ip: '10.0.0.2', mac: OTHER };
  const inventory = inventoryOf([
    ...sends(MAC, '10.0.0.1'),
    ...sends(OTHER, '10.0.0.2'),
    tell(first, 'device.serial', 'SN-000471'),
    ...entry(second),
    lists(second, 'device.serial', 'SN-000471'),
    lists(second, 'device.uuid', '8a7f2b3c-1111-4222-8333-944455556666'),
    ...entry(first),
    lists(first, 'device.uuid', '8a7f2b3c-1111-4222-8333-944455556666'),
  ]);
  expect(inventory.devices).toHaveLength(2);
});

test('an entry without an address is the one device with its serial number, else with its name, else itself', () => {
  const one = { entry: 'assets/SN-000471' };
  const named = { entry: 'assets/camera-4' };
  const alone = { entry: 'assets/Spare drive' };
  const inventory = inventoryOf([
    ...sends(MAC, '10.0.0.1'),
    ...sends(OTHER, '10.0.0.2'),
    tell({ ip: '10.0.0.1', mac: MAC }, 'device.serial', 'SN-000471'),
    tell({ ip: '10.0.0.2', mac: OTHER }, 'device.hostname', 'camera-4.plant'),
    lists(one, 'device.serial', 'SN-000471'),
    lists(one, 'device.location', 'Hall 1'),
    lists(named, 'device.hostname', 'camera-4'),
    lists(alone, 'device.friendly-label', 'Spare drive'),
  ]);
  expect(inventory.devices).toHaveLength(3);
  expect(deviceWith(inventory, MAC)).toMatchObject({ listed: true, summary: { location: 'Hall 1' } });
  expect(deviceWith(inventory, OTHER)).toMatchObject({ listed: true });
  const spare = inventory.devices.find(({ addresses }) => addresses.length === 0);
  expect(spare).toMatchObject({ origin: 'listed', summary: { name: 'Spare drive' } });
  expect(Number.isFinite(spare?.first)).toBe(true);
});

test('a name that two devices have names neither', () => {
  const inventory = inventoryOf([
    ...sends(MAC, '10.0.0.1'),
    ...sends(OTHER, '10.0.0.2'),
    tell({ ip: '10.0.0.1', mac: MAC }, 'device.hostname', 'camera-4'),
    tell({ ip: '10.0.0.2', mac: OTHER }, 'device.hostname', 'camera-4'),
    lists({ entry: 'assets/camera-4' }, 'device.hostname', 'camera-4'),
  ]);
  expect(inventory.devices).toHaveLength(3);
});

test('a person joins an entry without an address with a device', () => {
  const inventory = inventoryOf([
    ...sends(MAC, '10.0.0.1'),
    lists({ entry: 'assets/Press' }, 'device.friendly-label', 'Press'),
    corrects({ ip: '10.0.0.1', mac: MAC }, 'identity.same-device', '~assets/Press'),
  ]);
  expect(inventory.devices).toHaveLength(1);
  expect(inventory.devices[0]).toMatchObject({ origin: 'seen', listed: true });
});

test('traffic another monitor counted is shown where we saw none, and not counted twice where we did', () => {
  const client = { ip: '10.0.0.1' };
  const imported = (observation: Observation): Observation => ({
    ...observation,
    said: 'imported',
    provenance: {
      from: 'document',
      document: 'conn.log',
      path: 'line 9',
      importer: 'zeek',
      field: 'conn',
      basis: 'monitor',
    },
  });
  const { conversations, devices } = inventoryOf([
    ...sends(MAC, '10.0.0.1'),
    ...sends(OTHER, '10.0.0.2'),
    talks({ ip: '10.0.0.1', mac: MAC }, `10.0.0.2@${OTHER}`, 'modbus'),
    imported(talks(client, '10.0.0.2', 'modbus')),
    ...entry({ ip: '10.0.0.3' }, 'zeek', 'monitor'),
    imported(talks(client, '10.0.0.3', 'modbus')),
    ...entry({ ip: '93.184.216.34' }, 'zeek', 'monitor'),
  ]);
  expect(conversations.map(({ packetsSent }) => packetsSent)).toEqual([2, 2]);
  expect(devices.find(({ addresses }) => addresses[0]?.value === '93.184.216.34')).toMatchObject({
    origin: 'observed',
    outside: true,
  });
});
