// Written by hand after the AMS/TCP and ADS pages of the Beckhoff Information System; discovery after what traffic shows.
// A tool searches, enters a route and works with a controller, behind which is another.
import {
  type Bytes,
  type ByteWriter,
  capture,
  fromClient,
  fromServer,
  tcp,
  udp,
  udpExchange,
  write,
} from '../../testing/index.ts';

const CLIENT = '0a 06 00 05 01 01';
const CONTROLLER = '05 13 aa 20 01 01';
const MASTER_BEHIND = '05 13 aa 20 04 01';
const SYSTEM = 10_000;
const PLC = 851;

interface Route {
  readonly to: string;
  readonly toPort: number;
  readonly from: string;
  readonly fromPort: number;
}
const ams = (route: Route, command: number, flags: number, invoke: number, data: Bytes, error = 0) =>
  write()
    .u16(0)
    .lengthPrefixed32le(
      write()
        .hex(route.to)
        .u16le(route.toPort)
        .hex(route.from)
        .u16le(route.fromPort)
        .u16le(command, flags)
        .u32le(write().bytes(data).build().length, error, invoke)
        .bytes(data),
    );
const ask = (port: number, command: number, invoke: number, data: Bytes = write(), to = CONTROLLER) =>
  fromClient(ams({ to, toPort: port, from: CLIENT, fromPort: 32_800 }, command, 4, invoke, data));
const reply = (port: number, command: number, invoke: number, data: Bytes, from = CONTROLLER, error = 0) =>
  fromServer(ams({ to: CLIENT, toPort: 32_800, from, fromPort: port }, command, 5, invoke, data, error));
const index = (group: number, offset: number, ...lengths: readonly number[]) =>
  write().u32le(group, offset, ...lengths);
const done = (data: Bytes = write()) => write().u32le(0).bytes(data);
const DESCRIPTION =
  '<TcTargetDesc><TargetType>CX9020</TargetType><TargetVersion><Version>3</Version><Revision>1</Revision>' +
  '<Build>4022</Build></TargetVersion><TargetFeatures><Level>PLC</Level></TargetFeatures><Hardware><Model>9020</Model>' +
  '<SerialNo>81264</SerialNo><CPUVersion>2.3</CPUVersion></Hardware><OsImage><OsName>Windows CE</OsName>' +
  '<OsVersion>7.0</OsVersion></OsImage></TcTargetDesc>\0';

const overTcp = tcp({ client: '10.6.0.5', server: '10.6.0.20', port: 48_898 }, [
  ask(SYSTEM, 4, 1),
  reply(SYSTEM, 4, 1, done(write().u16le(5, 0))),
  ask(PLC, 1, 2),
  reply(PLC, 1, 2, done(write().u8(3, 1).u16le(4022).text('Plc30 App', 16))),
  ask(SYSTEM, 2, 3, index(700, 1, 1024)),
  reply(SYSTEM, 2, 3, done(write().lengthPrefixed32le(write().text(DESCRIPTION)))),
  ask(PLC, 9, 4, index(0xf003, 0, 4, 16).text('MAIN.rSetpoint\0\0')),
  reply(PLC, 9, 4, done(write().lengthPrefixed32le(write().u32le(0x0f00_0021)))),
  ask(PLC, 3, 5, index(0xf005, 0x0f00_0021, 4).f32(20)),
  reply(PLC, 3, 5, done()),
  ask(PLC, 3, 6, index(0x4020, 0x64, 2).u16le(1)),
  reply(PLC, 3, 6, write().u32le(0x0702)),
  ask(PLC, 6, 7, index(0xf005, 0x0f00_0021, 4).u32le(4, 0, 0).zeros(16)),
  reply(PLC, 6, 7, done(write().u32le(1))),
  reply(PLC, 8, 0, write().u32le(28, 1).zeros(8).u32le(1, 1, 4, 0)),
  ask(SYSTEM, 9, 8, index(120, 0x10002, 4, 22).text('\\Boot\\CurrentConfig.xml')),
  reply(SYSTEM, 9, 8, done(write().lengthPrefixed32le(write().u32le(1)))),
  ask(SYSTEM, 5, 9, write().u16le(16, 0).u32le(0)),
  reply(SYSTEM, 5, 9, done()),
  ask(0xffff, 1, 10, write(), MASTER_BEHIND),
  // The router does not find that port.
  reply(0xffff, 1, 10, write(), MASTER_BEHIND, 6),
  ask(PLC, 2, 11, write().u32le(0x4020)),
]);

const entry = (tag: number, content: ByteWriter) => write().u16le(tag).lengthPrefixed16le(content);
const datagram = (invoke: number, service: number, netId: string, entries: readonly ByteWriter[]) =>
  write()
    .hex('03661471')
    .u32le(invoke, service)
    .hex(netId)
    .u16le(SYSTEM)
    .u32le(entries.length)
    .bytes(...entries);
const about = (name: string, version: ByteWriter, platform: number, os: readonly number[]) => [
  entry(5, write().textz(name)),
  entry(
    4,
    write()
      .u32le(276, ...os, platform)
      .zeros(256),
  ),
  entry(3, version),
];
const searching = [
  udp({ from: '10.6.0.5', fromPort: 51_200, to: '10.6.0.255', toPort: 48_899 }, datagram(0, 1, CLIENT, [])),
  udp(
    { from: '10.6.0.20', fromPort: 48_899, to: '10.6.0.5', toPort: 51_200 },
    datagram(0, 0x8000_0001, CONTROLLER, about('CX-13AA20', write().u8(3, 1).u16le(4022), 3, [7, 0, 0])),
  ),
  udp(
    { from: '10.6.0.21', fromPort: 48_899, to: '10.6.0.5', toPort: 51_200 },
    datagram(0, 0x8000_0001, '0506 0708 0101', about('CP-4F0112', write().u8(3, 1).u16le(4024), 2, [10, 0, 17763])),
  ),
];
const routing = udpExchange({ client: '10.6.0.5', server: '10.6.0.20', port: 48_899, clientPort: 51_201 }, [
  fromClient(
    datagram(7, 6, CLIENT, [
      entry(12, write().textz('ENG-4')),
      entry(7, write().hex(CLIENT)),
      entry(13, write().textz('Administrator')),
      entry(2, write().textz('Qv83-plant')),
      entry(5, write().textz('10.6.0.5')),
    ]),
  ),
  fromServer(datagram(7, 0x8000_0006, CONTROLLER, [entry(1, write().u32le(0))])),
  fromClient(datagram(8, 1, CLIENT, [])),
  // An entry that is longer than the datagram.
  fromServer(
    datagram(8, 0x8000_0001, CONTROLLER, [entry(5, write().textz('CX-13AA20')), write().u16le(4, 276).u32le(276)]),
  ),
]);

export const golden = capture('ADS: discovery, a route with its password, a session with a controller', [
  ...searching,
  routing,
  overTcp,
]);
export const secrets = ['Qv83-plant'];
