// TP-Link's smart home devices: plugs, lamps and switches take commands in JSON that is only disguised, and answer what
// they are. Newer ones answer the search in plain JSON and encrypt the rest.
import type { OperationKind } from '@interlock/model';
import { isJsonObject, type JsonObject, objectAt, parseJson, textOf } from '../../json.ts';
import { type Conversation, NEED_MORE, NOT_MINE, protocol, type Saying } from '../../protocol.ts';
import { decodeText, type Reader } from '../../reader.ts';
import { statedMac, statedText } from '../../stated.ts';

/** Longest message; lists of schedules have some kilobytes. */
const MAX_MESSAGE = 32_768;
/** What every byte is combined with first; then with the disguised byte before it. */
const FIRST_KEY = 0xab;
/** "{" in disguise. */
const OPENING = 0x7b ^ FIRST_KEY;
const SEARCH_PORT = 20_002;
/** Before the JSON of the newer search: version, operation, length, flags, serial number, checksum. */
const SEARCH_HEADER = 16;

const TELLS = [
  'device.vendor',
  'device.model',
  'device.firmware',
  'device.hardware-version',
  'device.friendly-label',
  'device.type',
  'device.description',
  'address.announced-mac',
  'tplink.device-id',
  'credential.cleartext',
  'operation',
] as const;
type Says = Saying<(typeof TELLS)[number]>;

interface Told {
  /** What devices and their sockets say of themselves. */
  readonly information: JsonObject | undefined;
  readonly commands: readonly string[];
  readonly secret: { readonly account: string; readonly what: string } | undefined;
}

export const tplinkSmarthome = protocol({
  name: 'tplink-smarthome',
  title: 'TP-Link smart home',
  spec: 'TP-Link Kasa and Tapo devices (no public document)',
  depth: 'full',
  on: { tcp: [9999], udp: [9999, SEARCH_PORT] },
  tells: TELLS,

  frame(reader) {
    if (reader.left < 5) return reader.peek() > 0 ? NOT_MINE : NEED_MORE;
    const length = reader.peek16() * 0x10000 + reader.peek16(2);
    return length >= 2 && length <= MAX_MESSAGE && reader.peek(4) === OPENING ? length + 4 : NOT_MINE;
  },

  read(reader, { transport, serverPort, clientPort }): Told | undefined {
    const isSearch = transport === 'udp' && (serverPort === SEARCH_PORT || clientPort === SEARCH_PORT);
    const document = isSearch ? readSearch(reader) : parseJson(decodeText(reveal(reader, transport), 'utf8'));
    const object = objectAt(document);
    return object && readDocument(object, isSearch);
  },

  // Whoever has the disguised bytes has the password.
  secrets(reader, { transport }) {
    const text = decodeText(reveal(reader, transport), 'latin1');
    const to = reader.end - reader.start;
    return /passw|key_type|"username"/i.test(text) ? [{ from: 0, to, what: 'TP-Link message with a password' }] : [];
  },

  observe({ information, commands, secret }, say, conversation) {
    if (information) observeInformation(information, say, conversation);
    const { sender, receiver, fromClient, toGroup } = conversation;
    if (!fromClient || toGroup) return;
    if (secret) {
      const { account, what } = secret;
      say.fact(receiver, 'credential.cleartext', account === '' ? { what } : { account, what }, what);
    }
    for (const command of commands)
      say.operation(command.replaceAll('_', ' '), kindOf(command), { from: sender, to: receiver });
  },
});

/** The message without its disguise; over TCP it has its length before it. */
function reveal(reader: Reader, transport: string): Uint8Array {
  if (transport === 'tcp') reader.skip(4);
  if (reader.peek() !== OPENING) return NOTHING;
  const plain = reader.bytes(Math.min(reader.left, MAX_MESSAGE)).slice();
  let key = FIRST_KEY;
  for (let at = 0; at < plain.length; at++) {
    const hidden = plain[at] ?? 0;
    plain[at] = hidden ^ key;
    key = hidden;
  }
  return plain;
}
const NOTHING = new Uint8Array(0);

/** Version 2, then the operation; questions carry a key, answers `result`. */
function readSearch(reader: Reader): unknown {
  if (reader.peek() !== 2 || reader.left <= SEARCH_HEADER) return undefined;
  reader.skip(SEARCH_HEADER);
  return parseJson(reader.text(Math.min(reader.left, MAX_MESSAGE), 'utf8'));
}

function readDocument(document: JsonObject, isSearch: boolean): Told | undefined {
  if (isSearch) {
    const information = objectAt(document, 'result');
    const isQuestion = objectAt(document, 'params') !== undefined;
    return information || isQuestion ? { information, commands: [], secret: undefined } : undefined;
  }
  const information = objectAt(document, 'system', 'get_sysinfo');
  const hasModel = information !== undefined && textOf(information, 'model') !== '';
  const commands: string[] = [];
  let secret: Told['secret'];
  // {"system":{"set_relay_state":{"state":1}}}: service, command, and what it is given.
  for (const [service, calls] of Object.entries(document).slice(0, MAX_CALLS)) {
    if (service === 'context' || !isJsonObject(calls)) continue;
    for (const [command, given] of Object.entries(calls).slice(0, MAX_CALLS)) {
      if (!/^[a-z_]{3,40}$/.test(command)) continue;
      commands.push(command);
      if (isJsonObject(given) && textOf(given, 'password') !== '')
        secret = { account: textOf(given, 'username'), what: command === 'bind' ? CLOUD_PASSWORD : WIFI_PASSWORD };
    }
  }
  return { information: hasModel ? information : undefined, commands, secret };
}
/** Services and commands in one message. */
const MAX_CALLS = 16;
const WIFI_PASSWORD = 'Wi-Fi password';
const CLOUD_PASSWORD = 'TP-Link account password';

function observeInformation(information: JsonObject, say: Says, { sender }: Conversation): void {
  const value = (...names: string[]) => {
    for (const name of names) {
      const text = statedText(textOf(information, name));
      if (text !== '') return text;
    }
    return '';
  };
  say.fact(sender, 'device.vendor', 'TP-Link', 'get_sysinfo');
  say.fact(sender, 'device.model', value('model', 'device_model'), 'get_sysinfo, model');
  say.fact(sender, 'device.hardware-version', value('hw_ver'), 'get_sysinfo, hw_ver');
  say.fact(sender, 'device.firmware', value('sw_ver'), 'get_sysinfo, sw_ver');
  say.fact(sender, 'device.friendly-label', value('alias'), 'get_sysinfo, alias');
  say.fact(sender, 'device.type', value('mic_type', 'type', 'device_type'), 'get_sysinfo, type');
  say.fact(sender, 'device.description', value('dev_name', 'description'), 'get_sysinfo, dev_name');
  say.fact(sender, 'tplink.device-id', value('deviceId', 'device_id'), 'get_sysinfo, deviceId');
  for (const name of ['mac', 'mic_mac', 'ethernet_mac'])
    say.fact(sender, 'address.announced-mac', statedMac(textOf(information, name)), `get_sysinfo, ${name}`);
}

function kindOf(command: string): OperationKind {
  if (/firmware|flash|download/.test(command)) return 'firmware';
  if (/^(?:reboot|reset)/.test(command)) return 'mode';
  if (/^(?:bind|unbind)$/.test(command)) return 'authentication';
  if (/^set_(?:relay_state|brightness|dimmer|led_off|bulb)|^transition_light_state/.test(command)) return 'write';
  return /^(?:get_sysinfo|get_info|check_|test_)/.test(command)
    ? 'diagnostic'
    : /^get_/.test(command)
      ? 'read'
      : 'configure';
}
