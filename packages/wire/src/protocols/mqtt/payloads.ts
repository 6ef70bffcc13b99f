// Messages in which things describe themselves or others: discovery of Home Assistant, Tasmota and Shelly, the lists of
// Zigbee2MQTT, LoRaWAN network servers, and what brokers tell about themselves. All by topics that leave no doubt.
import { isJsonObject, type JsonObject, objectAt, parseJson, textOf } from '../../json.ts';
import type { Reader } from '../../reader.ts';
import { statedMac } from '../../stated.ts';
import { addStatement, type Meaning, type Statement, type StatementOf } from './statements.ts';

export { STATED_KINDS, type Statement } from './statements.ts';

/** Devices of one list that are told. */
const MAX_DEVICES = 500;
const NOTHING: readonly Statement[] = [];

interface PayloadForm {
  readonly topic: RegExp;
  readonly read: (text: string, topic: string) => readonly Statement[];
}

/** What a message states, by its topic. In: a reader at the payload. */
export function readPayload(topic: string, reader: Reader): readonly Statement[] {
  if (!MAY_DESCRIBE.test(topic)) return NOTHING;
  const form = FORMS.find((one) => one.topic.test(topic));
  return form ? form.read(reader.text(reader.left, 'utf8'), topic) : NOTHING;
}

/** Asked for every message that is published. */
const MAY_DESCRIBE = /^\$SYS\/broker|\/config$|\/INFO[12]$|\/bridge\/|^shellies\/|\/rpc$|\/event\//;

type Keys = Readonly<Record<string, Meaning>>;

const FORMS: readonly PayloadForm[] = [
  // Mosquitto writes "mosquitto version 2.0.18", EMQX the bare number.
  {
    topic: /^\$SYS\/broker\/version$/,
    read: (text) => said({ who: 'broker' }, 'software', /^[A-Za-z]/.test(text) ? text : '', '$SYS/broker/version'),
  },
  {
    topic: /^\$SYS\/brokers\/[^/]+\/version$/,
    read: (text) => said({ who: 'broker' }, 'software', /^\d[\w.-]*$/.test(text) ? `EMQX ${text}` : '', '$SYS version'),
  },
  { topic: /^tasmota\/discovery\/[0-9A-F]{12}\/config$/, read: readTasmotaDiscovery },
  { topic: /\/INFO[12]$/, read: readTasmotaInfo },
  { topic: /^[\w-]+\/[a-z_]+\/(?:[\w-]+\/)?[\w-]+\/config$/, read: readHomeAssistant },
  { topic: /^[^$]*\/bridge\/devices$/, read: readZigbeeDevices },
  { topic: /^[^$]*\/bridge\/info$/, read: readZigbeeBridge },
  { topic: /^shellies\/(?:[\w-]+\/)?(?:announce|info)$/, read: readShelly },
  { topic: /\/rpc$/, read: readShellyAnswer },
  { topic: /^application\/[^/]+\/device\/[0-9a-f]{16}\/event\/\w+$/, read: readLorawan },
];

function said(of: StatementOf, meaning: Meaning, value: string, source: string): Statement[] {
  const statements: Statement[] = [];
  addStatement(statements, of, meaning, value, source);
  return statements;
}

function addAll(all: Statement[], of: StatementOf, object: JsonObject, keys: Keys, source: string): void {
  for (const [name, meaning] of Object.entries(keys))
    addStatement(all, of, meaning, textOf(object, name), `${source}, ${name}`);
}

/** Facts go to the device with that MAC address, which may be anybody's. */
function addOfMac(object: JsonObject, mac: string, keys: Keys, source: string, vendor = ''): Statement[] {
  const statements: Statement[] = [];
  const of = { who: 'address', mac } as const;
  if (mac === '') return statements;
  addStatement(statements, of, 'mac', mac, `${source}, mac`);
  addStatement(statements, of, 'vendor', vendor, source);
  addAll(statements, of, object, keys, source);
  return statements;
}

/** `md` is the module that was chosen in the firmware, `sw` its version, `hn` the host name. */
function readTasmotaDiscovery(text: string): readonly Statement[] {
  const object = objectAt(parseJson(text));
  if (!object || textOf(object, 'sw') === '') return NOTHING;
  const keys: Keys = { md: 'model', sw: 'firmware', hn: 'hostname', dn: 'label' };
  return addOfMac(object, statedMac(textOf(object, 'mac')), keys, 'Tasmota discovery');
}

/** What Tasmota publishes when it starts; older versions without the name of the message around it. */
function readTasmotaInfo(text: string): readonly Statement[] {
  const document = parseJson(text);
  const object = objectAt(document, 'Info1') ?? objectAt(document, 'Info2') ?? objectAt(document);
  const isTasmota = object && ['FallbackTopic', 'WebServerMode'].some((name) => textOf(object, name) !== '');
  if (!isTasmota) return NOTHING;
  const statements: Statement[] = [];
  const of = { who: 'publisher' } as const;
  addAll(statements, of, object, { Module: 'model', Hostname: 'hostname' }, 'Tasmota information');
  // "12.1.1(tasmota)": which modules it was built with is left out, as it is in discovery.
  const version = textOf(object, 'Version').replace(/\([\w-]+\)$/, '');
  addStatement(statements, of, 'firmware', version, 'Tasmota information, Version');
  return statements;
}

/** Keys of the device in a discovery message, long and short (Home Assistant's MQTT integration). */
const HOME_ASSISTANT: Keys = {
  name: 'label',
  manufacturer: 'vendor',
  mf: 'vendor',
  model: 'model',
  mdl: 'model',
  serial_number: 'serial',
  sn: 'serial',
  sw_version: 'firmware',
  sw: 'firmware',
  hw_version: 'hardware',
  hw: 'hardware',
};

function readHomeAssistant(text: string): readonly Statement[] {
  if (!text.startsWith('{')) return NOTHING;
  const document = parseJson(text);
  const device = objectAt(document, 'device') ?? objectAt(document, 'dev');
  if (!device) return NOTHING;
  const connections = device['connections'] ?? device['cns'];
  for (const pair of Array.isArray(connections) ? connections.slice(0, 8) : []) {
    const [kind, address] = Array.isArray(pair) ? pair : [];
    const mac = kind === 'mac' && typeof address === 'string' ? statedMac(address) : '';
    if (mac !== '') return addOfMac(device, mac, HOME_ASSISTANT, 'Home Assistant discovery');
  }
  const identifiers = device['identifiers'] ?? device['ids'];
  const id = Array.isArray(identifiers) ? identifiers[0] : identifiers;
  if (typeof id !== 'string' || !/^[\w.:-]{3,80}$/.test(id)) return NOTHING;
  const zigbee = /^zigbee2mqtt_(0x[0-9a-f]{16})$/.exec(id)?.[1];
  const of = { who: 'part', scheme: zigbee ? 'zigbee' : 'mqtt-device', id: zigbee ?? id } as const;
  const statements: Statement[] = [];
  addAll(statements, of, device, HOME_ASSISTANT, 'Home Assistant discovery');
  return statements;
}

/** The list of all devices in a Zigbee network, the coordinator first. */
function readZigbeeDevices(text: string): readonly Statement[] {
  const list = parseJson(text);
  const statements: Statement[] = [];
  for (const device of Array.isArray(list) ? list.slice(0, MAX_DEVICES) : []) {
    if (!isJsonObject(device)) continue;
    const id = textOf(device, 'ieee_address');
    if (!/^0x[0-9a-f]{16}$/.test(id) || textOf(device, 'type') === 'Coordinator') continue;
    const of = { who: 'part', scheme: 'zigbee', id } as const;
    const definition = objectAt(device, 'definition');
    if (definition) addAll(statements, of, definition, { vendor: 'vendor', model: 'model' }, 'Zigbee2MQTT devices');
    const keys: Keys = {
      ...(definition ? {} : { manufacturer: 'vendor', model_id: 'model' }),
      friendly_name: 'label',
      software_build_id: 'firmware',
    };
    addAll(statements, of, device, keys, 'Zigbee2MQTT devices');
  }
  return statements;
}

function readZigbeeBridge(text: string): readonly Statement[] {
  const document = objectAt(parseJson(text));
  const version = document && objectAt(document, 'coordinator') ? textOf(document, 'version') : '';
  return version === ''
    ? NOTHING
    : said({ who: 'publisher' }, 'software', `Zigbee2MQTT ${version}`, 'Zigbee2MQTT information');
}

function readShelly(text: string): readonly Statement[] {
  const object = objectAt(parseJson(text));
  const firmware = object && textOf(object, 'fw_ver');
  if (!object || !firmware) return NOTHING;
  const keys: Keys = { model: 'model', fw_ver: 'firmware', id: 'hostname' };
  return addOfMac(object, statedMac(textOf(object, 'mac')), keys, 'Shelly announcement', 'Shelly');
}

/** The answer to `Shelly.GetDeviceInfo` of the second generation. */
function readShellyAnswer(text: string): readonly Statement[] {
  const result = text.includes('"fw_id"') ? objectAt(parseJson(text), 'result') : undefined;
  if (!result || textOf(result, 'app') === '') return NOTHING;
  const keys: Keys = { app: 'model', model: 'order', ver: 'firmware', name: 'label', id: 'hostname' };
  return addOfMac(result, statedMac(textOf(result, 'mac')), keys, 'Shelly device information', 'Shelly');
}

/** Events of ChirpStack: the name and the profile that a person gave the device. */
function readLorawan(text: string): readonly Statement[] {
  const device = objectAt(parseJson(text), 'deviceInfo');
  const id = device ? textOf(device, 'devEui') : '';
  if (!device || !/^[0-9a-f]{16}$/.test(id)) return NOTHING;
  const statements: Statement[] = [];
  const of = { who: 'part', scheme: 'lorawan', id } as const;
  addAll(statements, of, device, { deviceName: 'label', deviceProfileName: 'type' }, 'ChirpStack event');
  return statements;
}
