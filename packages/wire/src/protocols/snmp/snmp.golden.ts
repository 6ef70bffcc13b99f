// Written by hand after RFC 3416, RFC 3412 and RFC 3414: a switch walked by its manager, a chassis with modules, a UPS, a
// printer, settings that are done and refused, traps of the device and of another, and the three levels of version 3.
import { type Bytes, ber, capture, fromClient, fromServer, tcp, udpExchange, write } from '../../testing/index.ts';

const MANAGER = '10.5.0.9';

/** Object identifier: two numbers in the first byte, the others in groups of seven bits (X.690 section 8.19). */
function oid(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const out = write().u8(40 * first + second);
  for (const number of rest) {
    const groups = [number & 0x7f];
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift(0x80 | (left & 0x7f));
    out.u8(...groups);
  }
  return ber(0x06, out);
}
const integer = (value: number) => ber(0x02, value < 128 ? write().u8(value) : write().u32(value));
const octets = (content: Bytes | string) => ber(0x04, typeof content === 'string' ? write().text(content) : content);
const ticks = (value: number) => ber(0x43, write().u32(value));
const address = (value: string) => ber(0x40, write().ipv4(value));
const NULL = ber(0x05);
const NO_SUCH = ber(0x80);

const variable = (name: string, value: Bytes) => ber(0x30, oid(name), value);
const pdu = (tag: number, request: number, error: number, ...variables: Bytes[]) =>
  ber(tag, integer(request), integer(error), integer(0), ber(0x30, ...variables));
const community = (version: number, name: string, body: Bytes) => ber(0x30, integer(version), octets(name), body);
const [GET, NEXT, RESPONSE, SET, TRAP1, BULK, TRAP2, REPORT] = [
  0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa7, 0xa8,
] as const;

let request = 0;
/** A question and the answer to it, of version 2c unless said otherwise. */
const walk = (answers: readonly (readonly [string, Bytes])[], name = 'public', version = 1) => {
  request++;
  return [
    fromClient(community(version, name, pdu(NEXT, request, 0, ...answers.map(([object]) => variable(object, NULL))))),
    fromServer(
      community(version, name, pdu(RESPONSE, request, 0, ...answers.map(([object, value]) => variable(object, value)))),
    ),
  ];
};

const SYSTEM = '1.3.6.1.2.1.1';
const ENTITY = '1.3.6.1.2.1.47.1.1.1.1';
const SIEMENS = '1.3.6.1.4.1.4329.6.3.2.1.1';

const siemens = udpExchange({ client: MANAGER, server: '10.5.0.20', port: 161 }, [
  ...walk([
    [
      `${SYSTEM}.1.0`,
      octets(
        'Siemens, SIMATIC NET, SCALANCE XC208, 6GK5 208-0BA00-2AC2, HW: Version 2, FW: Version V04.04.00, SVPM1234567',
      ),
    ],
    [`${SYSTEM}.2.0`, oid('1.3.6.1.4.1.4329.6.1.2.20')],
    [`${SYSTEM}.3.0`, ticks(8_640_000)],
    [`${SYSTEM}.4.0`, octets('maintenance@plant.example')],
    [`${SYSTEM}.5.0`, octets('sw-cell-2')],
    [`${SYSTEM}.6.0`, octets('Hall 2, cabinet 7')],
  ]),
  ...walk([
    [`${SYSTEM}.3.0`, ticks(8_640_500)], // told once per conversation
    [`${SIEMENS}.2.0`, octets('6GK5 208-0BA00-2AC2')],
    [`${SIEMENS}.3.0`, octets('SVPM1234567')],
    [`${SIEMENS}.4.0`, octets('2')],
    [`${SIEMENS}.5.0`, octets('V04.04.00')],
    [`${SIEMENS}.8.0`, octets('=A1.C2')],
    [`${SIEMENS}.9.0`, octets('Hall 2')],
  ]),
  ...walk([
    ['1.3.6.1.2.1.2.2.1.6.1', octets(write().mac('00:1b:1b:05:00:01'))],
    ['1.3.6.1.2.1.2.2.1.6.2', octets(write().mac('02:00:00:00:00:04'))], // made up inside the device
    ['1.3.6.1.2.1.2.2.1.6.3', octets('')],
    ['1.3.6.1.2.1.4.20.1.1.10.5.0.20', address('10.5.0.20')],
    ['1.3.6.1.2.1.4.20.1.1.127.0.0.1', address('127.0.0.1')],
    ['1.3.6.1.2.1.4.34.1.4.1.4.10.5.1.20', integer(1)],
    ['1.3.6.1.2.1.4.34.1.4.1.4.10.5.1.255', integer(3)], // broadcast
    ['1.3.6.1.2.1.17.1.1.0', octets(write().mac('00:1b:1b:05:00:00'))],
    ['1.0.8802.1.1.2.1.3.2.0', octets(write().mac('00:1b:1b:05:00:00'))],
    ['1.0.8802.1.1.2.1.3.8.1.3.1.4.10.5.0.20', integer(5)],
    ['1.0.8802.1.1.2.1.4.1.1.5.0.3.1', octets('pump-control')],
    ['1.0.8802.1.1.2.1.4.1.1.5.0.4.2', octets(write().mac('00:1b:1b:aa:00:01'))],
    ['1.3.6.1.2.1.1.9.1.2.1', NO_SUCH],
  ]),
]);

// A chassis is the device; the module in it has a serial number too, and is not.
const chassis = udpExchange({ client: MANAGER, server: '10.5.0.21', port: 161, clientPort: 50_001 }, [
  fromClient(community(1, 'plant-read', pdu(BULK, 900, 0, variable(`${ENTITY}.5`, NULL)))),
  fromServer(
    community(
      1,
      'plant-read',
      pdu(
        RESPONSE,
        900,
        0,
        variable(`${ENTITY}.5.1`, integer(11)),
        variable(`${ENTITY}.5.1001`, integer(3)),
        variable(`${ENTITY}.5.1002`, integer(9)),
        variable(`${ENTITY}.8.1001`, octets('V05')),
        variable(`${ENTITY}.9.1001`, octets('15.2(4r)E3')),
        variable(`${ENTITY}.10.1001`, octets('15.2(7)E2')),
        variable(`${ENTITY}.11.1`, octets('')),
        variable(`${ENTITY}.11.1001`, octets('FOC2011Y0AB')),
        variable(`${ENTITY}.11.1002`, octets('FOC1999Z0CD')),
        variable(`${ENTITY}.12.1001`, octets('Cisco')),
        variable(`${ENTITY}.13.1001`, octets('WS-C3850-24T')),
        variable(`${ENTITY}.15.1001`, octets('INV-4711')),
        variable('1.3.6.1.4.1.9.9.23.1.2.1.1.6.3.7', octets('sw-cell-3')),
      ),
    ),
  ),
]);

const power = udpExchange({ client: MANAGER, server: '10.5.0.22', port: 161, clientPort: 50_002 }, [
  ...walk(
    [
      ['1.3.6.1.2.1.33.1.1.1.0', octets('Stromwerk')],
      ['1.3.6.1.2.1.33.1.1.2.0', octets('USV 3000')],
      ['1.3.6.1.2.1.33.1.1.3.0', octets('UPS 07.9')],
      ['1.3.6.1.2.1.33.1.1.5.0', octets('UPS of server room')],
      [`${SYSTEM}.5.0`, octets('(none)')], // a name that nobody gave
      ['1.3.6.1.4.1.318.1.1.1.1.2.3.0', octets('N/A')],
    ],
    'private',
    0,
  ),
]);

const printer = udpExchange({ client: MANAGER, server: '10.5.0.23', port: 161, clientPort: 50_003 }, [
  ...walk([
    ['1.3.6.1.2.1.25.3.2.1.2.1', oid('1.3.6.1.2.1.25.3.1.5')],
    ['1.3.6.1.2.1.25.3.2.1.3.1', octets('LabelJet 400')],
    ['1.3.6.1.2.1.25.3.2.1.3.2', octets('Network adapter')],
    ['1.3.6.1.2.1.43.5.1.1.17.1', octets('VNB1234567')],
    ['1.3.6.1.4.1.2699.1.2.1.2.1.1.3.1', octets('MFG:Druckwerk;CMD:PJL;MDL:LabelJet 400;CLS:PRINTER;SN:VNB1234567;')],
    [
      `${SYSTEM}.1.0`,
      octets('Hardware: Intel64 Family 6 - Software: Windows Version 10.0 (Build 17763 Multiprocessor Free)'),
    ],
    ['1.3.6.1.4.1.8691.7.116.1.2.0', octets('IKS-6726A')],
    ['1.3.6.1.4.1.8691.7.116.1.4.0', octets('V5.2')],
    [`${SYSTEM}.2.0`, oid('1.3.6.1.4.1.8072.3.2.10')], // an agent for any hardware
  ]),
]);

const settings = udpExchange({ client: MANAGER, server: '10.5.0.20', port: 161, clientPort: 50_004 }, [
  fromClient(community(1, 'plant-write', pdu(SET, 70, 0, variable(`${SYSTEM}.5.0`, octets('sw-cell-2'))))),
  fromServer(community(1, 'plant-write', pdu(RESPONSE, 70, 0, variable(`${SYSTEM}.5.0`, octets('sw-cell-2'))))),
  fromClient(
    community(
      1,
      'plant-write',
      pdu(SET, 71, 0, ...[1, 2, 3, 4].map((port) => variable(`1.3.6.1.2.1.2.2.1.7.${port}`, integer(2)))),
    ),
  ),
  fromServer(community(1, 'plant-write', pdu(RESPONSE, 71, 17))), // not writable
  fromClient(community(1, 'plant-write', pdu(SET, 72, 0, variable(`${SYSTEM}.6.0`, octets('Hall 3'))))), // no answer
]);

/** Enterprise, agent, generic and specific number, time (RFC 1157 section 4.1.6). */
const trap1 = (enterprise: string, agent: string, generic: number, ...variables: Bytes[]) =>
  community(
    0,
    'public',
    ber(TRAP1, oid(enterprise), address(agent), integer(generic), integer(0), ticks(100), ber(0x30, ...variables)),
  );
const traps = udpExchange({ client: '10.5.0.24', server: MANAGER, port: 162, clientPort: 50_005 }, [
  fromClient(trap1('1.3.6.1.4.1.248.14.10.41', '10.5.0.24', 0)),
  // Specific to a MIB that is not the device's maker's.
  fromClient(trap1('1.3.6.1.4.1.318', '10.5.0.24', 6)),
  // Passed on for another device.
  fromClient(trap1('1.3.6.1.4.1.4346.11', '10.5.0.77', 0, variable(`${SYSTEM}.5.0`, octets('other-device')))),
  fromClient(
    community(
      1,
      'public',
      pdu(TRAP2, 5, 0, variable(`${SYSTEM}.3.0`, ticks(100)), variable(`${SYSTEM}.5.0`, octets('sw-hall-4'))),
    ),
  ),
  fromClient(
    community(
      1,
      'public',
      pdu(TRAP2, 6, 0, variable('1.3.6.1.6.3.18.1.3.0', address('10.5.0.78')), variable(`${SYSTEM}.5.0`, octets('x'))),
    ),
  ),
]);

/** Version 3: identifier, size, flags, security model; security parameters; scoped PDU or its encrypted form. */
const secured = (flags: number, engine: Bytes, user: string, body: Bytes) =>
  ber(
    0x30,
    integer(3),
    ber(0x30, integer(1), integer(65507), octets(write().u8(flags)), integer(3)),
    octets(ber(0x30, octets(engine), integer(1), integer(200), octets(user), octets(''), octets(''))),
    body,
  );
const scoped = (engine: Bytes, body: Bytes) => ber(0x30, octets(engine), octets(''), body);
const NOTHING = new Uint8Array(0);
const MAC_ENGINE = write().hex('800010e9 03').mac('00:1b:1b:06:00:01').build();
const IP_ENGINE = write().hex('800010e9 01').ipv4('10.5.9.31').build();

const version3 = udpExchange({ client: MANAGER, server: '10.5.0.30', port: 161, clientPort: 50_006 }, [
  fromClient(secured(4, NOTHING, '', scoped(NOTHING, pdu(GET, 1, 0)))),
  fromServer(
    secured(0, MAC_ENGINE, '', scoped(MAC_ENGINE, pdu(REPORT, 1, 0, variable('1.3.6.1.6.3.15.1.1.4.0', ticks(1))))),
  ),
  fromClient(secured(4, MAC_ENGINE, 'viewer', scoped(MAC_ENGINE, pdu(GET, 2, 0, variable(`${SYSTEM}.5.0`, NULL))))),
  fromServer(
    secured(
      0,
      MAC_ENGINE,
      'viewer',
      scoped(MAC_ENGINE, pdu(RESPONSE, 2, 0, variable(`${SYSTEM}.5.0`, octets('sw-hall-5')))),
    ),
  ),
]);
const encrypted = udpExchange({ client: MANAGER, server: '10.5.0.31', port: 161, clientPort: 50_007 }, [
  fromClient(secured(7, IP_ENGINE, 'operator', octets(write().hex('00112233')))),
  fromServer(secured(3, IP_ENGINE, 'operator', octets(write().hex('44556677')))),
]);

const overTcp = tcp({ client: MANAGER, server: '10.5.0.32', port: 161, clientPort: 50_008 }, [
  ...walk([[`${SYSTEM}.5.0`, octets('rtu-9')]]),
]);
// Cut off in its list: what stands before it counts.
const whole = community(
  1,
  'public',
  pdu(RESPONSE, 99, 0, variable(`${SYSTEM}.5.0`, octets('rtu-10')), variable(`${SYSTEM}.6.0`, octets('Hall 9'))),
);
const broken = udpExchange({ client: MANAGER, server: '10.5.0.33', port: 161, clientPort: 50_009 }, [
  fromServer(write().bytes(whole.slice(0, -18)).hex('30 84 ffffffff').zeros(12)),
]);

/** Every secret in the golden capture. */
export const secrets = ['public', 'private', 'plant-read', 'plant-write'];

export const golden = capture('SNMP: what agents answer, settings, traps, version 3', [
  siemens,
  chassis,
  power,
  printer,
  settings,
  traps,
  version3,
  encrypted,
  overTcp,
  broken,
]);
