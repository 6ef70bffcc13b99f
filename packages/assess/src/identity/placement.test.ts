// Whose address is it: hosts, routers, spoofers, redundancy groups, loops. Each test is something met on real networks.
import { describe, expect, it } from 'vitest';
import {
  claims,
  device,
  devicesOf,
  deviceWith,
  inventoryOf,
  leased,
  sends,
  sendsBare,
  talks,
  tell,
} from '../testing/observations.ts';

const PLC = '00:1b:1b:00:00:01';
const PC = '00:1d:09:00:00:02';
const ROUTER = '00:1c:7f:00:00:0f';
const THIEF = '74:86:7a:00:00:0e';

const factsOf = (observations: Parameters<typeof inventoryOf>[0], address: string, kind: string) =>
  deviceWith(inventoryOf(observations), address).facts.filter((fact) => fact.kind === kind);
const whyOf = (observations: Parameters<typeof inventoryOf>[0], address: string) =>
  deviceWith(inventoryOf(observations), address)
    .joined.map(({ text }) => text)
    .join('\n');

describe('one adapter is one device', () => {
  it('an address and the adapter it sends from', () => {
    expect(devicesOf(sends(PLC, '10.0.0.1'))).toEqual([device(PLC, '10.0.0.1')]);
  });

  it('a device that changes its address stays one', () => {
    const before = [...sends(PLC, '10.0.0.1', 64, [0, 10]), claims(PLC, '10.0.0.1')];
    const after = [...sends(PLC, '10.0.0.77', 64, [20, 30]), claims(PLC, '10.0.0.77', 20)];
    expect(devicesOf([...before, ...after])).toEqual([device(PLC, '10.0.0.1', '10.0.0.77')]);
  });

  it('link-local and global IPv6 and IPv4 addresses of one adapter', () => {
    const all = ['10.0.0.1', 'fe80::21b:1bff:fe00:1', '2001:db8:1::5', '2001:db8:1::abcd:1'];
    expect(devicesOf(all.flatMap((ip) => sends(PLC, ip)))).toEqual([device(PLC, ...all)]);
  });

  it('many IPv6 addresses of one prefix: privacy extensions take a new one every day', () => {
    const all = Array.from({ length: 12 }, (_, i) => `2001:db8:1:2::${(i + 1).toString(16)}`);
    expect(devicesOf(all.flatMap((ip) => sends(PLC, ip)))).toEqual([device(PLC, ...all)]);
  });

  it('a link-local address used until DHCP gave one, and the address of nobody before that', () => {
    const observations = [
      ...sends(PC, '0.0.0.0'),
      ...sends(PC, '169.254.7.7', 128, 1),
      leased(PC, '10.0.0.20', 2),
      ...sends(PC, '10.0.0.20', 128, 3),
    ];
    expect(devicesOf(observations)).toEqual([device(PC, '169.254.7.7', '10.0.0.20')]);
  });

  it('a host of containers or virtual addresses that claims all of them by ARP', () => {
    const all = Array.from({ length: 7 }, (_, i) => `10.0.0.${i + 10}`);
    const observations = all.flatMap((ip) => [...sends(PC, ip), claims(PC, ip)]);
    expect(devicesOf(observations)).toEqual([device(PC, ...all)]);
  });

  it('two addresses that nobody claims, both sent directly', () => {
    const observations = [...sends(PLC, '192.168.3.250'), ...sends(PLC, '192.168.0.250')];
    expect(devicesOf(observations)).toEqual([device(PLC, '192.168.3.250', '192.168.0.250')]);
  });

  it('a default address that was only claimed while starting', () => {
    const observations = [claims(PLC, '192.168.0.60'), ...sends(PLC, '10.0.0.72', 64, 1), claims(PLC, '10.0.0.72', 1)];
    expect(devicesOf(observations)).toEqual([device(PLC, '10.0.0.72', '192.168.0.60')]);
  });

  it('an adapter that never sends IP', () => {
    expect(devicesOf(sends(PLC))).toEqual([device(PLC)]);
  });

  it('times to live chosen by hand or by a scanner do not make a router of it', () => {
    const ttls = [255, 57, 42, 45, 51].flatMap((ttl) => sends(PC, '192.168.1.178', ttl));
    expect(devicesOf([...ttls, claims(PC, '192.168.1.178')])).toEqual([device(PC, '192.168.1.178')]);
  });

  it('a start value of 30 or 60, as controllers and serial servers have', () => {
    expect(devicesOf([...sends(PLC, '10.0.0.1', 30), ...sends(PC, '10.0.0.2', 60)])).toEqual([
      device(PLC, '10.0.0.1'),
      device(PC, '10.0.0.2'),
    ]);
  });
});

describe('a DHCP address that changes hands is two devices', () => {
  const observations = [
    leased(PC, '10.0.0.50', 0),
    ...sends(PC, '10.0.0.50', 128, [1, 60]),
    tell({ ip: '10.0.0.50' }, 'dns.answer', 'office.example', 30),
    leased(PLC, '10.0.0.50', 100),
    ...sends(PLC, '10.0.0.50', 64, [101, 160]),
    tell({ ip: '10.0.0.50' }, 'dns.answer', 'press.example', 130),
  ];

  it('each with the address for its time', () => {
    expect(devicesOf(observations)).toEqual([device(PLC, '10.0.0.50'), device(PC, '10.0.0.50')]);
    const [first, second] = [PC, PLC].map((mac) =>
      deviceWith(inventoryOf(observations), mac).addresses.find(({ kind }) => kind === 'ipv4'),
    );
    expect(first?.last).toBeLessThan(second?.first ?? 0);
  });

  it('what is told of the address alone goes to whoever had it then', () => {
    expect(factsOf(observations, PC, 'dns.answer').map(({ value }) => value)).toEqual(['office.example']);
    expect(factsOf(observations, PLC, 'dns.answer').map(({ value }) => value)).toEqual(['press.example']);
  });
});

describe('a router', () => {
  it('and many addresses on the Internet behind it: it is one device, each of them another, outside', () => {
    const outside = ['104.16.66.50', '52.28.38.154', '54.186.215.173', '185.53.93.157', '130.83.253.186'];
    const observations = [
      claims(ROUTER, '10.10.10.1'),
      ...sends(ROUTER, '10.10.10.1'),
      ...outside.flatMap((ip, i) => [
        ...sends(ROUTER, ip, 50 - i),
        talks({ ip: '10.10.10.20', mac: PC }, `${ip}@${ROUTER}`),
      ]),
      ...sends(PC, '10.10.10.20', 128),
    ];
    expect(devicesOf(observations)).toEqual(
      [device(ROUTER, '10.10.10.1'), device(PC, '10.10.10.20'), ...outside].sort(),
    );
    const inventory = inventoryOf(observations);
    expect(outside.map((ip) => deviceWith(inventory, ip).outside)).toEqual(outside.map(() => true));
    expect(deviceWith(inventory, ROUTER).outside).toBe(false);
    expect(factsOf(observations, ROUTER, 'network.forwards')).toHaveLength(1);
    expect(deviceWith(inventory, ROUTER).role?.value).toBe('router');
  });

  it('with one host behind it: the host does not get its address, nor a device is made of it', () => {
    const observations = [...sends(ROUTER, '10.1.1.164', 52), ...sends(PC, '10.1.1.167', 128)];
    expect(devicesOf(observations)).toEqual([device(PC, '10.1.1.167'), '10.1.1.164']);
    expect(whyOf(observations, '10.1.1.164')).toContain('time to live of 52');
  });

  it('in front of one public address that still has its first time to live', () => {
    const observations = [
      ...sends(ROUTER, '3.15.227.20', 64),
      ...sends(PC, '192.168.1.6', 128),
      talks({ ip: '192.168.1.6', mac: PC }, `3.15.227.20@${ROUTER}`),
    ];
    expect(devicesOf(observations)).toEqual([device(PC, '192.168.1.6'), '3.15.227.20']);
    expect(deviceWith(inventoryOf(observations), '3.15.227.20').outside).toBe(true);
  });

  it('public addresses used inside a plant belong to their adapters', () => {
    const observations = [
      ...sends(PLC, '134.249.61.163', 30),
      ...sends(PC, '134.249.62.206', 128),
      talks({ ip: '134.249.62.206', mac: PC }, `134.249.61.163@${PLC}`),
    ];
    expect(devicesOf(observations)).toEqual([device(PLC, '134.249.61.163'), device(PC, '134.249.62.206')]);
  });

  it('seen on both sides: the server keeps its own adapter, the router is not a second one', () => {
    const observations = [
      ...sends(PLC, '10.50.1.50', 64, [0, 10]),
      ...sends(ROUTER, '10.50.1.50', 63, [0, 10]),
      ...sends(PC, '10.200.1.124', 128, [0, 10]),
    ];
    expect(devicesOf(observations)).toEqual([device(PLC, '10.50.1.50'), device(PC, '10.200.1.124')]);
    expect(whyOf(observations, PLC)).toContain('10.50.1.50');
  });

  it('seen on both sides where one side was captured without MAC addresses', () => {
    expect(devicesOf([...sendsBare('10.2.2.2', 64), ...sends(ROUTER, '10.2.2.2', 63)])).toEqual(['10.2.2.2']);
  });

  it('that speaks for itself and has two hosts behind it is three devices', () => {
    const observations = [...sends(ROUTER), ...sends(ROUTER, '10.99.8.88', 59), ...sends(ROUTER, '10.100.253.146', 62)];
    expect(devicesOf(observations)).toEqual([device(ROUTER), '10.100.253.146', '10.99.8.88']);
  });

  it('that answers ARP for others (proxy ARP) does not own what comes through it', () => {
    const observations = [
      claims(ROUTER, '10.0.0.1'),
      ...sends(ROUTER, '10.0.0.1'),
      claims(ROUTER, '10.0.0.200'),
      ...sends(ROUTER, '10.0.0.200', 63),
    ];
    expect(devicesOf(observations)).toEqual([device(ROUTER, '10.0.0.1'), '10.0.0.200']);
  });

  it('that answers ARP for a whole subnet makes no device of silent addresses', () => {
    const claimed = Array.from({ length: 40 }, (_, i) => claims(ROUTER, `10.0.5.${i + 1}`));
    expect(devicesOf([...claimed, claims(ROUTER, '10.0.0.1'), ...sends(ROUTER, '10.0.0.1')])).toEqual([
      device(ROUTER, '10.0.0.1'),
    ]);
  });

  it('in front of public addresses that a plant uses inside: also the one whose time to live could be a start value', () => {
    const remote = [
      ['130.126.7.1', 57],
      ['130.126.7.2', 60],
      ['130.126.7.3', 64],
    ] as const;
    const observations = [
      claims(ROUTER, '130.126.140.1'),
      ...remote.flatMap(([ip, ttl]) => [
        ...sends(ROUTER, ip, ttl),
        talks({ ip: '130.126.140.229', mac: PC }, `${ip}@${ROUTER}`),
      ]),
      ...sends(PC, '130.126.140.229', 128),
      claims(PC, '130.126.140.229'),
    ];
    expect(devicesOf(observations)).toEqual(
      [device(ROUTER, '130.126.140.1'), device(PC, '130.126.140.229'), ...remote.map(([ip]) => ip)].sort(),
    );
  });

  it('keeps a second address of its own beside those it forwards', () => {
    const observations = [
      claims(ROUTER, '10.40.1.1'),
      ...sends(ROUTER, '10.40.1.1'),
      ...sends(ROUTER, '10.50.1.1', 64),
      ...sends(ROUTER, '10.9.9.9', 61),
    ];
    expect(devicesOf(observations)).toEqual([device(ROUTER, '10.40.1.1', '10.50.1.1'), '10.9.9.9']);
  });
});

describe('one adapter in front of many', () => {
  it('more addresses than a host has, none of them claimed, are devices of their own', () => {
    const all = Array.from({ length: 40 }, (_, i) => `172.20.32.${i + 100}`);
    const devices = devicesOf(all.flatMap((ip) => sends(ROUTER, ip)));
    expect(devices).toEqual([device(ROUTER), ...all].sort());
  });

  it('two addresses that state different serial numbers are two devices behind it', () => {
    const observations = [
      ...sends(ROUTER, '10.0.0.1'),
      tell({ ip: '10.0.0.1', mac: ROUTER }, 'device.serial', 'A100', 0, 'snmp'),
      ...sends(ROUTER, '10.0.0.2'),
      tell({ ip: '10.0.0.2', mac: ROUTER }, 'device.serial', 'A200', 0, 'snmp'),
    ];
    expect(devicesOf(observations)).toEqual([device(ROUTER), '10.0.0.1', '10.0.0.2'].sort());
  });

  it('also where it claims both, as a wireless client that rewrites addresses does', () => {
    const observations = ['10.0.0.1', '10.0.0.2'].flatMap((ip) => [
      claims(ROUTER, ip),
      ...sends(ROUTER, ip),
      tell({ ip, mac: ROUTER }, 'bacnet.instance', ip === '10.0.0.1' ? 11 : 12, 0, 'bacnet'),
    ]);
    expect(devicesOf(observations)).toEqual([device(ROUTER), '10.0.0.1', '10.0.0.2'].sort());
  });

  it('frames from an adapter to itself: it tells no hosts apart (simulators, rewritten captures)', () => {
    const observations = [
      ...sends(PC, '10.0.0.1'),
      ...sends(PC, '10.0.0.2'),
      talks({ ip: '10.0.0.1', mac: PC }, `10.0.0.2@${PC}`),
    ];
    expect(devicesOf(observations)).toEqual(['10.0.0.1', '10.0.0.2']);
  });
});

describe('somebody between two hosts', () => {
  it('passes on packets of both: neither host gets its adapter, and it is a device', () => {
    const observations = [
      ...sends(PLC, '192.168.3.250', 64, [0, 10]),
      ...sends(PC, '192.168.3.18', 64, [0, 10]),
      ...sends(THIEF, '192.168.3.250', 63, [0, 10]),
      ...sends(THIEF, '192.168.3.18', 63, [0, 10]),
    ];
    expect(devicesOf(observations)).toEqual(
      [device(PLC, '192.168.3.250'), device(PC, '192.168.3.18'), device(THIEF)].sort(),
    );
    expect(factsOf(observations, THIEF, 'network.forwards')).toHaveLength(1);
  });

  it('passes them on without counting down: each host keeps the adapter that is only its own', () => {
    const observations = [
      ...sends(PLC, '192.168.3.250', 64, [0, 10]),
      ...sends(PC, '192.168.3.18', 64, [0, 10]),
      ...sends(THIEF, '192.168.3.250', 64, [0, 10]),
      ...sends(THIEF, '192.168.3.18', 64, [0, 10]),
    ];
    expect(devicesOf(observations)).toEqual(
      [device(PLC, '192.168.3.250'), device(PC, '192.168.3.18'), device(THIEF)].sort(),
    );
  });

  it('claims the addresses of others by ARP: they stay with those who send from them', () => {
    const observations = [
      ...sends(PLC, '192.168.3.250', 64, [0, 10]),
      ...sends(PC, '192.168.3.101', 64, [0, 10]),
      ...sends(THIEF, '192.168.3.55', 255, [2, 8]),
      claims(THIEF, '192.168.3.250', [2, 8]),
      claims(THIEF, '192.168.3.101', [2, 8]),
    ];
    expect(devicesOf(observations)).toEqual(
      [device(PLC, '192.168.3.250'), device(PC, '192.168.3.101'), device(THIEF, '192.168.3.55')].sort(),
    );
  });

  it('claims and passes on: the address stays with whose packets come directly', () => {
    const observations = [
      ...sends(PLC, '192.168.0.18', 64, [0, 10]),
      claims(THIEF, '192.168.0.18', [2, 8]),
      ...sends(THIEF, '192.168.0.18', 63, [2, 8]),
      claims(THIEF, '192.168.0.32', 2),
    ];
    expect(devicesOf(observations)).toEqual([device(PLC, '192.168.0.18'), device(THIEF, '192.168.0.32')].sort());
  });
});

describe('one address, two adapters', () => {
  it('in succession: two devices, as after a repair', () => {
    const observations = [...sends(PLC, '10.0.0.5', 64, [0, 10]), ...sends(PC, '10.0.0.5', 64, [500, 600])];
    expect(devicesOf(observations)).toEqual([device(PLC, '10.0.0.5'), device(PC, '10.0.0.5')]);
  });

  it('at the same time and claimed by neither: one device with two adapters (teaming)', () => {
    const observations = [...sends(PLC, '10.0.0.5', 64, [0, 10]), ...sends(PC, '10.0.0.5', 64, [1, 9])];
    expect(devicesOf(observations)).toEqual([device(PLC, PC, '10.0.0.5')]);
    expect(whyOf(observations, PLC)).toContain('at the same time');
  });

  it('at the same time in different VLANs: machines built alike, each with a controller at the same address', () => {
    const observations = [
      ...sends(PLC, '192.168.0.1', 64, [0, 10]),
      tell({ ip: '192.168.0.1', mac: PLC }, 'network.vlan', 10),
      ...sends(PC, '192.168.0.1', 64, [1, 9]),
      tell({ ip: '192.168.0.1', mac: PC }, 'network.vlan', 20),
    ];
    expect(devicesOf(observations)).toEqual([device(PLC, '192.168.0.1'), device(PC, '192.168.0.1')]);
  });

  it('at the same time and claimed by both: an address conflict of two devices', () => {
    const observations = [
      ...sends(PLC, '10.0.0.5', 64, [0, 10]),
      claims(PLC, '10.0.0.5', [0, 10]),
      ...sends(PC, '10.0.0.5', 64, [1, 9]),
      claims(PC, '10.0.0.5', [1, 9]),
    ];
    expect(devicesOf(observations)).toEqual([device(PLC, '10.0.0.5'), device(PC, '10.0.0.5')]);
  });

  it('an address that moves between two servers of a cluster is listed at both', () => {
    const observations = [
      ...sends(PLC, '10.0.0.11', 64, [0, 100]),
      claims(PLC, '10.0.0.11'),
      claims(PLC, '10.0.0.10', [0, 40]),
      ...sends(PLC, '10.0.0.10', 64, [0, 40]),
      ...sends(PC, '10.0.0.12', 64, [0, 100]),
      claims(PC, '10.0.0.12'),
      claims(PC, '10.0.0.10', [50, 100]),
      ...sends(PC, '10.0.0.10', 64, [50, 100]),
    ];
    expect(devicesOf(observations)).toEqual([
      device(PLC, '10.0.0.11', '10.0.0.10'),
      device(PC, '10.0.0.12', '10.0.0.10'),
    ]);
  });

  it('a flood of made-up adapters for one address ends, and makes no merged device', () => {
    const flood = Array.from({ length: 3000 }, (_, i) => {
      const mac = `02:00:00:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`;
      return sends(mac, '10.0.0.5', 64, i);
    }).flat();
    const observations = [...sends(PLC, '10.0.0.5', 64, [0, 3000]), claims(PLC, '10.0.0.5', [0, 3000]), ...flood];
    expect(devicesOf(observations)).toContain(device(PLC, '10.0.0.5'));
  });
});

describe('redundancy groups', () => {
  const VRRP = '00:00:5e:00:01:07';
  const STANDBY = '00:1c:7f:00:00:1f';

  it('advertisements from the virtual adapter do not take the address off the real one', () => {
    const observations = [
      ...sends(ROUTER, '10.0.0.2', 64, [0, 50]),
      claims(ROUTER, '10.0.0.2'),
      ...sends(VRRP, '10.0.0.2', 255, [0, 50]),
      ...sends(STANDBY, '10.0.0.3', 64, [0, 100]),
      claims(STANDBY, '10.0.0.3'),
      ...sends(VRRP, '10.0.0.3', 255, [51, 100]),
    ];
    expect(devicesOf(observations)).toEqual([device(ROUTER, '10.0.0.2'), device(STANDBY, '10.0.0.3')]);
  });

  it('the shared address is one of its own, marked as shared', () => {
    const observations = [
      ...sends(ROUTER, '10.0.0.2', 64),
      claims(ROUTER, '10.0.0.2'),
      claims(VRRP, '10.0.0.1'),
      ...sends(VRRP, '10.0.0.1', 255),
    ];
    expect(devicesOf(observations)).toEqual([device(VRRP, '10.0.0.1'), device(ROUTER, '10.0.0.2')]);
    expect(factsOf(observations, VRRP, 'address.shared-virtual')).toHaveLength(1);
  });

  it.each(['00:00:0c:07:ac:01', '00:00:0c:9f:f0:01', '00:07:b4:00:01:01', '02:bf:0a:00:00:05'])(
    '%s is no adapter of anybody',
    (mac) => {
      expect(devicesOf([...sends(ROUTER, '10.0.0.2'), ...sends(mac, '10.0.0.2')])).toEqual([
        device(ROUTER, '10.0.0.2'),
      ]);
    },
  );
});

describe('what is no device', () => {
  it('groups, broadcasts and the unspecified address', () => {
    const observations = ['224.0.0.1', '239.1.2.3', '255.255.255.255', '0.0.0.0', '::', 'ff02::1'].flatMap((ip) => [
      ...sendsBare(ip),
      ...sends('ff:ff:ff:ff:ff:ff', ip),
    ]);
    expect(devicesOf(observations)).toEqual([]);
  });

  it('hosts that were only talked to, asked for by ARP, resolved by DNS, or named by a relay', () => {
    const observations = [
      ...sends(PC, '10.0.0.1', 128),
      talks({ ip: '10.0.0.1', mac: PC }, `10.0.0.9@${PLC}`),
      tell({ ip: '10.0.0.10' }, 'dns.answer', 'silent.example'),
      tell({ ip: '10.0.0.11' }, 'service.role', 'dhcp-relay'),
    ];
    expect(devicesOf(observations)).toEqual([device(PC, '10.0.0.1')]);
    expect(inventoryOf(observations).conversations).toEqual([]);
  });

  it('the all-zero adapter of loopback captures: addresses count alone', () => {
    const ZERO = '00:00:00:00:00:00';
    expect(devicesOf([...sends(ZERO, '172.17.0.2'), ...sends(ZERO, '172.17.0.3')])).toEqual([
      '172.17.0.2',
      '172.17.0.3',
    ]);
  });

  it('a loopback address is not that of the adapter a simulator sends it from', () => {
    const observations = [...sends('00:01:01:00:00:01', '127.0.0.1'), ...sends('00:01:01:00:00:02', '127.0.0.1')];
    expect(devicesOf(observations)).toEqual(['127.0.0.1']);
  });

  it('a source address with the group bit set tells nothing; its IP address does', () => {
    expect(devicesOf(sends('11:22:33:44:55:66', '1.1.1.1'))).toEqual(['1.1.1.1']);
  });
});

describe('what nobody sent but DHCP and link-layer protocols prove', () => {
  it('a DHCP client behind a relay', () => {
    expect(devicesOf([leased(PC, '10.30.4.4', 0), leased(PC, '10.50.4.4', 9)])).toEqual([
      device(PC, '10.30.4.4', '10.50.4.4'),
    ]);
  });

  it('a switch that announces its management address', () => {
    const observations = [...sends(ROUTER), tell({ mac: ROUTER }, 'address.announced-ip', '10.0.0.253', 0, 'cdp')];
    expect(devicesOf(observations)).toEqual([device(ROUTER, '10.0.0.253')]);
  });

  it('an EUI-64 of a radio network', () => {
    expect(devicesOf(sends('00:1f:ee:00:00:00:00:70'))).toEqual(['00:1f:ee:00:00:00:00:70']);
  });
});
