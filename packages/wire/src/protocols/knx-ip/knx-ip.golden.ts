// Written by hand after the KNX Standard (3/8 for the services, 3/6/3 for the messages within them). A search and its
// answers, a tunnel in which a light is switched and a device restarted, routing by multicast, management, and security.
import {
  type Bytes,
  bytesOf,
  capture,
  fromClient,
  fromServer,
  hex,
  tcp,
  udp,
  udpExchange,
  write,
} from '../../testing/index.ts';

/** The access key of a device, which no fact and no frame may show. */
export const secrets = ['Kx7!'];

const service = (type: number, ...content: Bytes[]) => {
  const body = write()
    .bytes(...content)
    .build();
  return write()
    .hex('0610')
    .u16(type, 6 + body.length)
    .bytes(body)
    .build();
};
const endpoint = (ip: string, port: number, protocol = 1) => write().u8(8, protocol).ipv4(ip).u16(port).build();
const block = (type: number, content: Bytes) => {
  const body = bytesOf(content);
  return write()
    .u8(2 + body.length, type)
    .bytes(body)
    .build();
};
const individual = (area: number, line: number, device: number) => (area << 12) | (line << 8) | device;
const deviceInformation = (name: string, serial: string, mac: string, address: number, status = 0) =>
  block(1, write().u8(0x20, status).u16(address, 0x0123).hex(serial).ipv4('224.0.23.12').mac(mac).text(name, 30));
const FAMILIES = block(2, hex('0202 0302 0402 0501'));

/** Connection header and a message. */
const tunnelled = (type: number, sequence: number, message: Bytes) =>
  service(type, write().u8(4, 1, sequence, 0), message);
/** Data message: code, no additional information, ends, then service and value in hex. */
const dataMessage = (code: number, from: number, to: number, isGroup: boolean, content: string, control = 0xbc) => {
  const body = hex(content);
  return write()
    .u8(code, 0, control, isGroup ? 0xe0 : 0x60)
    .u16(from, to)
    .u8(body.length - 1)
    .bytes(body)
    .build();
};
const group = (main: number, middle: number, sub: number) => (main << 11) | (middle << 8) | sub;
const property = (code: number, object: number, id: number, content: Bytes, count = 1) =>
  write()
    .u8(code)
    .u16(object)
    .u8(1, id)
    .u16((count << 12) | 1)
    .bytes(content)
    .build();

const ROUTER_MAC = '00:0e:8c:12:34:56';
const search = udp(
  { from: '10.10.0.2', fromPort: 51_900, to: '224.0.23.12', toPort: 3671 },
  service(0x0201, endpoint('10.10.0.2', 51_900)),
);
const found = udp(
  { from: '10.10.0.10', fromPort: 3671, to: '10.10.0.2', toPort: 51_900 },
  service(
    0x0202,
    endpoint('10.10.0.10', 3671),
    deviceInformation('KNX Router OG1', '00c512345678', ROUTER_MAC, individual(1, 1, 0), 1),
    FAMILIES,
  ),
);
const foundExtended = udp(
  { from: '10.10.0.11', fromPort: 3671, to: '10.10.0.2', toPort: 51_900 },
  service(
    0x020c,
    endpoint('0.0.0.0', 3671),
    deviceInformation('', '000000000000', '00:00:00:00:00:00', 0xffff),
    block(2, hex('0202 0402 0901 6301')),
    block(6, hex('0401')),
    block(4, write().ipv4('10.10.0.11').ipv4('255.255.255.0').ipv4('10.10.0.1').ipv4('0.0.0.0').u8(4, 0)),
  ),
);

const LIGHT = group(1, 2, 3);
const VALVE = individual(1, 1, 17);
const TUNNEL = individual(1, 1, 250);
const say = (sequence: number, to: number, isGroup: boolean, content: string) =>
  fromClient(tunnelled(0x0420, sequence, dataMessage(0x11, 0, to, isGroup, content)));
const confirm = (sequence: number, to: number, isGroup: boolean, content: string, control?: number) =>
  fromServer(tunnelled(0x0420, sequence, dataMessage(0x2e, TUNNEL, to, isGroup, content, control)));

const tunnel = udpExchange({ client: '10.10.0.2', server: '10.10.0.10', port: 3671, clientPort: 51_901 }, [
  fromClient(service(0x0203, endpoint('10.10.0.2', 51_901))),
  fromServer(
    service(0x0204, deviceInformation('KNX Router OG1', '00c512345678', ROUTER_MAC, individual(1, 1, 0)), FAMILIES),
  ),
  fromClient(service(0x0205, endpoint('10.10.0.2', 51_901), endpoint('10.10.0.2', 51_901), hex('04040200'))),
  fromServer(service(0x0206, hex('0100'), endpoint('10.10.0.10', 3671), write().u8(4, 4).u16(TUNNEL))),
  say(0, LIGHT, true, '0081'),
  fromServer(service(0x0421, hex('04010000'))),
  confirm(0, LIGHT, true, '0081'),
  say(1, group(4, 0, 17), true, '00800c1a'),
  confirm(1, group(4, 0, 17), true, '00800c1a', 0xbd), // nobody on the bus took it
  say(2, LIGHT, true, '0000'),
  fromServer(tunnelled(0x0420, 2, dataMessage(0x29, individual(1, 1, 5), LIGHT, true, '0041'))),
  say(3, VALVE, false, '80'), // connects to the device
  say(4, VALVE, false, `43d100${[...(secrets[0] ?? '')].map((one) => one.charCodeAt(0).toString(16)).join('')}`),
  say(5, VALVE, false, '43d100ffffffff'),
  say(6, VALVE, false, '47d7000a1001 02'),
  say(7, VALVE, false, '42824000 1122'),
  say(8, VALVE, false, '4380'),
  fromClient(service(0x0424, hex('04010900 0300'))),
  fromClient(tunnelled(0x0420, 9, hex('1100bc'))), // ends within the message
]);

const management = udpExchange({ client: '10.10.0.2', server: '10.10.0.12', port: 3671, clientPort: 51_902 }, [
  fromClient(service(0x0205, endpoint('10.10.0.2', 51_902), endpoint('10.10.0.2', 51_902), hex('0203'))),
  fromServer(service(0x0206, hex('0200'), endpoint('10.10.0.12', 3671), hex('0203'))),
  fromClient(tunnelled(0x0310, 0, property(0xfc, 0, 11, hex('')))),
  fromServer(tunnelled(0x0310, 0, property(0xfb, 0, 11, hex('0083 0badcafe')))),
  fromServer(tunnelled(0x0310, 1, property(0xfb, 0, 15, write().text('KIP-100.03'), 1))),
  fromServer(tunnelled(0x0310, 2, property(0xfb, 0, 21, write().text('Interface cellar')))),
  fromServer(tunnelled(0x0310, 3, property(0xfb, 11, 76, write().text('Cellar').zeros(10)))),
  fromServer(tunnelled(0x0310, 4, property(0xfb, 11, 99, hex('07'), 0))), // refused
  fromClient(tunnelled(0x0310, 4, property(0xf6, 11, 52, hex('10')))),
  fromClient(tunnelled(0x0310, 5, hex('f1'))),
  fromClient(service(0x0743, hex('00'))),
]);

/** Over TCP: no more connections, then a secure session. */
const secured = tcp({ client: '10.10.0.3', server: '10.10.0.13', port: 3671, clientPort: 51_903 }, [
  fromClient(service(0x0205, endpoint('0.0.0.0', 0, 2), endpoint('0.0.0.0', 0, 2), hex('04040200'))),
  fromServer(service(0x0206, hex('0024'))),
  fromClient(service(0x0951, endpoint('0.0.0.0', 0, 2), write().zeros(32))),
  fromServer(service(0x0950, write().zeros(40))),
  fromClient(service(0x0950, write().zeros(40))),
]);

const routed = udp(
  { from: '10.10.0.10', fromPort: 3671, to: '224.0.23.12', toPort: 3671 },
  service(0x0530, dataMessage(0x29, individual(1, 1, 5), LIGHT, true, '0080')),
);
const oddPort = udp(
  { from: '10.10.0.66', fromPort: 40_000, to: '10.10.0.10', toPort: 13_671 },
  service(0x0420, hex('04010000'), dataMessage(0x11, 0, LIGHT, true, '0081')),
);

export const golden = capture('KNXnet/IP: search, tunnel, management, security, routing', [
  search,
  found,
  foundExtended,
  tunnel,
  management,
  secured,
  routed,
  oddPort,
]);
