// Written by hand after OMRON W342 (commands) and W420 (FINS/UDP and FINS/TCP). A controller with an Ethernet unit asked
// over UDP, the same over TCP, and one behind it in another network.
import { type Bytes, capture, fromClient, fromServer, tcp, udpExchange, write } from '../../testing/index.ts';

const COMMAND = 0x80;
const ANSWER = 0xc0;
/** Destination and source as network, node, unit. */
const fins = (icf: number, to: readonly number[], from: readonly number[], id: number, code: number, data = write()) =>
  write()
    .u8(icf, 0, 2, ...to, ...from, id)
    .u16(code)
    .bytes(data);
const PC = [0, 5, 0];
const PLC = [0, 20, 0];
const REMOTE = [2, 9, 0];
const ask = (id: number, code: number, data = write()) => fins(COMMAND, PLC, PC, id, code, data);
const reply = (id: number, code: number, data: Bytes = write()) =>
  fins(ANSWER, PC, PLC, id, code, write().u16(0).bytes(data));

const controllerData = (model: string, version: string) =>
  write().text(model, 20, 0x20).text(version, 20).zeros(40).hex('0014 00 02 0001 40 00 00 00 00 00');
const units = write().u8(0x82).u8(0x10).text('CJ1W-ETN21', 20, 0x20).u8(0x11).text('CJ1W-SCU41-V1', 20, 0x20);

const overUdp = udpExchange({ client: '10.3.0.5', server: '10.3.0.20', port: 9600, clientPort: 9600 }, [
  fromClient(ask(1, 0x0501, write().u8(0))),
  fromServer(reply(1, 0x0501, controllerData('CJ2M-CPU32', '02.01'))),
  fromClient(ask(2, 0x0502, write().hex('00 19'))),
  fromServer(reply(2, 0x0502, units)),
  fromClient(ask(3, 0x0101, write().hex('82 0064 00 0002'))),
  fromServer(reply(3, 0x0101, write().u16(17, 4))),
  fromClient(ask(4, 0x0102, write().hex('82 0064 00 0001 0011'))),
  fromServer(reply(4, 0x0102)),
  fromClient(ask(5, 0x0102, write().hex('31 0003 05 0001 01'))),
  // Refused: access right is another node's. The upper bits say that the controller has an error of its own.
  fromServer(fins(ANSWER, PC, PLC, 5, 0x0102, write().u16(0x3042))),
  fromClient(ask(6, 0x0601)),
  fromServer(reply(6, 0x0601, write().hex('01 04 0000 0000 0000 0000').text('', 16, 0x20))),
  fromClient(ask(7, 0x2603)),
  fromServer(reply(7, 0x2603, write().text('PRESS_3 ', 8))),
  fromClient(ask(8, 0x0305, write().hex('ffff 00 00000000 ffffffff').text('Kx7q'))),
  fromServer(reply(8, 0x0305)),
  fromClient(ask(9, 0x7777)),
  fromServer(fins(ANSWER, PC, PLC, 9, 0x7777, write().u16(0x0401))),
  fromClient(ask(10, 0x2601, write().text('PRESS_4'))),
  // Through the controller into network 2.
  fromClient(fins(COMMAND, REMOTE, PC, 11, 0x0501)),
  fromServer(fins(ANSWER, PC, REMOTE, 11, 0x0501, write().u16(0).bytes(controllerData('C200HX-CPU64-E', '1.01')))),
  // Broken: a write that ends within its address.
  fromClient(ask(12, 0x0102, write().hex('82 00'))),
]);

const framed = (command: number, content: Bytes, error = 0) =>
  write().text('FINS').lengthPrefixed32(write().u32(command, error).bytes(content));
const NODE_ANSWER = 1;
const FRAME = 2;
const overTcp = tcp({ client: '10.3.0.6', server: '10.3.0.21', port: 9600 }, [
  fromClient(framed(0, write().u32(0))),
  fromServer(framed(NODE_ANSWER, write().u32(239, 21))),
  fromClient(framed(FRAME, fins(COMMAND, [0, 21, 0], [0, 239, 0], 1, 0x0402))),
  fromServer(framed(FRAME, fins(ANSWER, [0, 239, 0], [0, 21, 0], 1, 0x0402, write().u16(0)))),
  fromClient(framed(FRAME, fins(COMMAND, [0, 21, 0], [0, 239, 0], 2, 0x0401, write().hex('ffff 02')))),
  fromServer(framed(FRAME, fins(ANSWER, [0, 239, 0], [0, 21, 0], 2, 0x0401, write().u16(0)))),
  fromClient(framed(FRAME, fins(COMMAND, [0, 21, 0], [0, 239, 0], 3, 0x0501, write().u8(0)))),
  fromServer(
    framed(
      FRAME,
      fins(ANSWER, [0, 239, 0], [0, 21, 0], 3, 0x0501, write().u16(0).bytes(controllerData('NJ501-1300', '1.10'))),
    ),
  ),
]);

/** On a port of nobody: recognised by the header. */
const elsewhere = udpExchange({ client: '10.3.0.5', server: '10.3.0.22', port: 9601 }, [
  fromClient(fins(COMMAND, [0, 22, 0], PC, 1, 0x0501)),
  fromServer(fins(ANSWER, PC, [0, 22, 0], 1, 0x0501, write().u16(0).bytes(controllerData('CP1L-EL20DR-D', '1.00')))),
]);

export const golden = capture('FINS over UDP and TCP, with units in the rack and a controller in another network', [
  overUdp,
  overTcp,
  elsewhere,
]);
export const secrets = ['Kx7q'];
