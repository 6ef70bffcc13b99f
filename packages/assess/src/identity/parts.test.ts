// What sits behind an address: racks, gateways, routers of building automation.
import type { DevicePart } from '@interlock/model';
import { describe, expect, it } from 'vitest';
import { claims, deviceWith, inventoryOf, sends, tell } from '../testing/observations.ts';

const A = '00:00:bc:00:00:0a';
const B = '00:00:bc:00:00:0b';
type Told = Parameters<typeof inventoryOf>[0];

const identity = (mac: string, ip: string, part: string | undefined, serial: string, model: string): Told => {
  const subject = { mac, ip, ...(part === undefined ? {} : { part }) };
  return [
    tell(subject, 'cip.vendor-id', 1, 0, 'enip'),
    tell(subject, 'device.serial', serial, 0, 'enip'),
    tell(subject, 'device.model', model, 0, 'enip'),
  ];
};
const adapter = (mac: string, ip: string): Told => [claims(mac, ip), ...sends(mac, ip)];
/** Parts as `step serial [children]`. */
const shown = (parts: readonly DevicePart[]): unknown[] =>
  parts.map(({ part, summary, children }) =>
    [part, summary.serial ?? '', ...(children.length > 0 ? [shown(children)] : [])].flat(0),
  );

describe('a chassis', () => {
  const rack = [
    ...adapter(A, '10.0.0.1'),
    ...identity(A, '10.0.0.1', undefined, '0x0051aec3', '1756-ENBT/A'),
    ...identity(A, '10.0.0.1', 'cip:1/10', '0x00000010', '1756-IB16'),
    ...identity(A, '10.0.0.1', 'cip:1/0', '0x0051823f', '1756-L61'),
    ...identity(A, '10.0.0.1', 'cip:1/2', '0x00000002', '1756-OB16'),
  ];

  it('has its modules as parts, in the order of the slots', () => {
    expect(shown(deviceWith(inventoryOf(rack), A).children)).toEqual([
      ['cip:1/0', '0x0051823f'],
      ['cip:1/2', '0x00000002'],
      ['cip:1/10', '0x00000010'],
    ]);
  });

  it('modules do not overwrite what the adapter says of itself', () => {
    const { summary } = deviceWith(inventoryOf(rack), A);
    expect(summary.model).toBe('1756-ENBT/A');
    expect(
      deviceWith(inventoryOf([...adapter(B, '10.0.0.2'), ...identity(B, '10.0.0.2', 'cip:1/0', '0x9', 'L61')]), B)
        .summary,
    ).toEqual({});
  });

  it('a way that leads back to the adapter itself is the adapter', () => {
    const told = [...rack, ...identity(A, '10.0.0.1', 'cip:1/3', '0x0051aec3', '1756-ENBT/A')];
    const device = deviceWith(inventoryOf(told), A);
    expect(shown(device.children)).toHaveLength(3);
    expect(device.joined.map(({ text }) => text).join()).toContain('cip:1/3 leads back to the device itself');
    expect(device.facts.some(({ subject }) => subject.endsWith('#cip:1/3'))).toBe(true);
  });

  it('what hangs on a way back to the adapter hangs on the device', () => {
    const told = [
      ...rack,
      ...identity(A, '10.0.0.1', 'cip:1/3', '0x0051aec3', '1756-ENBT/A'),
      ...identity(A, '10.0.0.1', 'cip:1/3>cip:2/10.0.0.9', '0x00000099', '1734-AENT'),
    ];
    expect(shown(deviceWith(inventoryOf(told), A).children)).toContainEqual(['cip:2/10.0.0.9', '0x00000099']);
  });

  it('a module reached by two ways is one module', () => {
    const told = [...rack, ...identity(A, '10.0.0.1', 'cip:1/4>cip:2/10.0.0.3>cip:1/0', '0x0051823f', '1756-L61')];
    const modules = shown(deviceWith(inventoryOf(told), A).children);
    expect(JSON.stringify(modules).match(/0x0051823f/g)).toHaveLength(1);
  });

  it('a module reached through two adapters with addresses of their own is one module, and says so', () => {
    const told = [
      ...rack,
      ...adapter(B, '10.0.1.1'),
      ...identity(B, '10.0.1.1', undefined, '0x0051bbbb', '1756-ENBT/A'),
      ...identity(B, '10.0.1.1', 'cip:1/0', '0x0051823f', '1756-L61'),
    ];
    const inventory = inventoryOf(told);
    const [first, second] = [deviceWith(inventory, A), deviceWith(inventory, B)];
    expect(first.children[0]?.alsoBehind).toEqual([second.id]);
    expect(second.children).toEqual([]);
  });

  it('a module that also has an address of its own stays a part and is linked to that device', () => {
    const told = [...rack, ...adapter(B, '10.0.1.1'), ...identity(B, '10.0.1.1', undefined, '0x0051823f', '1756-L61')];
    const inventory = inventoryOf(told);
    expect(deviceWith(inventory, A).children[0]?.device).toBe(deviceWith(inventory, B).id);
    expect(inventory.devices).toHaveLength(2);
  });

  it('a module that gives the address of a device is linked to it, and the address stays there', () => {
    const states = (ip: string) =>
      tell({ mac: A, ip: '10.0.0.1', part: 'cip:1/7' }, 'address.announced-ip', ip, 0, 'enip');
    const linked = inventoryOf([...rack, ...adapter(B, '10.0.1.1'), states('10.0.1.1')]);
    const part = deviceWith(linked, A).children.find((one) => one.part === 'cip:1/7');
    expect([part?.device, part?.addresses]).toEqual([deviceWith(linked, B).id, []]);
    const alone = deviceWith(inventoryOf([...rack, states('10.0.1.2')]), A).children;
    expect(alone.find((one) => one.part === 'cip:1/7')?.addresses).toMatchObject([{ value: '10.0.1.2' }]);
  });

  it('a module of another vendor with the same serial number is another module', () => {
    const told = [
      ...rack,
      tell({ mac: A, ip: '10.0.0.1', part: 'cip:1/7' }, 'cip.vendor-id', 5, 0, 'enip'),
      tell({ mac: A, ip: '10.0.0.1', part: 'cip:1/7' }, 'device.serial', '0x0051823f', 0, 'enip'),
    ];
    expect(deviceWith(inventoryOf(told), A).children).toHaveLength(4);
  });
});

describe('gateways and routers', () => {
  it('units behind a Modbus gateway', () => {
    const told = [3, 17, 20].map((unit) =>
      tell({ mac: A, ip: '10.0.0.1', part: `modbus-unit:${unit}` }, 'modbus.unit-id', unit, 0, 'modbus'),
    );
    const gateway = deviceWith(inventoryOf([...adapter(A, '10.0.0.1'), ...told]), A);
    expect(gateway.children.map(({ part }) => part)).toEqual(['modbus-unit:3', 'modbus-unit:17', 'modbus-unit:20']);
    expect(gateway.role?.value).toBe(undefined);
  });

  it('a routed BACnet device reached through two routers is one', () => {
    const routed = (mac: string, ip: string) => [
      ...adapter(mac, ip),
      tell({ mac, ip, part: 'bacnet-device:2001/05' }, 'bacnet.instance', 77, 0, 'bacnet'),
    ];
    const inventory = inventoryOf([...routed(A, '10.0.0.1'), ...routed(B, '10.0.0.2')]);
    expect(inventory.devices.flatMap(({ children }) => children)).toHaveLength(1);
  });

  it('a routed BACnet device that is the router itself', () => {
    const told = [
      ...adapter(A, '10.0.0.1'),
      tell({ mac: A, ip: '10.0.0.1' }, 'bacnet.instance', 77, 0, 'bacnet'),
      tell({ mac: A, ip: '10.0.0.1', part: 'bacnet-device:9/01' }, 'bacnet.instance', 77, 0, 'bacnet'),
    ];
    expect(deviceWith(inventoryOf(told), A).children).toEqual([]);
  });

  it('a route that ends in the address of another device is linked to it', () => {
    const told = [
      ...adapter(A, '10.0.0.1'),
      ...adapter(B, '10.0.0.9'),
      tell({ mac: A, ip: '10.0.0.1', part: 'cip:2/10.0.0.9' }, 'device.model', '1734-AENT', 0, 'enip'),
      tell({ mac: A, ip: '10.0.0.1', part: 'bacnet-device:1/10.0.0.9:47808' }, 'bacnet.vendor-id', 4, 0, 'bacnet'),
      tell({ mac: A, ip: '10.0.0.1', part: `bacnet-device:11/${B}` }, 'bacnet.vendor-id', 4, 0, 'bacnet'),
      tell({ mac: A, ip: '10.0.0.1', part: 'bacnet-device:11/05' }, 'bacnet.vendor-id', 4, 0, 'bacnet'),
    ];
    const inventory = inventoryOf(told);
    const { id } = deviceWith(inventory, B);
    const links = new Map(deviceWith(inventory, A).children.map((part) => [part.part, part.device]));
    expect([...links.values()].filter((link) => link === id)).toHaveLength(3);
    expect(links.get('bacnet-device:11/05')).toBe(undefined);
  });

  it('an address that a part announces is an address of the part', () => {
    const told = tell({ mac: A, ip: '10.0.0.1', part: 'cip:1/5' }, 'address.announced-mac', B, 0, 'enip');
    const [part] = deviceWith(inventoryOf([...adapter(A, '10.0.0.1'), told]), A).children;
    expect(part?.addresses.map(({ value }) => value)).toEqual([B]);
  });

  it('a route of endless steps ends', () => {
    const part = Array.from({ length: 5000 }, (_, i) => `cip:1/${i}`).join('>');
    const told = tell({ mac: A, ip: '10.0.0.1', part }, 'device.model', 'X', 0, 'enip');
    expect(JSON.stringify(deviceWith(inventoryOf([...adapter(A, '10.0.0.1'), told]), A).children).length).toBeLessThan(
      100_000,
    );
  });
});
