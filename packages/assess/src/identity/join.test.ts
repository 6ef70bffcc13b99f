// Several adapters, one device, and the other way round: what joins, what does not, and how either is explained.
import { describe, expect, it } from 'vitest';
import {
  claims,
  corrects,
  device,
  devicesOf,
  deviceWith,
  inventoryOf,
  leased,
  sends,
  sendsBare,
  tell,
} from '../testing/observations.ts';
import { Resolver } from './resolve.ts';

const A = '00:0e:8c:00:00:0a';
const B = '00:1b:1b:00:00:0b';
const C = '28:63:36:00:00:0c';
type Told = Parameters<typeof inventoryOf>[0];

/** Three adapters, each with an address that it claims, and what each states. */
const three = (states: (mac: string, ip: string) => Told): Told =>
  [A, B, C].flatMap((mac, i) => {
    const ip = `10.0.${i}.1`;
    return [claims(mac, ip, [0, 60]), ...sends(mac, ip, 64, [0, 60]), ...states(mac, ip)];
  });
const ALL = device(A, B, C, '10.0.0.1', '10.0.1.1', '10.0.2.1');
const EACH = [device(A, '10.0.0.1'), device(B, '10.0.1.1'), device(C, '10.0.2.1')];
const explain = (observations: Told, a: string, b: string) => {
  const resolver = new Resolver({ vendorOfMac: () => undefined });
  for (const observation of observations) resolver.add(observation);
  const { same, reasons } = resolver.explain(a, b);
  return { same, text: reasons.map((reason) => reason.text).join('\n') };
};

describe('a controller with three network cards is one device', () => {
  it('by its serial number and model', () => {
    const told = three((mac, ip) => [
      tell({ mac, ip }, 'device.serial', 'S C-X4U421302009', 0, 's7comm'),
      tell({ mac, ip }, 'device.model', 'CPU 319-3 PN/DP', 0, 's7comm'),
    ]);
    expect(devicesOf(told)).toEqual([ALL]);
    expect(
      deviceWith(inventoryOf(told), A)
        .joined.map(({ text }) => text)
        .join(),
    ).toContain('S C-X4U421302009');
  });

  it('by its LLDP chassis', () => {
    expect(devicesOf(three((mac) => [tell({ mac }, 'address.announced-mac', '00:0e:8c:00:00:00', 0, 'lldp')]))).toEqual(
      [device(A, B, C, '00:0e:8c:00:00:00', '10.0.0.1', '10.0.1.1', '10.0.2.1')],
    );
  });

  it('by its SNMP engine', () => {
    expect(devicesOf(three((mac, ip) => [tell({ mac, ip }, 'snmp.engine-id', '80001f8880e9bd', 0, 'snmp')]))).toEqual([
      ALL,
    ]);
  });
});

describe('switch ports', () => {
  it('join with the switch whose chassis they name', () => {
    const told = [
      ...sends(A),
      tell({ mac: A }, 'address.announced-mac', C, 0, 'lldp'),
      ...sends(B),
      tell({ mac: B }, 'address.announced-mac', C, 0, 'lldp'),
      ...sends(C, '10.0.0.1'),
      claims(C, '10.0.0.1'),
    ];
    expect(devicesOf(told)).toEqual([device(A, B, C, '10.0.0.1')]);
  });

  it('join with the adapter that has the management address they announce', () => {
    const told = [
      ...sends(A),
      tell({ mac: A }, 'address.announced-ip', '10.0.0.253', [0, 60], 'cdp'),
      claims(C, '10.0.0.253', 5),
      ...sends(C, '10.0.0.253', 255, [5, 40]),
    ];
    expect(devicesOf(told)).toEqual([device(A, C, '10.0.0.253')]);
  });

  it('of two switches with the same management address from the factory stay two', () => {
    const told = [A, B].flatMap((mac, i) => [
      ...sends(mac),
      tell({ mac }, 'address.announced-ip', '192.168.0.1', 0, 'lldp'),
      tell({ mac }, 'address.announced-mac', `28:63:36:00:00:f${i}`, 0, 'lldp'),
    ]);
    expect(devicesOf(told)).toHaveLength(2);
  });

  it('join by name and management address together', () => {
    const told = [A, B].flatMap((mac) => [
      ...sends(mac),
      tell({ mac }, 'address.announced-ip', '10.0.0.253', 0, 'cdp'),
      tell({ mac }, 'device.hostname', 'Ns5gt', 0, 'cdp'),
    ]);
    expect(devicesOf(told)).toEqual([device(A, B, '10.0.0.253')]);
  });
});

describe('what does not join', () => {
  it('names, however many agree', () => {
    const told = three((mac, ip) => [
      tell({ mac, ip }, 'device.hostname', 'press-3', 0, 'dhcp'),
      tell({ mac, ip }, 'netbios.name', 'PRESS-3', 0, 'netbios-ns'),
    ]);
    expect(devicesOf(told)).toEqual(EACH);
    const { same, text } = explain(told, '10.0.0.1', '10.0.1.1');
    expect(same).toBe(false);
    expect(text).toContain('press-3');
    expect(text).toContain('0.4 where 1 proves');
    expect(text).toContain('MAC address of its own');
  });

  it.each([
    ['device.serial', '00000000'],
    ['device.serial', 'unknown'],
    ['device.serial', '123456'],
    ['device.uuid', '00000000-0000-0000-0000-000000000000'],
    ['device.uuid', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
    ['network.chassis-id', 'switch'],
    ['network.chassis-id', 'eth0'],
    ['network.chassis-id', '192.168.0.1'],
    ['device.serial', 'To be filled by O.E.M.'],
  ] as const)('%s %s stands where nothing was filled in', (kind, value) => {
    const told = three((mac, ip) => [
      tell({ mac, ip }, kind, value, 0, 'snmp'),
      tell({ mac, ip }, 'device.model', 'X100', 0, 'snmp'),
    ]);
    expect(devicesOf(told)).toEqual(EACH);
  });

  it.each(['localhost', 'raspberrypi', 'linux', 'DEVICE'])(
    'the name %s with a copied DHCP client identifier',
    (name) => {
      const told = three((mac, ip) => [
        tell({ mac, ip }, 'device.hostname', name, 0, 'dhcp'),
        tell({ mac, ip }, 'dhcp.client-id', 'ff:00:00:00:01:00:02:00:00:ab:11', 0, 'dhcp'),
      ]);
      expect(devicesOf(told)).toEqual(EACH);
    },
  );

  it('a name from the factory that is also the DHCP client identifier', () => {
    const told = three((mac, ip) => [
      tell({ mac, ip }, 'device.hostname', 'iclass-reader', 0, 'dhcp'),
      tell({ mac, ip }, 'dhcp.client-id', 'iclass-reader', 0, 'dhcp'),
    ]);
    expect(devicesOf(told)).toEqual(EACH);
  });

  it('a serial number alone: makers do not know of each other', () => {
    expect(devicesOf(three((mac, ip) => [tell({ mac, ip }, 'device.serial', '4711-0815', 0, 'snmp')]))).toEqual(EACH);
  });

  it('a serial number that too many share', () => {
    const told = Array.from({ length: 12 }, (_, i) => {
      const mac = `00:1b:1b:00:01:${(i + 16).toString(16)}`;
      return [
        ...sends(mac, `10.0.0.${i + 1}`),
        tell({ mac, ip: `10.0.0.${i + 1}` }, 'device.serial', 'SN-4242', 0, 'modbus'),
      ];
    }).flat();
    expect(devicesOf(told)).toHaveLength(12);
  });

  it('clones: one serial number, both in use at once, but other models', () => {
    const told = [A, B].flatMap((mac, i) => {
      const ip = `10.0.0.${i + 1}`;
      return [
        claims(mac, ip),
        ...sends(mac, ip, 64, [0, 60]),
        tell({ mac, ip }, 'device.uuid', '3d1a0a6c-90f0-4a3e-a7fb-0c6f2e1f2a11', [0, 60], 'ssdp'),
        tell({ mac, ip }, 'device.model', `Model ${i}`, [0, 60], 'ssdp'),
      ];
    });
    expect(devicesOf(told)).toEqual([device(A, '10.0.0.1'), device(B, '10.0.0.2')]);
    const { same, text } = explain(told, `@${A}`, '10.0.0.2');
    expect(same).toBe(false);
    expect(text).toContain('but the model differs: Model 0 and Model 1');
  });

  it('one who speaks with the addresses of another: what it tells of itself over IP does not join both', () => {
    const told = [
      claims(A, '10.0.0.1', [0, 60]),
      ...sends(A, '10.0.0.1', 64, [0, 60]),
      claims(B, '10.0.0.66', [0, 60]),
      ...sends(B, '10.0.0.66', 64, [0, 60]),
      ...sends(B, 'fe80::21b:1bff:fe00:b', 255, [0, 60]),
      ...[
        { mac: A, ip: '10.0.0.1' },
        { mac: B, ip: '10.0.0.66' },
      ].flatMap((subject) => [
        tell(subject, 'device.hostname', 'attacker.local', 30, 'mdns'),
        tell(subject, 'address.announced-mac', B, 30, 'mdns'),
        tell(subject, 'address.announced-ip', 'fe80::21b:1bff:fe00:b', 30, 'mdns'),
      ]),
    ];
    expect(devicesOf(told)).toEqual([device(A, '10.0.0.1'), device(B, '10.0.0.66', 'fe80::21b:1bff:fe00:b')]);
  });

  it('an SNMP engine identifier of an emulated router, whose MAC address is made up', () => {
    const told = three((mac, ip) => [
      tell({ mac, ip }, 'snmp.engine-id', '800000090300aabbcc000100', 0, 'snmp'),
      tell({ mac, ip }, 'device.hostname', 'R1.lab.example', 0, 'snmp'),
    ]);
    expect(devicesOf(told)).toHaveLength(3);
  });

  it('an inner address that many hosts announce, as every container host does', () => {
    const told = three((mac, ip) => [tell({ mac, ip }, 'address.announced-ip', '172.17.0.1', 0, 'mdns')]);
    expect(devicesOf(told)).toEqual(EACH);
  });

  it('a chain of forged announcements is cut', () => {
    const mac = (i: number) =>
      `00:1b:1b:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`;
    const told = Array.from({ length: 2000 }, (_, i) => [
      ...sends(mac(i)),
      tell({ mac: mac(i) }, 'address.announced-mac', mac(i + 1), 0, 'lldp'),
    ]).flat();
    const sizes = inventoryOf(told).devices.map(({ addresses }) => addresses.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(513);
  });
});

describe('what joins without a MAC address', () => {
  it('a remote host that names its adapter is the one seen with it elsewhere', () => {
    const told = [
      ...sendsBare('10.9.9.9', 62),
      tell({ ip: '10.9.9.9' }, 'address.announced-mac', A, 0, 'netbios-ns'),
      ...sends(A, '10.0.0.1', 64, 500),
    ];
    expect(devicesOf(told)).toEqual([device(A, '10.0.0.1', '10.9.9.9')]);
  });

  it('a host with two cards, by copied client identifier and name together', () => {
    const told = [A, B].flatMap((mac, i) => [
      leased(mac, `10.0.0.${i + 1}`),
      tell({ mac }, 'dhcp.client-id', `ff:00:00:00:0${i}:00:03:00:01:b8:27:eb:00:00:42`, 0, 'dhcp'),
      tell({ mac }, 'device.hostname', 'press-3.plant.example', 0, 'dhcp'),
    ]);
    expect(devicesOf(told)).toEqual([device(A, B, '10.0.0.1', '10.0.0.2')]);
  });
});

describe("a person's word", () => {
  const two = [...sends(A, '10.0.0.1'), claims(A, '10.0.0.1'), ...sends(B, '10.0.0.2'), claims(B, '10.0.0.2')];

  it('joins what nothing joins', () => {
    const told = [...two, corrects({ mac: A }, 'identity.same-device', `@${B}`, 5)];
    expect(devicesOf(told)).toEqual([device(A, B, '10.0.0.1', '10.0.0.2')]);
    expect(explain(told, '10.0.0.1', '10.0.0.2')).toEqual({
      same: true,
      text: expect.stringContaining('I stood in front of it'),
    });
  });

  it('keeps apart what a serial number joins', () => {
    const told = [
      ...three((mac, ip) => [
        tell({ mac, ip }, 'device.serial', 'SN-1', 0, 'modbus'),
        tell({ mac, ip }, 'device.model', 'X100', 0, 'modbus'),
      ]),
      corrects({ mac: A }, 'identity.different-device', `@${B}`, 5),
    ];
    expect(devicesOf(told)).toEqual([device(A, C, '10.0.0.1', '10.0.2.1'), device(B, '10.0.1.1')]);
    expect(explain(told, `@${A}`, `@${B}`)).toEqual({
      same: false,
      text: expect.stringContaining('I stood in front of it'),
    });
  });

  it('takes an address off an adapter, also one that is claimed', () => {
    const told = [...sends(A, '10.0.0.1'), claims(A, '10.0.0.1'), ...sends(A, '10.0.0.2'), claims(A, '10.0.0.2')];
    expect(devicesOf([...told, corrects({ ip: '10.0.0.1' }, 'identity.different-device', '10.0.0.2')])).toEqual([
      device(A, '10.0.0.1'),
      '10.0.0.2',
    ]);
    expect(devicesOf([...told, corrects({ mac: A }, 'identity.different-device', '10.0.0.1')])).toEqual([
      device(A, '10.0.0.2'),
      '10.0.0.1',
    ]);
  });

  it('said later about the same two wins, whichever way round', () => {
    const first = corrects({ mac: A }, 'identity.same-device', `@${B}`, 5);
    const second = corrects({ mac: B }, 'identity.different-device', `@${A}`, 9);
    expect(devicesOf([...two, first, second])).toHaveLength(2);
    expect(devicesOf([...two, second, first])).toHaveLength(2);
    expect(devicesOf([...two, first, second, corrects({ mac: A }, 'identity.same-device', `@${B}`, 12)])).toHaveLength(
      1,
    );
  });

  it('names a device', () => {
    const named = tell({ mac: A }, 'identity.name', 'Press 3', 5, 'person');
    const told = [...two, tell({ mac: A }, 'device.station-name', 'plcxb1d0ed', 0, 'pn-dcp'), named];
    expect(deviceWith(inventoryOf(told), A).summary.name).toBe('Press 3');
  });

  it('about addresses nobody has changes nothing', () => {
    const told = [
      ...two,
      corrects({ ip: '1.2.3.4' }, 'identity.same-device', `@${B}`),
      corrects({ mac: A }, 'identity.same-device', ''),
    ];
    expect(devicesOf(told)).toEqual(devicesOf(two));
  });
});

describe('explanations', () => {
  const told = [...sends(A, '10.0.0.1'), claims(A, '10.0.0.1'), ...sends(B, '10.9.9.9', 52), ...sends(B)];

  it('of an address and its adapter', () => {
    expect(explain(told, '10.0.0.1', `@${A}`)).toEqual({
      same: true,
      text: expect.stringContaining('claims 10.0.0.1 by ARP'),
    });
  });
  it('of an address behind a router and the router', () => {
    expect(explain(told, '10.9.9.9', `@${B}`)).toEqual({
      same: false,
      text: expect.stringContaining("is a router's address"),
    });
  });
  it('of two strangers', () => {
    expect(explain(told, `@${A}`, `@${B}`)).toEqual({
      same: false,
      text: expect.stringContaining('no identifier is stated by both'),
    });
  });
  it('of something that never sent', () => {
    expect(explain(told, '10.0.0.1', '10.0.0.200')).toEqual({
      same: false,
      text: expect.stringContaining('is no device'),
    });
  });
});
