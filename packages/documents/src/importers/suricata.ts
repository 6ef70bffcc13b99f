// Events of Suricata as EVE JSON lines: flows, and what its protocol parsers saw of names, versions and functions.
import { type ConversationValue, type FactKind, type FactValue, type Subject, subjectKey } from '@interlock/model';
import type { Chunks, ImportBatch, Importer, ReadOptions } from '../importer.ts';
import { type JsonObject, jsonObject, listField, objectField, textField } from '../json/object.ts';
import { protocolName } from '../services.ts';
import { Telling } from '../telling.ts';
import { decodeText } from '../text/decode.ts';
import { readLines } from '../text/lines.ts';
import { hostnameValue, ipValue, macValue, textValue, timeValue, wholeValue } from '../values.ts';
import { headText, isBinary } from './asset-list.ts';
import { operationOf } from './zeek/operations.ts';

export const suricata: Importer = {
  name: 'suricata',
  title: 'Suricata events (EVE JSON)',
  spec: 'Suricata user guide, EVE JSON format',
  basis: 'monitor',
  recognise: (head) => !isBinary(head) && /^\s*\{[^\n]*"event_type"\s*:/.test(headText(head)),
  read,
};

async function* read(chunks: Chunks, options: ReadOptions): AsyncGenerator<ImportBatch> {
  const telling = new Telling(suricata, options, true);
  const unknown = new Set<string>();
  for await (const lines of readLines(decodeText(chunks))) {
    for (const { number, text, tooLong, last } of lines) {
      if (text.trim() === '') continue;
      const object = tooLong ? 'longer than any sound record' : jsonObject(text);
      if (typeof object === 'string') {
        telling.problem(
          last ? 'document.cut-off' : tooLong ? 'record.too-long' : 'record.malformed',
          `line ${number}`,
          object,
        );
        telling.record(false);
      } else telling.record(sayEvent(telling, object, number, unknown));
      if (telling.isFull) yield telling.take();
    }
  }
  yield telling.take();
}

/** Addresses that belong to nobody. */
const NOBODY = /^(0\.|22[4-9]\.|23\d\.|255\.255\.255\.255$|::$|ff)/;

/** One event with its ends; the destination is the server, as Suricata writes requests. */
interface Event {
  readonly object: JsonObject;
  readonly source: Subject | undefined;
  readonly target: Subject | undefined;
  readonly port: number | undefined;
  readonly transport: 'tcp' | 'udp' | 'icmp';
  say<K extends FactKind>(subject: Subject | undefined, kind: K, value: FactValue<K> | undefined, field: string): void;
  host(subject: Subject | undefined, field: string): void;
  /** Says that the server offers a protocol, and that it is there. */
  serves(protocol: string): void;
  asks(protocol: string, name: string | undefined, field: string): void;
}

function sayEvent(telling: Telling, object: JsonObject, line: number, unknown: Set<string>): boolean {
  const type = textField(object, 'event_type') ?? '';
  const at = timeValue(textField(object, 'timestamp'));
  let said = false;
  const subjectOf = (field: string): Subject | undefined => {
    const text = textField(object, field);
    const ip = text === undefined ? undefined : ipValue(text)?.ip;
    if (text !== undefined && ip === undefined)
      telling.problem('value.address', `line ${line}, ${field}`, `"${text.slice(0, 60)}" is no address`);
    return ip === undefined || NOBODY.test(ip) ? undefined : { ip };
  };
  const proto = textField(object, 'proto')?.toLowerCase() ?? '';
  const event: Event = {
    object,
    source: subjectOf('src_ip'),
    target: subjectOf('dest_ip'),
    port: wholeValue(textField(object, 'dest_port'), 0, 65_535),
    transport: proto.includes('icmp') ? 'icmp' : proto === 'udp' ? 'udp' : 'tcp',
    say(subject, kind, value, field) {
      if (subject === undefined || value === undefined) return;
      said = true;
      telling.say(subject, kind, value, `line ${line}`, `${type}, ${field}`, at);
    },
    host(subject, field) {
      if (subject?.ip !== undefined) this.say(subject, 'address.listed-ip', subject.ip, field);
    },
    serves(protocol) {
      this.host(this.source, 'src_ip');
      this.host(this.target, 'dest_ip');
      const { transport, port } = this;
      if (transport !== 'icmp' && port)
        this.say(this.target, 'service.offered', { transport, port, protocol }, 'dest_port');
    },
    asks(protocol, name, field) {
      this.serves(protocol);
      const operation = operationOf(name);
      if (operation && this.source && this.target)
        this.say(
          this.target,
          'operation',
          { from: subjectKey(this.source), ...operation, what: `${protocol}: ${operation.what}` },
          field,
        );
    },
  };
  const reader = Object.hasOwn(EVENTS, type) ? EVENTS[type] : undefined;
  if (reader) reader(event);
  else if (type !== 'stats') {
    // An alert, an anomaly or a protocol without a line here still shows a sender.
    event.host(event.source, 'src_ip');
    const name = type.slice(0, 60);
    if (!unknown.has(name))
      telling.problem('kind.not-known', `line ${line}`, `events of type ${name || 'none'} tell only who sent`);
    unknown.add(name);
  }
  return said || type === 'stats';
}

const text = (event: Event, ...names: string[]): string | undefined => textValue(textField(event.object, ...names));

function flow(event: Event): void {
  const { object, source, target, transport, port } = event;
  const counts = objectField(object, 'flow');
  const count = (name: string): number => wholeValue(textField(counts, name), 0, 2 ** 50) ?? 0;
  const answered = count('pkts_toclient') > 0;
  event.host(source, 'src_ip');
  if (answered) event.host(target, 'dest_ip');
  if (!source || !target || (port === undefined && transport !== 'icmp')) return;
  const app = textField(object, 'app_proto');
  const protocol = protocolName(app === 'failed' ? undefined : app);
  const known = protocol ? { protocol } : {};
  const value: ConversationValue = {
    peer: subjectKey(target),
    transport,
    port: transport === 'icmp' ? 0 : (port ?? 0),
    ...known,
    packetsSent: count('pkts_toserver'),
    packetsReceived: count('pkts_toclient'),
    bytesSent: count('bytes_toserver'),
    bytesReceived: count('bytes_toclient'),
  };
  event.say(source, 'conversation', value, 'flow');
  if (answered && transport !== 'icmp' && port && protocol)
    event.say(target, 'service.offered', { transport, port, ...known }, 'app_proto');
}

function dhcp(event: Event): void {
  const record = objectField(event.object, 'dhcp');
  const mac = macValue(textField(record, 'client_mac') ?? '');
  const given = textField(record, 'assigned_ip') ?? textField(record, 'client_ip');
  const ip = given === undefined ? undefined : ipValue(given)?.ip;
  const usable = ip !== undefined && !NOBODY.test(ip) ? ip : undefined;
  if (mac === undefined && usable === undefined) return;
  const client: Subject = { ...(usable ? { ip: usable } : {}), ...(mac ? { mac } : {}) };
  if (mac) event.say(client, 'address.listed-mac', mac, 'dhcp.client_mac');
  if (usable && textField(record, 'dhcp_type') !== 'request')
    event.say(client, 'address.listed-ip', usable, 'dhcp.assigned_ip');
  event.say(client, 'device.hostname', hostnameValue(textField(record, 'hostname')), 'dhcp.hostname');
  event.say(
    client,
    'dhcp.vendor-class',
    text(event, 'dhcp', 'vendor_class_identifier'),
    'dhcp.vendor_class_identifier',
  );
  event.say(client, 'network.mask', ipValue(textField(record, 'subnet_mask') ?? '')?.ip, 'dhcp.subnet_mask');
  const [router] = listField(record, 'routers');
  if (typeof router === 'string') event.say(client, 'network.router', ipValue(router)?.ip, 'dhcp.routers');
  if (textField(record, 'type') === 'reply' && event.source) {
    event.host(event.source, 'src_ip');
    event.say(event.source, 'service.offered', { transport: 'udp', port: 67, protocol: 'dhcp' }, 'dhcp.type');
  }
}

function dns(event: Event): void {
  const record = objectField(event.object, 'dns');
  const answer = /answer|response/.test(textField(record, 'type') ?? '');
  const answers = [...listField(record, 'answers'), ...listField(record, 'answer')];
  event.host(event.source, 'src_ip');
  if (answer && event.object['event_type'] === 'dns') {
    // Up to version 6 answers are written from the side of the server that sends them.
    const server = wholeValue(textField(event.object, 'src_port'), 0, 65_535) === 53 ? event.source : event.target;
    event.host(server, 'dns');
    event.say(
      server,
      'service.offered',
      { transport: event.transport === 'tcp' ? 'tcp' : 'udp', port: 53, protocol: 'dns' },
      'dns',
    );
  }
  for (const one of answers) {
    const type = textField(one, 'rrtype');
    const address = ipValue(textField(one, 'rdata') ?? '')?.ip;
    if ((type === 'A' || type === 'AAAA') && address)
      event.say({ ip: address }, 'dns.answer', hostnameValue(textField(one, 'rrname')), 'dns.answers');
  }
}

function mdns(event: Event): void {
  const record = objectField(event.object, 'mdns') ?? objectField(event.object, 'dns');
  event.host(event.source, 'src_ip');
  for (const one of [...listField(record, 'answers'), ...listField(record, 'additionals')]) {
    const type = textField(one, 'rrtype');
    const address = ipValue(textField(one, 'rdata') ?? '')?.ip;
    if ((type === 'A' || type === 'AAAA') && address === event.source?.ip)
      event.say(event.source, 'device.hostname', hostnameValue(textField(one, 'rrname')), 'mdns.answers');
    if (type === 'PTR' && /\._(tcp|udp)\.local\.?$/.test(textField(one, 'rrname') ?? ''))
      event.say(event.source, 'service.dns-sd', textValue(textField(one, 'rrname')), 'mdns.answers');
  }
}

function tls(event: Event): void {
  event.serves('tls');
  event.say(event.source, 'tls.sni', text(event, 'tls', 'sni'), 'tls.sni');
  event.say(event.source, 'tls.ja3', text(event, 'tls', 'ja3', 'hash'), 'tls.ja3.hash');
  event.say(event.source, 'tls.ja4', text(event, 'tls', 'ja4'), 'tls.ja4');
  event.say(event.target, 'tls.ja3s', text(event, 'tls', 'ja3s', 'hash'), 'tls.ja3s.hash');
  event.say(event.target, 'tls.version', text(event, 'tls', 'version'), 'tls.version');
}
function http(event: Event): void {
  event.serves('http');
  event.say(event.source, 'http.user-agent', text(event, 'http', 'http_user_agent'), 'http.http_user_agent');
  event.say(event.source, 'http.host', text(event, 'http', 'hostname'), 'http.hostname');
  event.say(event.target, 'http.server', text(event, 'http', 'server'), 'http.server');
}
function ssh(event: Event): void {
  event.serves('ssh');
  for (const [side, subject] of [
    ['client', event.source],
    ['server', event.target],
  ] as const) {
    const software = text(event, 'ssh', side, 'software_version');
    const version = text(event, 'ssh', side, 'proto_version');
    if (software)
      event.say(subject, 'ssh.banner', `SSH-${version ?? '2.0'}-${software}`, `ssh.${side}.software_version`);
    event.say(
      subject,
      side === 'client' ? 'ssh.hassh' : 'ssh.hassh-server',
      text(event, 'ssh', side, 'hassh', 'hash'),
      `ssh.${side}.hassh`,
    );
  }
}
function smb(event: Event): void {
  event.serves('smb');
  event.say(event.target, 'smb.dialect', text(event, 'smb', 'dialect'), 'smb.dialect');
  event.say(event.target, 'smb.share', text(event, 'smb', 'share'), 'smb.share');
  event.say(event.source, 'netbios.name', text(event, 'smb', 'ntlmssp', 'host'), 'smb.ntlmssp.host');
  event.say(event.source, 'ntlm.domain', text(event, 'smb', 'ntlmssp', 'domain'), 'smb.ntlmssp.domain');
  event.say(event.source, 'smb.lanman', text(event, 'smb', 'request', 'native_lm'), 'smb.request.native_lm');
  event.say(event.source, 'device.os', text(event, 'smb', 'request', 'native_os'), 'smb.request.native_os');
  event.say(event.target, 'smb.lanman', text(event, 'smb', 'response', 'native_lm'), 'smb.response.native_lm');
  event.say(event.target, 'device.os', text(event, 'smb', 'response', 'native_os'), 'smb.response.native_os');
}
function snmp(event: Event): void {
  event.serves('snmp');
  event.say(event.target, 'snmp.version', text(event, 'snmp', 'version'), 'snmp.version');
  const community = textField(event.object, 'snmp', 'community');
  if (community === undefined) return;
  const wellKnown = /^(public|private)$/i.test(community) ? { wellKnown: true } : {};
  event.say(event.target, 'credential.cleartext', { what: 'SNMP community', ...wellKnown }, 'snmp.community');
}
function mqtt(event: Event): void {
  event.serves('mqtt');
  event.say(event.source, 'mqtt.client-id', text(event, 'mqtt', 'connect', 'client_id'), 'mqtt.connect.client_id');
  event.say(
    event.source,
    'mqtt.will-topic',
    text(event, 'mqtt', 'connect', 'will', 'topic'),
    'mqtt.connect.will.topic',
  );
  event.say(event.source, 'mqtt.topic', text(event, 'mqtt', 'publish', 'topic'), 'mqtt.publish.topic');
  if (textField(event.object, 'mqtt', 'connect', 'password') === undefined) return;
  const account = text(event, 'mqtt', 'connect', 'username');
  event.say(
    event.target,
    'credential.cleartext',
    { what: 'MQTT password', ...(account ? { account } : {}) },
    'mqtt.connect.password',
  );
}
function ftp(event: Event): void {
  event.serves('ftp');
  const command = textField(event.object, 'ftp', 'command');
  if (command === 'PASS') event.say(event.target, 'credential.cleartext', { what: 'FTP password' }, 'ftp.command');
}
function modbus(event: Event): void {
  const request = objectField(objectField(event.object, 'modbus'), 'request');
  const name = textField(request, 'function_code') ?? textField(request, 'function');
  event.asks(
    'modbus',
    name
      ?.replace(/^Rd/, 'Read ')
      .replace(/^Wr/, 'Write ')
      .replace(/([a-z])([A-Z])/g, '$1 $2'),
    'modbus.request.function_code',
  );
  const unit = wholeValue(textField(request, 'unit_id'), 1, 247);
  if (unit !== undefined && event.target)
    event.say({ ...event.target, part: `modbus-unit:${unit}` }, 'modbus.unit-id', unit, 'modbus.request.unit_id');
  const response = objectField(objectField(event.object, 'modbus'), 'response');
  for (const one of listField(objectField(response, 'mei') ?? response, 'data')) sayModbusObject(event, one);
}
const MODBUS_OBJECTS = [
  'device.vendor',
  'device.product-code',
  'device.firmware',
  'device.url',
  'device.model',
  'device.model',
] as const;
function sayModbusObject(event: Event, one: unknown): void {
  const id = wholeValue(textField(one, 'id'), 0, 5);
  const kind = id === undefined ? undefined : MODBUS_OBJECTS[id];
  if (kind) event.say(event.target, kind, textValue(textField(one, 'value')), 'modbus.response.mei');
}
/** Names of functions by code (IEEE 1815-2012 table 4-2), as far as they do something. */
const DNP3_FUNCTIONS: Readonly<Record<number, string>> = {
  1: 'read',
  2: 'write',
  3: 'select',
  4: 'operate',
  5: 'direct operate',
  6: 'direct operate',
  13: 'cold restart',
  14: 'warm restart',
  18: 'stop application',
  20: 'enable unsolicited',
  21: 'disable unsolicited',
  24: 'set time',
  25: 'open file',
  27: 'delete file',
};
function dnp3(event: Event): void {
  const code = wholeValue(textField(event.object, 'dnp3', 'application', 'function_code'), 0, 255);
  const type = textField(event.object, 'dnp3', 'type');
  event.asks(
    'dnp3',
    type === 'response' || code === undefined ? undefined : DNP3_FUNCTIONS[code],
    'dnp3.application.function_code',
  );
}
function enip(event: Event): void {
  const record = objectField(event.object, 'enip');
  const request = objectField(record, 'request');
  event.asks('enip', textField(request, 'cip', 'service') ?? textField(request, 'command'), 'enip.request');
  const identity = objectField(objectField(record, 'response'), 'identity') ?? objectField(record, 'response');
  const from = event.target;
  event.say(
    from,
    'device.vendor',
    textValue(textField(identity, 'vendor_id')?.replace(/^\d+$/, '')),
    'enip.response.identity.vendor_id',
  );
  event.say(
    from,
    'device.model',
    textValue(textField(identity, 'product_name')),
    'enip.response.identity.product_name',
  );
  event.say(from, 'device.firmware', textValue(textField(identity, 'revision')), 'enip.response.identity.revision');
  const serial = wholeValue(textField(identity, 'serial'), 1, 0xffff_ffff);
  if (serial !== undefined)
    event.say(from, 'device.serial', `0x${serial.toString(16).padStart(8, '0')}`, 'enip.response.identity.serial');
}
function arp(event: Event): void {
  const record = objectField(event.object, 'arp');
  const mac = macValue(textField(record, 'src_mac') ?? '');
  const ip = ipValue(textField(record, 'src_ip') ?? '')?.ip;
  if (!mac || !ip || NOBODY.test(ip)) return;
  event.say({ ip, mac }, 'address.listed-ip', ip, 'arp.src_ip');
  event.say({ ip, mac }, 'address.listed-mac', mac, 'arp.src_mac');
}
const served = (protocol: string) => (event: Event) => event.serves(protocol);

const EVENTS: Readonly<Record<string, (event: Event) => void>> = {
  flow,
  dhcp,
  dns,
  mdns,
  tls,
  http,
  ssh,
  smb,
  snmp,
  mqtt,
  ftp,
  modbus,
  dnp3,
  enip,
  arp,
  quic: (event) => {
    event.serves('quic');
    event.say(event.source, 'tls.sni', text(event, 'quic', 'sni'), 'quic.sni');
  },
  rdp: (event) => {
    event.serves('rdp');
    event.say(event.source, 'netbios.name', text(event, 'rdp', 'client', 'client_name'), 'rdp.client.client_name');
  },
  rfb: served('vnc'),
  krb5: served('kerberos'),
  sip: served('sip'),
  tftp: served('tftp'),
  ldap: served('ldap'),
  pgsql: served('postgresql'),
  telnet: served('telnet'),
  smtp: served('smtp'),
};
