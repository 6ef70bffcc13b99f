// AMQP after its specifications: a program at a RabbitMQ broker, one with the broker's own mechanism, one that is refused,
// programs of version 1.0 with and without a password, a connection met in its middle, and broken frames.
import { type Bytes, bytesOf, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

// Version 0-9-1.
const frame = (type: number, channel: number, body: Bytes) =>
  write().u8(type).u16(channel).lengthPrefixed32(body).u8(0xce);
const method = (channel: number, group: number, number: number, ...fields: readonly Bytes[]) =>
  frame(
    1,
    channel,
    write()
      .u16(group, number)
      .bytes(...fields),
  );
const short = (text: string) => write().lengthPrefixed8(write().text(text));
const long = (text: string) => write().lengthPrefixed32(write().text(text));
const entry = (name: string, text: string) => write().bytes(short(name)).text('S').bytes(long(text));
const table = (...entries: readonly Bytes[]) => write().lengthPrefixed32(write().bytes(...entries));
const capabilities = write()
  .bytes(short('capabilities'))
  .text('F')
  .bytes(table(write().bytes(short('basic.nack')).text('t').u8(1)));
const header = write().text('AMQP').u8(0, 0, 9, 1);

const start = method(
  0,
  10,
  10,
  write().u8(0, 9),
  table(
    capabilities,
    entry('cluster_name', 'rabbit@mq1.plant.example'),
    entry('product', 'RabbitMQ'),
    entry('version', '3.8.9'),
    entry('platform', 'Erlang/OTP 23.1'),
    write().bytes(short('node')).text('I').u32(1),
    write().bytes(short('list')).text('A').lengthPrefixed32(write().text('t').u8(1)),
  ),
  long('PLAIN AMQPLAIN'),
  long('en_US'),
);
const startOk = (mechanism: string, response: Bytes) =>
  method(
    0,
    10,
    11,
    table(entry('product', 'py-amqp'), entry('version', '1.4.9'), entry('connection_name', 'worker-7')),
    short(mechanism),
    write().lengthPrefixed32(response),
    short('en_US'),
  );
const tune = method(0, 10, 30, write().u16(2047).u32(131_072).u16(60));

// Version 1.0.
const saslHeader = write().text('AMQP').u8(3, 1, 0, 0);
const newHeader = write().text('AMQP').u8(0, 1, 0, 0);
const newFrame = (type: number, descriptor: number, ...fields: readonly Bytes[]) => {
  const list = write()
    .u8(fields.length)
    .bytes(...fields);
  const body = write().u8(0, 0x53, descriptor, 0xc0).lengthPrefixed8(list);
  return write()
    .u32(body.length + 8)
    .u8(2, type)
    .u16(0)
    .bytes(body);
};
const symbol = (text: string) => write().u8(0xa3).bytes(short(text));
const string = (text: string) => write().u8(0xa1).bytes(short(text));
const binary = (text: string) => write().u8(0xa0).bytes(short(text));
const nothing = write().u8(0x40);
const list = (descriptor: number, ...fields: readonly Bytes[]) =>
  write()
    .u8(0, 0x53, descriptor, 0xc0)
    .lengthPrefixed8(
      write()
        .u8(fields.length)
        .bytes(...fields),
    );
const map = (...fields: readonly Bytes[]) => {
  const content = write()
    .u8(fields.length)
    .bytes(...fields);
  return write().u8(0xc1).lengthPrefixed8(content);
};
const symbols = (...texts: readonly string[]) =>
  write()
    .u8(0xe0)
    .lengthPrefixed8(
      write()
        .u8(texts.length, 0xa3)
        .bytes(...texts.map(short)),
    );

const BROKER = '10.7.0.1';
const at = (client: string) => ({ client, server: BROKER, port: 5672 });

export const secrets = ['F0rderband_8', 'Pumpe-47-pw', 'Azur-Key-11'];

export const golden = capture('AMQP 0-9-1 and 1.0: logins, queues, containers', [
  tcp(at('10.7.0.20'), [
    fromClient(header),
    fromServer(start),
    fromClient(startOk('PLAIN', write().text('\0conveyor\0F0rderband_8'))),
    fromServer(tune),
    fromClient(method(0, 10, 31, write().u16(2047).u32(131_072).u16(60))),
    fromClient(method(0, 10, 40, short('/plant'), short(''), write().u8(0))),
    fromServer(method(0, 10, 41, short(''))),
    fromClient(method(1, 60, 40, write().u16(0), short('telemetry'), short('line.1'), write().u8(0))),
    fromClient(frame(2, 1, write().u16(60, 0).u64(4).u16(0))),
    fromClient(frame(3, 1, write().text('21.5'))),
    fromClient(method(1, 60, 40, write().u16(0), short('telemetry'), short('line.1'), write().u8(0))),
    fromClient(method(1, 60, 20, write().u16(0), short('orders'), short(''), write().u8(0), table())),
    fromServer(method(1, 60, 60, short('c'), write().u64(1).u8(0), short('x'), short('y'))),
    fromClient(method(1, 50, 40, write().u16(0), short('orders-old'), write().u8(0))),
    fromClient(method(1, 50, 30, write().u16(0), short('orders'), write().u8(0))),
    fromClient(method(1, 40, 20, write().u16(0), short('alarms'), write().u8(0))),
    fromClient(frame(8, 0, write())),
  ]),
  // The broker's own mechanism; the default user; a refusal.
  tcp(at('10.7.0.21'), [
    fromClient(header),
    fromServer(start),
    fromClient(startOk('AMQPLAIN', write().bytes(entry('LOGIN', 'pump'), entry('PASSWORD', 'Pumpe-47-pw')))),
    fromServer(method(0, 10, 50, write().u16(403), short('ACCESS_REFUSED'), write().u16(0, 0))),
  ]),
  tcp(at('10.7.0.22'), [
    fromClient(header),
    fromServer(start),
    fromClient(startOk('PLAIN', write().text('\0guest\0guest'))),
  ]),
  // Version 1.0 with SASL, then without a name.
  tcp({ client: '10.7.0.30', server: '10.7.0.2', port: 5672 }, [
    fromClient(saslHeader),
    fromServer(saslHeader),
    fromServer(newFrame(1, 0x40, symbols('PLAIN', 'EXTERNAL'))),
    fromClient(newFrame(1, 0x41, symbol('PLAIN'), binary('\0sender\0Azur-Key-11'), string('mq2.example'))),
    fromServer(newFrame(1, 0x44, write().u8(0x50, 0))),
    fromClient(newHeader),
    fromServer(newHeader),
    fromClient(
      newFrame(
        0,
        0x10,
        string('meter-gateway-30'),
        string('mq2.example'),
        write().u8(0x70).u32(65_536),
        write().u8(0x60).u16(255),
        write().u8(0x43),
        nothing,
        nothing,
        nothing,
        nothing,
        map(
          symbol('product'),
          string('qpid-proton-c'),
          symbol('version'),
          string('0.37.0'),
          symbol('platform'),
          string('Linux'),
        ),
      ),
    ),
    fromServer(newFrame(0, 0x10, string('broker-2'))),
    fromClient(newFrame(0, 0x11, nothing)),
    fromClient(
      newFrame(
        0,
        0x12,
        string('s1'),
        write().u8(0x52, 0),
        write().u8(0x42),
        nothing,
        nothing,
        list(0x28, nothing),
        list(0x29, string('queue/energy')),
      ),
    ),
    fromClient(
      newFrame(
        0,
        0x12,
        string('r1'),
        write().u8(0x52, 1),
        write().u8(0x41),
        nothing,
        nothing,
        list(0x28, string('queue/commands')),
        list(0x29, nothing),
      ),
    ),
    fromClient(write().u32(8).u8(2, 0).u16(0)),
  ]),
  tcp({ client: '10.7.0.31', server: '10.7.0.2', port: 56_720 }, [
    fromClient(saslHeader),
    fromServer(newFrame(1, 0x40, symbol('ANONYMOUS'))),
    fromClient(newFrame(1, 0x41, symbol('ANONYMOUS'))),
    fromServer(newFrame(1, 0x44, write().u8(0x50, 0))),
  ]),
  // Met in its middle.
  tcp({ ...at('10.7.0.40'), handshake: false }, [
    fromClient(method(3, 60, 40, write().u16(0), short('celeryev'), short('worker.heartbeat'), write().u8(0))),
  ]),
  // Broken: no end of the frame, a table that is longer than the frame, a class that does not exist.
  tcp(at('10.7.0.41'), [
    fromClient(header),
    fromServer(method(0, 10, 10, write().u8(0, 9).u32(90_000).text('product'))),
    fromClient(bytesOf(frame(8, 0, write())).with(7, 0)),
    fromClient(method(0, 11, 1)),
  ]),
]);
