// MQTT-SN: MQTT for sensors on datagrams. A gateway announces itself, sensors connect to it with a name and register
// topics before they publish by number.
import { protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';

interface MqttSn {
  readonly type: number;
  /** Client identifier or topic name, by the type. */
  readonly text: string;
  readonly keepAlive: number;
}

/** Topics of one conversation that are told. */
const MAX_TOPICS = 50;
const MAX_TEXT = 256;

export const mqttSn = protocol({
  name: 'mqtt-sn',
  title: 'MQTT for sensor networks',
  spec: 'MQTT-SN 1.2',
  depth: 'functions',
  on: { udp: [1883, 10000] },
  tells: [
    'mqtt.client-id',
    'mqtt.keep-alive',
    'mqtt.topic',
    'mqtt.subscription',
    'mqtt.will-topic',
    'service.role',
    'operation',
  ],
  open: (): Set<string> => new Set(),

  read(reader): MqttSn | undefined {
    const whole = reader.left;
    // One byte, or a 1 and two bytes (section 5.2.1).
    const length = reader.peek() === 1 ? reader.peek16(1) : reader.peek();
    if (length !== whole || length < 2) return undefined;
    reader.skip(reader.peek() === 1 ? 3 : 1);
    const type = reader.u8();
    const least = LEAST[type];
    if (least === undefined || reader.left < least[0] || reader.left > least[1]) return undefined;
    switch (type) {
      case CONNECT: {
        reader.skip(1);
        if (reader.u8() !== 1) return undefined;
        const keepAlive = reader.u16();
        return told(type, readName(reader), keepAlive);
      }
      case WILL_TOPIC:
        if (reader.left === 0) return told(type, '');
        reader.skip(1);
        return told(type, readName(reader));
      case REGISTER:
        reader.skip(4);
        return told(type, readName(reader));
      case SUBSCRIBE: {
        const flags = reader.u8();
        reader.skip(2);
        // A number of two bytes or a short name otherwise.
        return told(type, (flags & 3) === 0 ? readName(reader) : '');
      }
      case PING_REQUEST:
        return told(type, reader.left > 0 ? readName(reader) : '');
      default:
        return told(type, '');
    }
  },

  observe({ type, text, keepAlive }, say, { sender, receiver, state }) {
    switch (type) {
      case ADVERTISE:
      case GATEWAY_INFO:
      case CONNECT_ACK:
        say.fact(sender, 'service.role', 'MQTT-SN gateway', NAMES[type] ?? '');
        return;
      case CONNECT:
        say.fact(sender, 'mqtt.client-id', text, 'CONNECT, client identifier');
        say.fact(sender, 'mqtt.keep-alive', keepAlive, 'CONNECT, duration');
        say.operation('connect to the gateway', 'session', { from: sender, to: receiver });
        return;
      case PING_REQUEST:
        say.fact(sender, 'mqtt.client-id', text, 'PINGREQ, client identifier');
        return;
      case WILL_TOPIC:
        say.fact(sender, 'mqtt.will-topic', text, 'WILLTOPIC');
        return;
      case REGISTER:
      case SUBSCRIBE:
        if (text === '' || state.has(text) || state.size >= MAX_TOPICS) return;
        state.add(text);
        say.fact(sender, type === REGISTER ? 'mqtt.topic' : 'mqtt.subscription', text, NAMES[type] ?? '');
        return;
      default:
    }
  },
});

const told = (type: number, text: string, keepAlive = 0): MqttSn => ({ type, text, keepAlive });
const readName = (reader: Reader): string => cleanText(reader.text(reader.left, 'utf8'), MAX_TEXT);

const ADVERTISE = 0x00;
const GATEWAY_INFO = 0x02;
const CONNECT = 0x04;
const CONNECT_ACK = 0x05;
const WILL_TOPIC = 0x07;
const REGISTER = 0x0a;
const SUBSCRIBE = 0x12;
const PING_REQUEST = 0x16;

const NAMES: Readonly<Record<number, string>> = {
  [ADVERTISE]: 'ADVERTISE',
  [GATEWAY_INFO]: 'GWINFO',
  [CONNECT_ACK]: 'CONNACK',
  [REGISTER]: 'REGISTER',
  [SUBSCRIBE]: 'SUBSCRIBE',
};

/** Least and greatest length of what follows the type (section 5.4), by which other datagrams are told apart. */
const LEAST: Readonly<Record<number, readonly [number, number]>> = {
  [ADVERTISE]: [3, 3],
  1: [1, 1], // SEARCHGW
  [GATEWAY_INFO]: [1, 17],
  [CONNECT]: [5, 300],
  [CONNECT_ACK]: [1, 1],
  6: [0, 0], // WILLTOPICREQ
  [WILL_TOPIC]: [0, 300],
  8: [0, 0], // WILLMSGREQ
  9: [0, 1400], // WILLMSG
  [REGISTER]: [5, 300],
  11: [5, 5], // REGACK
  12: [5, 1400], // PUBLISH
  13: [5, 5], // PUBACK
  14: [2, 2], // PUBCOMP
  15: [2, 2], // PUBREC
  16: [2, 2], // PUBREL
  [SUBSCRIBE]: [5, 300],
  19: [6, 6], // SUBACK
  20: [5, 300], // UNSUBSCRIBE
  21: [2, 2], // UNSUBACK
  [PING_REQUEST]: [0, 64],
  23: [0, 0], // PINGRESP
  24: [0, 2], // DISCONNECT
};
