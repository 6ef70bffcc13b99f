// The whole: names that stay, fields that are chosen, zones, roles, traffic; and that nothing said makes it fail.
import { FACT_KINDS, FACTS, type FactKind, type Observation } from '@interlock/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressesOf,
  claims,
  device,
  deviceWith,
  inventoryOf,
  leased,
  sends,
  sendsBare,
  talks,
  tell,
} from '../testing/observations.ts';
import { ROLE_RULES } from './roles.ts';

const A = '00:1b:1b:00:00:0a';
const B = '00:1d:09:00:00:0b';
const idOf = (observations: readonly Observation[], address: string) =>
  deviceWith(inventoryOf(observations), address).id;

describe('names of devices', () => {
  const plc = [...sends(A, '10.0.0.1', 64, 10), claims(A, '10.0.0.1', 10)];

  it('stay when captures are added and when the address changes', () => {
    const more = [...sends(A, '10.0.0.9', 64, 90), ...sends(B, '10.0.0.2')];
    expect(idOf([...more, ...plc], A)).toBe(idOf(plc, A));
  });

  it('stay when an earlier capture shows another of its adapters, if the caller hands in the old ones', () => {
    const chassis = (mac: string, when: number) =>
      tell({ mac }, 'address.announced-mac', '00:1b:1b:00:00:00', when, 'lldp');
    const later = [...sends(A, undefined, 64, 10), chassis(A, 10)];
    const earlier = [...sends('00:1b:1b:00:00:01', undefined, 64, 0), chassis('00:1b:1b:00:00:01', 0)];
    const old = idOf(later, A);
    const all = inventoryOf([...earlier, ...later], { knownIds: new Map([[A, old]]) });
    expect(deviceWith(all, A).id).toBe(old);
  });

  it('do not go to another device with the address, and stay where the adapter of an address becomes known', () => {
    const known = (observations: readonly Observation[]) =>
      new Map(
        inventoryOf(observations).devices.flatMap(({ id, addresses }) => addresses.map(({ value }) => [value, id])),
      );
    const other = [...sends(B, '10.0.0.1', 64, 500), claims(B, '10.0.0.1', 500)];
    const changed = inventoryOf(other, { knownIds: known(plc) });
    expect(deviceWith(changed, B).id).not.toBe(idOf(plc, A));
    const remote = sends('00:1c:7f:00:00:0f', '10.0.0.1', 62, 0);
    const near = inventoryOf([...remote, ...plc], { knownIds: known(remote) });
    expect(deviceWith(near, A).id).toBe(idOf(remote, '10.0.0.1'));
  });

  it('differ for every device', () => {
    const many = Array.from({ length: 3000 }, (_, i) => sendsBare(`10.${i >> 8}.${i & 255}.7`)).flat();
    const ids = inventoryOf(many).devices.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3000);
  });
});

describe('fields', () => {
  const base = [...sends(A, '10.0.0.1'), claims(A, '10.0.0.1')];
  const summary = (...facts: Observation[]) => deviceWith(inventoryOf([...base, ...facts]), A).summary;

  it('are empty where nothing says so', () => {
    expect(summary()).toEqual({});
  });
  it('an identity object of the maker wins over a banner, whatever came last', () => {
    const facts = [
      tell({ mac: A }, 'device.model', 'CPU 315', 0, 's7comm'),
      tell({ mac: A }, 'device.model', 'web server', 50, 'http'),
    ];
    expect(summary(...facts).model).toBe('CPU 315');
  });
  it('of one protocol the newest wins: firmware is updated', () => {
    const facts = [
      tell({ mac: A }, 'device.firmware', 'V2.8', 50, 's7comm'),
      tell({ mac: A }, 'device.firmware', 'V2.6', 0, 's7comm'),
    ];
    expect(summary(...facts).firmware).toBe('V2.8');
  });
  it('a name somebody gave wins over one from the factory', () => {
    const facts = [
      tell({ mac: A }, 'device.station-name', 'device', 0, 'pn-dcp'),
      tell({ mac: A }, 'device.hostname', 'oven-2', 0, 'dhcp'),
    ];
    expect(summary(...facts).name).toBe('oven-2');
  });
  it("the adapter's company stands in where no vendor is stated, and only for adapters of its own from the registry", () => {
    const vendorOfMac = (mac: string) => (mac.startsWith('00:1b:1b') ? 'Siemens AG' : 'Nobody Inc.');
    const told = [...base, ...sends('02:00:00:00:00:01', '10.0.0.5'), ...sends(B, '8.8.8.8', 50)];
    const inventory = inventoryOf(told, { vendorOfMac });
    expect(deviceWith(inventory, A).facts.find(({ kind }) => kind === 'device.vendor')).toMatchObject({
      value: 'Siemens AG',
      said: 'derived',
      protocol: 'oui',
    });
    expect(deviceWith(inventory, '10.0.0.5').summary.vendor).toBe(undefined);
    expect(deviceWith(inventory, '8.8.8.8').summary.vendor).toBe(undefined);
    const stated = inventoryOf([...base, tell({ mac: A }, 'device.vendor', 'Phoenix Contact', 0, 'http')], {
      vendorOfMac,
    });
    expect(deviceWith(stated, A).summary.vendor).toBe('Phoenix Contact');
  });
});

describe('zones', () => {
  const zone = (...observations: Observation[]) => deviceWith(inventoryOf(observations), A).zone;
  it('the usual size where no mask is told', () => {
    expect(zone(...sends(A, '10.20.30.40'))).toBe('10.20.30.0/24');
  });
  it('the mask that DHCP told, also for others in the subnet', () => {
    const told = [
      leased(B, '10.20.16.9'),
      tell({ mac: B }, 'network.mask', '255.255.240.0', 0, 'dhcp'),
      ...sends(A, '10.20.30.40'),
    ];
    expect(zone(...told)).toBe('10.20.16.0/20');
  });
  it('a mask with a hole is passed over', () => {
    const told = [
      leased(B, '10.20.30.9'),
      tell({ mac: B }, 'network.mask', '255.0.255.0', 0, 'dhcp'),
      ...sends(A, '10.20.30.40'),
    ];
    expect(zone(...told)).toBe('10.20.30.0/24');
  });
  it('the newest address, IPv6 where there is no other, the VLAN where there is none', () => {
    expect(zone(...sends(A, '10.0.0.1', 64, 0), ...sends(A, '10.0.7.1', 64, 50))).toBe('10.0.7.0/24');
    expect(zone(...sends(A, 'fd52:429e:c03c:8235::1'))).toBe('fd52:429e:c03c:8235::/64');
    expect(zone(...sends(A), tell({ mac: A }, 'network.vlan', 12))).toBe('vlan 12');
    expect(zone(...sends(A))).toBe(undefined);
  });
});

describe("networks of the plant's own", () => {
  const told = [...sends(A, '130.126.7.1', 57), ...sends(A, '130.126.7.2', 57), ...sends(A, '8.8.8.8', 57)];
  it('with public addresses behind a router are not outside', () => {
    const inventory = inventoryOf(told, { siteNetworks: ['130.126.0.0/16', 'nonsense', '1.2.3.4/99'] });
    expect(deviceWith(inventory, '130.126.7.1')).toMatchObject({ outside: false, zone: '130.126.7.0/24' });
    expect(deviceWith(inventory, '8.8.8.8').outside).toBe(true);
    expect(deviceWith(inventoryOf(told), '130.126.7.1').outside).toBe(true);
  });
});

describe('roles and levels', () => {
  const told = [
    ...sends(A, '10.0.0.1'),
    tell({ ip: '10.0.0.1', mac: A }, 'service.offered', { transport: 'tcp', port: 102, protocol: 's7comm' }),
    ...sends(B, '10.0.0.2', 128),
    talks({ ip: '10.0.0.2', mac: B }, `10.0.0.1@${A}`, 's7comm', 102),
  ];
  it('a controller by what it serves, its client by what it uses', () => {
    const inventory = inventoryOf(told);
    expect(deviceWith(inventory, A)).toMatchObject({ role: { value: 'plc' }, level: { value: 'control' } });
    expect(deviceWith(inventory, B)).toMatchObject({ role: { value: 'hmi' }, level: { value: 'supervision' } });
  });
  it('who loads programs into a controller is an engineering station', () => {
    const operation = { from: `10.0.0.2@${B}`, what: 'download block', kind: 'logic' as const };
    const inventory = inventoryOf([...told, tell({ ip: '10.0.0.1', mac: A }, 'operation', operation, 0, 's7comm')]);
    expect(deviceWith(inventory, B).role?.value).toBe('engineering-station');
    expect(
      deviceWith(inventory, B)
        .role?.reasons.map(({ text }) => text)
        .join(),
    ).toContain('download block');
    expect(inventory.operations).toMatchObject([{ what: 'download block', to: deviceWith(inventory, A).id, count: 1 }]);
  });
  it('nothing known gives no role and no level', () => {
    expect(deviceWith(inventoryOf(sends(A)), A)).toMatchObject({ level: { value: 'unknown' } });
    expect(deviceWith(inventoryOf(sends(A)), A).role).toBe(undefined);
  });
  it.each([
    ['device.type', 'Programmable Logic Controller', 'plc'],
    ['device.order-number', '6ES7 315-2EH14-0AB0', 'plc'],
    ['device.model', 'SINAMICS S120', 'drive'],
    ['device.model', 'ET 200SP IM155-6', 'remote-io'],
    ['device.type', 'Human-Machine Interface', 'hmi'],
    ['device.model', 'cisco WS-CE500-24TT', 'network-switch'],
    ['network.capabilities', 'bridge, wireless access point', 'access-point'],
    ['network.capabilities', 'bridge, telephone', 'phone'],
    ['network.capabilities', 'bridge', 'network-switch'],
    ['service.dns-sd', '_ipp._tcp.local', 'printer'],
    ['service.dns-sd', '_googlecast._tcp.local', 'media-player'],
    ['device.os', 'Windows Server 2019', 'server'],
    ['device.os', 'Windows 10', 'workstation'],
  ] as const)('%s "%s" is a %s', (kind, value, role) => {
    expect(deviceWith(inventoryOf([...sends(A), tell({ mac: A }, kind, value)]), A).role?.value).toBe(role);
  });
  it('every rule has a weight between 0 and 1', () => {
    for (const { weight } of ROLE_RULES) expect(weight > 0 && weight < 1).toBe(true);
  });
});

describe('traffic', () => {
  it('conversations of all addresses of two devices add up', () => {
    const told = [
      ...sends(A, '10.0.0.1'),
      ...sends(A, '10.0.0.9'),
      ...sends(B, '10.0.0.2', 128),
      talks({ ip: '10.0.0.2', mac: B }, `10.0.0.1@${A}`, 'modbus', 502, 0),
      talks({ ip: '10.0.0.2', mac: B }, `10.0.0.9@${A}`, 'modbus', 502, 5),
      talks({ ip: '10.0.0.2', mac: B }, '10.0.0.1', 'modbus', 502, 7),
    ];
    expect(inventoryOf(told).conversations).toMatchObject([{ packetsSent: 6, bytesReceived: 900, port: 502 }]);
  });
});

describe('sureness', () => {
  it('grows with what is known', () => {
    const steps = [
      sendsBare('10.0.0.1', 52),
      sends(A, '10.0.0.1'),
      [...sends(A, '10.0.0.1'), claims(A, '10.0.0.1')],
      [...sends(A, '10.0.0.1'), claims(A, '10.0.0.1'), tell({ mac: A }, 'device.serial', 'S C-1234', 0, 's7comm')],
    ].map((told) => deviceWith(inventoryOf(told), '10.0.0.1').sureness);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(new Set(steps).size).toBe(4);
    expect(steps.every((sureness) => sureness > 0 && sureness < 1)).toBe(true);
  });
});

describe('any observations', () => {
  const mac = fc.constantFrom(
    A,
    B,
    '00:00:00:00:00:00',
    '02:00:00:00:00:01',
    '00:00:5e:00:01:01',
    'ff:ff:ff:ff:ff:ff',
    'x',
    '',
  );
  const ip = fc.constantFrom(
    '10.0.0.1',
    '10.0.0.2',
    '8.8.8.8',
    '127.0.0.1',
    'fe80::1',
    '2001:db8::1',
    '0.0.0.0',
    '999.1.1.1',
    '::',
    '',
  );
  const subject = fc.record(
    { mac, ip, part: fc.constantFrom('cip:1/0', 'cip:1/0>cip:2/1', '>', '#', '') },
    { requiredKeys: [] },
  );
  const text = fc.constantFrom('10.0.0.1', A, B, 'S-1', 'unknown', '', '255.255.255.0', `10.0.0.2@${B}`);
  const anyValue = (kind: FactKind) => {
    const { type } = FACTS[kind];
    if (type === 'integer') return fc.integer({ min: 0, max: 300 });
    if (type === 'flag') return fc.constant(true);
    if (type === 'text') return text;
    return fc.record({
      peer: text,
      other: text,
      from: text,
      what: text,
      kind: fc.constant('write'),
      transport: fc.constant('tcp'),
      port: fc.nat(9),
      protocol: text,
      packetsSent: fc.nat(9),
      packetsReceived: fc.nat(9),
      bytesSent: fc.nat(9),
      bytesReceived: fc.nat(9),
    });
  };
  const LIKELY: FactKind[] = [
    'address.seen',
    'address.claimed-ip',
    'address.announced-ip',
    'address.announced-mac',
    'network.ttl',
    'device.serial',
    'device.model',
    'identity.same-device',
    'identity.different-device',
  ];
  const observation = fc
    .oneof(fc.constantFrom(...LIKELY), fc.constantFrom(...FACT_KINDS))
    .chain((kind) =>
      fc
        .tuple(subject, anyValue(kind), fc.nat(60))
        .map(([about, value, when]) => tell(about, kind, value as never, when)),
    );

  it('give an inventory in which no id occurs twice and every conversation has its ends', () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 60 }), (all) => {
        const { devices, conversations, operations } = inventoryOf(all);
        const ids = new Set(devices.map(({ id }) => id));
        expect(ids.size).toBe(devices.length);
        for (const { from, to } of [...conversations, ...operations]) expect(ids.has(from) && ids.has(to)).toBe(true);
        for (const found of devices) expect(found.first).toBeLessThanOrEqual(found.last);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('give the same devices in whatever order they come', () => {
    const partition = (all: readonly Observation[]) =>
      inventoryOf(all)
        .devices.map((found) => `${found.id} ${addressesOf(found)}`)
        .sort();
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 40 }), (all) => {
        expect(partition([...all].reverse())).toEqual(partition(all));
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it('told twice change nothing', () => {
    const told = [...sends(A, '10.0.0.1'), claims(A, '10.0.0.1')];
    expect(inventoryOf([...told, ...told]).devices.map(addressesOf)).toEqual([device(A, '10.0.0.1')]);
  });
});
