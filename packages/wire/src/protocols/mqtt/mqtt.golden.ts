// MQTT after OASIS 3.1.1 and 5.0 and Sparkplug 3.0: things that log in with and without a password, an edge node with a
// device behind it, a host that commands it, bridges of home automation, and a broker that tells its version.
import { type Bytes, bytesOf, capture, fromClient, fromServer, tcp, write } from '../../testing/index.ts';

/** A number in seven bits per byte, the lowest first. */
function variable(value: number): Uint8Array {
  const out = write();
  let left = value;
  do {
    const low = left % 128;
    left = Math.floor(left / 128);
    out.u8(left > 0 ? low | 0x80 : low);
  } while (left > 0);
  return out.build();
}
const packet = (first: number, ...body: readonly Bytes[]) => {
  const content = write().bytes(...body);
  return write().u8(first).bytes(variable(content.length), content);
};
const text = (value: string) => write().lengthPrefixed16(write().text(value));

interface Connecting {
  readonly id: string;
  readonly level?: number;
  readonly user?: string;
  readonly password?: string;
  readonly will?: string;
  /** Properties of version 5. */
  readonly properties?: Bytes;
}
const connect = ({ id, level = 4, user, password, will, properties = write() }: Connecting) =>
  packet(
    0x10,
    text(level === 3 ? 'MQIsdp' : 'MQTT'),
    write()
      .u8(level, 2 | (user ? 0x80 : 0) | (password ? 0x40 : 0) | (will ? 0x04 : 0))
      .u16(60),
    ...(level === 5 ? [variable(bytesOf(properties).length), properties] : []),
    text(id),
    ...(will ? [...(level === 5 ? [variable(0)] : []), text(will), text('offline')] : []),
    ...(user ? [text(user)] : []),
    ...(password ? [text(password)] : []),
  );
const accepted = packet(0x20, write().u8(0, 0));
const refused = packet(0x20, write().u8(0, 5));
const publish = (topic: string, payload: Bytes | string) =>
  packet(0x30, text(topic), typeof payload === 'string' ? write().text(payload) : payload);
const subscribe = (...filters: readonly string[]) =>
  packet(0x82, write().u16(1), ...filters.map((filter) => write().bytes(text(filter)).u8(1)));

/** A field with a length in Protocol Buffers. */
const field = (number: number, content: Bytes) =>
  write().bytes(variable(number * 8 + 2), variable(bytesOf(content).length), content);
/** A metric with a text, one with an 8-byte and one with a 4-byte value. */
const metric = (name: string, value: string) =>
  field(
    2,
    write()
      .bytes(field(1, write().text(name)))
      .u8(0x20, 12)
      .bytes(field(15, write().text(value))),
  );
const numbers = field(
  2,
  write()
    .bytes(field(1, write().text('Pressure')))
    .u8(0x65)
    .f32(4.5)
    .u8(0x69)
    .zeros(8),
);
const birth = (...metrics: readonly Bytes[]) =>
  write()
    .u8(0x08)
    .bytes(variable(1_700_000_000_000), ...metrics)
    .u8(0x18, 0);

const BROKER = '10.4.0.1';
const at = (client: string, clientPort = 49_152) => ({ client, server: BROKER, port: 1883, clientPort });

/** Passwords and a token that cross. */
export const secrets = ['Tr0ckner!7', 'A1_access_token_of_device', 'pump-secret-9', 'sasl-data-4711'];

export const golden = capture('MQTT 3.1, 3.1.1 and 5, Sparkplug B and discovery', [
  // An old client with a password.
  tcp(at('10.4.0.11'), [
    fromClient(connect({ id: 'dryer-11', level: 3, user: 'dryer', password: 'Tr0ckner!7' })),
    fromServer(accepted),
    fromClient(publish('hall3/dryer/temperature', '61.5')),
    fromClient(publish('hall3/dryer/temperature', '61.7')),
    fromClient(write().u8(0xc0, 0)),
    fromServer(write().u8(0xd0, 0)),
    fromClient(write().u8(0xe0, 0)),
  ]),
  // A token as user name, refused.
  tcp(at('10.4.0.12'), [
    fromClient(connect({ id: 'meter-12', user: 'A1_access_token_of_device' })),
    fromServer(refused),
  ]),
  // Version 5: an identifier from the broker, another server to be used, an answer to a challenge.
  tcp(at('10.4.0.13'), [
    fromClient(
      connect({
        id: '',
        level: 5,
        properties: write().u8(0x11).u32(30).u8(0x15).bytes(text('SCRAM')).u8(0x16).bytes(text('sasl-data-4711')),
        user: 'press',
        password: 'pump-secret-9',
        will: 'press/13/state',
      }),
    ),
    fromServer(
      packet(
        0x20,
        write().u8(0, 0),
        variable(39),
        write()
          .u8(0x21)
          .u16(20)
          .u8(0x12)
          .bytes(text('auto-5B7E'))
          .u8(0x1c)
          .bytes(text('mqtt2.plant.example'))
          .u8(0x25, 1),
      ),
    ),
    fromClient(packet(0xf0, write().u8(0x18), variable(17), write().u8(0x16).bytes(text('sasl-data-4711')))),
    fromClient(packet(0x32, text('press/13/force'), write().u16(7), variable(2), write().u8(0x01, 1).text('12'))),
    fromServer(packet(0x40, write().u16(7))),
    fromClient(packet(0x82, write().u16(8), variable(0), text('press/13/#'), write().u8(0x2d))),
    fromServer(packet(0x90, write().u16(8), variable(0), write().u8(1))),
  ]),
  // An edge node without a password, with a device behind it, that takes commands.
  tcp(at('10.4.0.20'), [
    fromClient(connect({ id: 'edge-20', will: 'spBv1.0/Plant 1/NDEATH/Line 2' })),
    fromServer(accepted),
    fromClient(subscribe('spBv1.0/Plant 1/NCMD/Line 2/#', 'spBv1.0/Plant 1/DCMD/Line 2/#')),
    fromServer(packet(0x90, write().u16(1).u8(1, 1))),
    fromClient(
      publish(
        'spBv1.0/Plant 1/NBIRTH/Line 2',
        birth(
          metric('Properties/Hardware Make', 'Opto 22'),
          metric('Properties/Hardware Model', 'GRV-EPIC-PR1'),
          metric('Properties/OS', 'Linux'),
          metric('Properties/OS Version', '4.1.15'),
          metric('Properties/FW', '3.5.1'),
          metric('Node Info/Host Name', 'epic-line2'),
          metric('Node Info/MAC Address', '02:00:5e:10:04:20'),
          metric('Recipe', 'Nut bar'),
          numbers,
        ),
      ),
    ),
    fromClient(
      publish(
        'spBv1.0/Plant 1/DBIRTH/Line 2/Scale 1',
        birth(
          metric('Device Info/Manufacturer', 'Sartorius'),
          metric('Device Info/Model', 'Midrics 1'),
          metric('Device Info/Serial Number', '30412278'),
          metric('Device Info/Part Number', 'MIS1P4'),
          metric('Device Info/Product Code', '17-B'),
          metric('Device Info/Hardware Version', 'C'),
          metric('Device Info/SW Version', '1.9'),
          metric('Device Info/Location', 'Packing'),
          metric('Device Info/Description', 'Floor scale'),
        ),
      ),
    ),
    fromServer(publish('spBv1.0/Plant 1/NCMD/Line 2', birth(metric('Node Control/Rebirth', 'true')))),
    fromServer(publish('spBv1.0/Plant 1/DCMD/Line 2/Scale 1', birth(metric('Setpoint', '7')))),
  ]),
  // The host application sends the commands, and is told the birth certificates of others.
  tcp(at('10.4.0.30'), [
    fromClient(connect({ id: 'scada-30' })),
    fromServer(accepted),
    fromClient(subscribe('#')),
    fromClient(publish('spBv1.0/STATE/scada', '{"online":true,"timestamp":1700000000000}')),
    fromClient(publish('spBv1.0/Plant 1/NCMD/Line 2', birth(metric('Node Control/Reboot', 'true')))),
    fromClient(publish('spBv1.0/Plant 1/NCMD/Line 2', birth(metric('Node Control/Scan Rate', '500')))),
    fromClient(publish('spBv1.0/Plant 1/DCMD/Line 2/Scale 1', birth(metric('Setpoint', '7'), metric('Tare', 'true')))),
    fromServer(publish('spBv1.0/Plant 2/NBIRTH/Boiler', birth(metric('Properties/Hardware Make', 'WAGO'), numbers))),
    // A command for others: whoever listens to everything is not commanded.
    fromServer(publish('cmnd/lamp7/POWER', 'ON')),
    fromServer(publish('$SYS/broker/version', 'mosquitto version 2.0.18')),
    fromServer(publish('$SYS/brokers/emqx@10.4.0.1/version', '5.0.1')),
  ]),
  // Devices that describe themselves.
  tcp(at('10.4.0.40'), [
    fromClient(connect({ id: 'DVES_10AB40' })),
    fromServer(accepted),
    fromClient(
      publish(
        'tasmota/discovery/02005E100440/config',
        '{"ip":"10.4.0.40","dn":"Pump","fn":["Pump",null],"hn":"tasmota-10AB40","mac":"02005E100440","md":"Sonoff Basic","sw":"12.1.1","t":"tasmota_10AB40"}',
      ),
    ),
    fromClient(
      publish(
        'tele/tasmota_10AB40/INFO1',
        '{"Info1":{"Module":"Sonoff Basic","Version":"12.1.1(tasmota)","FallbackTopic":"cmnd/DVES_10AB40_fb/"}}',
      ),
    ),
    fromClient(publish('tele/other/INFO1', '{"Module":"none of Tasmota"}')),
    fromClient(
      publish(
        'shellies/announce',
        '{"id":"shelly1-B929CC","model":"SHSW-1","mac":"02005E100441","fw_ver":"20221027-091427/v1.12.1"}',
      ),
    ),
    fromClient(
      publish(
        'shellyplus1-a8032ab/rpc',
        '{"id":1,"src":"shellyplus1-a8032ab","result":{"name":"Gate","id":"shellyplus1-a8032ab","mac":"02005E100442","model":"SNSW-001X16EU","gen":2,"fw_id":"20230913-114010/v1.14.0","ver":"1.14.0","app":"Plus1"}}',
      ),
    ),
  ]),
  // A bridge that describes what is behind it, and takes commands of others.
  tcp(at('10.4.0.50'), [
    fromClient(connect({ id: 'mqttjs_50' })),
    fromServer(accepted),
    fromClient(subscribe('zigbee2mqtt/lamp/set')),
    fromClient(publish('zigbee2mqtt/bridge/info', '{"version":"1.35.1","coordinator":{"type":"zStack3x0"}}')),
    fromClient(
      publish(
        'zigbee2mqtt/bridge/devices',
        '[{"ieee_address":"0x00124b0000000001","type":"Coordinator"},{"ieee_address":"0x00158d0000000002","type":"EndDevice","friendly_name":"door","definition":{"vendor":"Aqara","model":"MCCGQ11LM"},"software_build_id":"3000-0001"},{"ieee_address":"0x00158d0000000003","type":"Router","friendly_name":"lamp","definition":null,"manufacturer":"IKEA","model_id":"TRADFRI bulb"},7]',
      ),
    ),
    fromClient(
      publish(
        'homeassistant/binary_sensor/0x00158d0000000002/contact/config',
        '{"name":"Contact","device":{"identifiers":["zigbee2mqtt_0x00158d0000000002"],"manufacturer":"Aqara","model":"MCCGQ11LM","name":"door","sw_version":"3000-0001"}}',
      ),
    ),
    fromClient(
      publish(
        'homeassistant/sensor/heatpump/config',
        '{"name":"Flow","dev":{"ids":"heatpump_1","mf":"Acme","mdl":"HP 8","sw":"2.4","hw":"B","sn":"HP8-00417","name":"Heat pump"}}',
      ),
    ),
    fromClient(
      publish(
        'homeassistant/sensor/oven/config',
        '{"dev":{"ids":["oven"],"cns":[["mac","02:00:5e:10:04:51"]],"mf":"Espressif","mdl":"esp32dev"}}',
      ),
    ),
    fromClient(publish('homeassistant/sensor/cut/config', '{"dev":{"ids":["cut"],"mf":"Nobody"')),
    fromClient(
      publish(
        'application/1/device/0102030405060708/event/up',
        '{"deviceInfo":{"deviceName":"level-4","deviceProfileName":"Level probe","devEui":"0102030405060708"}}',
      ),
    ),
    fromServer(publish('zigbee2mqtt/lamp/set', '{"state":"ON"}')),
  ]),
  // The capture begins in the middle, in version 5; a client whose answer is not there; no MQTT at all.
  tcp({ ...at('10.4.0.60'), handshake: false }, [
    fromClient(packet(0x30, text('tank/level'), variable(0), write().text('77'))),
    fromClient(packet(0x82, write().u16(1), variable(0), text('tank/set'), write().u8(0))),
  ]),
  tcp(at('10.4.0.61'), [fromClient(connect({ id: 'silent-61' }))]),
  tcp({ ...at('10.4.0.62'), port: 18_830 }, [
    fromClient(connect({ id: 'odd-port', level: 5 })),
    fromServer(packet(0x20, write().u8(0, 0), variable(0))),
  ]),
  tcp(at('10.4.0.63'), [fromClient(write().text('GET / HTTP/1.1\r\n\r\n'))]),
  tcp(at('10.4.0.64'), [fromClient(connect({ id: 'broken' })), fromServer(write().hex('20 02 07 07'))]),
]);
