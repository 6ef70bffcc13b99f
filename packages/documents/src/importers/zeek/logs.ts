// What the logs of Zeek and of CISA's parsers for it say of hosts: one small function per log, by the name of the log.
// A log without a function still tells which hosts spoke which protocol, where it is one of the industrial ones.
// Over 500 lines: one table, log by log; a reader looks a log up in one place.
import { type Subject, subjectKey } from '@interlock/model';
import { protocolName } from '../../services.ts';
import { hostnameValue, ipValue, textValue } from '../../values.ts';
import { operationOf } from './operations.ts';
import type { ZeekRecord } from './record.ts';

type Read = (record: ZeekRecord) => void;

/** Connection states in which the server answered (Zeek's documentation of conn.log). */
const ANSWERED: ReadonlySet<string> = new Set(['SF', 'S1', 'S2', 'S3', 'RSTO', 'RSTR', 'SHR', 'RSTRH']);
/** Ports from here on are given out for the moment (RFC 6335 section 6): what answers there is no service. */
const FIRST_DYNAMIC_PORT = 49_152;

const transportOf = (record: ZeekRecord): 'tcp' | 'udp' | 'icmp' => {
  const proto = record.get('proto');
  return proto === 'udp' || proto === 'icmp' ? proto : 'tcp';
};

function conn(record: ZeekRecord): void {
  const received = record.whole('resp_pkts', 2 ** 50);
  const answered = received === undefined ? ANSWERED.has(record.get('conn_state') ?? '') : received > 0;
  const { orig, resp, port } = record.ends(answered);
  if (!orig || !resp || port === undefined) return;
  const transport = transportOf(record);
  // Several names where one protocol carries another: "gssapi,smb,krb,ntlm".
  const protocol = record
    .get('service')
    ?.split(',')
    .map(protocolName)
    .find((name) => name !== undefined);
  const at = transport === 'icmp' ? 0 : port;
  const known = protocol ? { protocol } : {};
  record.say(
    orig,
    'conversation',
    {
      peer: subjectKey(resp),
      transport,
      port: at,
      ...known,
      packetsSent: record.whole('orig_pkts', 2 ** 50) ?? 0,
      packetsReceived: received ?? 0,
      bytesSent: record.whole('orig_ip_bytes', 2 ** 50) ?? record.whole('orig_bytes', 2 ** 50) ?? 0,
      bytesReceived: record.whole('resp_ip_bytes', 2 ** 50) ?? record.whole('resp_bytes', 2 ** 50) ?? 0,
    },
    'connection',
  );
  if (transport === 'icmp' || !answered) return;
  if (protocol || (transport === 'tcp' && ANSWERED.has(record.get('conn_state') ?? '') && port < FIRST_DYNAMIC_PORT))
    record.say(resp, 'service.offered', { transport, port, ...known }, 'service');
}

/** Both ends, and that the server offers a protocol. */
function served(
  record: ZeekRecord,
  protocol: string,
  transport: 'tcp' | 'udp' = transportOf(record) === 'udp' ? 'udp' : 'tcp',
  answered = true,
) {
  const ends = record.ends(answered);
  if (answered && ends.resp && ends.port !== undefined)
    record.say(ends.resp, 'service.offered', { transport, port: ends.port, protocol }, 'id.resp_p');
  return ends;
}

function dns(record: ZeekRecord): void {
  const answered = record.get('rcode_name') !== undefined || record.get('rcode') !== undefined;
  const multicast = [5353, 5355].includes(record.whole('id.resp_p', 65_535) ?? 0);
  if (multicast) record.ends(false);
  else served(record, 'dns', record.get('proto') === 'tcp' ? 'tcp' : 'udp', answered);
  const query = record.get('query');
  const type = record.get('qtype_name');
  const answers = record.get('answers')?.split(',') ?? [];
  if (type === 'A' || type === 'AAAA') {
    const name = hostnameValue(query);
    for (const answer of answers) {
      const ip = ipValue(answer)?.ip;
      if (name && ip) record.say({ ip }, 'dns.answer', name, 'answers');
    }
  }
  if (type === 'PTR' && query) {
    const ip = reversed(query);
    for (const answer of answers) if (ip) record.say({ ip }, 'dns.answer', hostnameValue(answer), 'answers');
  }
}
/** 5.1.168.192.in-addr.arpa (RFC 1035 section 3.5). */
function reversed(query: string): string | undefined {
  const labels = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa\.?$/i.exec(query);
  return labels ? ipValue(labels.slice(1, 5).reverse().join('.'))?.ip : undefined;
}

function dhcp(record: ZeekRecord): void {
  const mac = record.mac('mac');
  const ip = record.ip('assigned_addr') ?? record.ip('client_addr') ?? record.ip('requested_addr');
  if (mac === undefined && ip === undefined) return;
  const client: Subject = { ...(ip ? { ip } : {}), ...(mac ? { mac } : {}) };
  if (mac) record.say(client, 'address.listed-mac', mac, 'mac');
  if (ip && record.get('assigned_addr')) record.say(client, 'address.listed-ip', ip, 'assigned_addr');
  record.say(client, 'device.hostname', hostnameValue(record.get('host_name')), 'host_name');
  record.say(client, 'device.hostname', hostnameValue(record.get('client_fqdn')), 'client_fqdn');
  record.text(client, 'network.domain', 'domain');
  record.text(client, 'dhcp.vendor-class', 'client_software');
  const server = record.host(record.ip('server_addr'), 'server_addr');
  record.say(server, 'service.offered', { transport: 'udp', port: 67, protocol: 'dhcp' }, 'server_addr');
}

function ssl(record: ZeekRecord): void {
  const established = record.get('established') !== 'F' || record.get('cipher') !== undefined;
  const { orig, resp } = served(record, 'tls', 'tcp', established);
  record.text(orig, 'tls.sni', 'server_name');
  record.text(orig, 'tls.ja3', 'ja3');
  record.text(orig, 'tls.ja4', 'ja4');
  if (!established) return;
  record.text(resp, 'tls.version', 'version');
  record.text(resp, 'tls.cipher', 'cipher');
  record.text(resp, 'tls.alpn', 'next_protocol');
  record.text(resp, 'tls.ja3s', 'ja3s');
}

function http(record: ZeekRecord): void {
  const answered = record.get('status_code') !== undefined;
  const { orig, resp } = served(record, 'http', 'tcp', answered);
  record.text(orig, 'http.user-agent', 'user_agent');
  record.text(orig, 'http.host', 'host');
  record.text(resp, 'http.server', 'server_header');
  const account = textValue(record.get('username'));
  if (account === undefined) return;
  record.say(orig, 'http.account', account, 'username');
  record.say(resp, 'credential.cleartext', { account, what: 'HTTP basic password' }, 'username');
}

function ssh(record: ZeekRecord): void {
  const { orig, resp } = served(record, 'ssh', 'tcp', record.get('server') !== undefined);
  record.text(orig, 'ssh.banner', 'client');
  record.text(resp, 'ssh.banner', 'server');
  record.text(orig, 'ssh.hassh', 'hassh');
  record.text(resp, 'ssh.hassh-server', 'hasshServer');
}

function ftp(record: ZeekRecord): void {
  const { resp } = served(record, 'ftp', 'tcp');
  const account = textValue(record.get('user'));
  // Zeek writes <hidden> where it kept the password to itself.
  if (account !== undefined && record.get('password') !== undefined)
    record.say(resp, 'credential.cleartext', { account, what: 'FTP password' }, 'password');
}

function software(record: ZeekRecord): void {
  const host = record.host(record.ip('host'), 'host');
  const type = record.get('software_type') ?? '';
  const text = textValue(record.get('unparsed_version')) ?? textValue(record.get('name'));
  if (!host || text === undefined) return;
  const field = `unparsed_version (${type})`;
  if (type.startsWith('OS::')) record.say(host, 'device.os', text, field);
  else if (type === 'HTTP::SERVER' || type === 'HTTP::APPSERVER') record.say(host, 'http.server', text, field);
  else if (type === 'HTTP::BROWSER') record.say(host, 'http.user-agent', text, field);
  else if (type.startsWith('SSH::')) record.say(host, 'ssh.banner', text, field);
  else record.say(host, 'service.product', text, field);
}

const knownHosts: Read = (record) => void record.host(record.ip('host'), 'host');
function knownServices(record: ZeekRecord): void {
  const host = record.host(record.ip('host'), 'host');
  const port = record.whole('port_num', 65_535);
  const transport = record.get('port_proto') === 'udp' ? 'udp' : 'tcp';
  const protocol = record
    .get('service')
    ?.split(',')
    .map(protocolName)
    .find((name) => name !== undefined);
  if (host && port)
    record.say(host, 'service.offered', { transport, port, ...(protocol ? { protocol } : {}) }, 'service');
}
function knownDevices(record: ZeekRecord): void {
  const mac = record.mac('mac');
  if (mac === undefined) return;
  record.say({ mac }, 'address.listed-mac', mac, 'mac');
  record.say({ mac }, 'device.hostname', hostnameValue(record.get('dhcp_host_name')), 'dhcp_host_name');
}
function knownRole(record: ZeekRecord): void {
  const host = record.host(record.ip('host'), 'host');
  record.text(host, 'service.role', record.get('device_type') === undefined ? 'host_type' : 'device_type');
}

function ntlm(record: ZeekRecord): void {
  const { orig, resp } = record.ends();
  record.text(orig, 'netbios.name', 'hostname');
  record.text(orig, 'ntlm.domain', 'domainname');
  record.text(resp, 'netbios.name', 'server_nb_computer_name');
  record.say(
    resp,
    'device.hostname',
    hostnameValue(record.get('server_dns_computer_name')),
    'server_dns_computer_name',
  );
}
function smbMapping(record: ZeekRecord): void {
  const { resp } = served(record, 'smb', 'tcp');
  record.text(resp, 'smb.share', 'path');
}
function rdp(record: ZeekRecord): void {
  const { orig } = served(record, 'rdp', 'tcp');
  record.text(orig, 'netbios.name', 'client_name');
  record.text(orig, 'device.os-build', 'client_build');
}

function snmp(record: ZeekRecord): void {
  const answered = Number(record.get('get_responses') ?? 0) > 0 || record.get('display_string') !== undefined;
  const { resp } = served(record, 'snmp', 'udp', answered);
  record.text(resp, 'snmp.version', 'version');
  record.text(resp, 'device.description', 'display_string');
  const community = record.get('community');
  if (community === undefined) return;
  const wellKnown = /^(public|private)$/i.test(community) ? { wellKnown: true } : {};
  record.say(resp, 'credential.cleartext', { what: 'SNMP community', ...wellKnown }, 'community');
}

function mqttConnect(record: ZeekRecord): void {
  const { orig } = served(record, 'mqtt', 'tcp');
  record.text(orig, 'mqtt.client-id', 'client_id');
  record.text(orig, 'mqtt.version', 'proto_version');
  record.text(orig, 'mqtt.will-topic', 'will_topic');
}
function mqttPublish(record: ZeekRecord): void {
  const { orig } = served(record, 'mqtt', 'tcp');
  if (record.get('from_client') !== 'F') record.text(orig, 'mqtt.topic', 'topic');
}
function mqttSubscribe(record: ZeekRecord): void {
  const { orig } = served(record, 'mqtt', 'tcp');
  for (const topic of record.get('topics')?.split(',') ?? [])
    record.say(orig, 'mqtt.subscription', textValue(topic), 'topics');
}

/** What was asked of a server, named by a field. */
function asked(
  record: ZeekRecord,
  protocol: string,
  field: string,
  name = record.get(field),
): ReturnType<ZeekRecord['ends']> {
  const ends = served(record, protocol);
  const operation = record.get('is_orig') === 'F' ? undefined : operationOf(name);
  if (operation && ends.orig && ends.resp)
    record.say(
      ends.resp,
      'operation',
      { from: subjectKey(ends.orig), ...operation, what: `${protocol}: ${operation.what}` },
      field,
    );
  return ends;
}

function modbus(record: ZeekRecord): void {
  const type = record.first('pdu_type', 'request_response')?.toUpperCase();
  if (type === 'RESP' || type === 'RESPONSE') served(record, 'modbus', 'tcp');
  else asked(record, 'modbus', 'func', record.get('func')?.replace(/_EXCEPTION$/, ''));
  const unit = record.whole('unit', 255) ?? record.whole('unit_id', 255);
  const ip = record.ip('id.resp_h');
  if (unit !== undefined && unit > 0 && unit < 248 && ip !== undefined)
    record.say({ ip, part: `modbus-unit:${unit}` }, 'modbus.unit-id', unit, 'unit');
}
/** Objects of "read device identification" (Modbus application protocol 1.1b3, section 6.21). */
const MODBUS_OBJECTS = {
  vendorname: 'device.vendor',
  productcode: 'device.product-code',
  majorminorrevision: 'device.firmware',
  vendorurl: 'device.url',
  productname: 'device.model',
  modelname: 'device.model',
  userapplicationname: 'device.plc-name',
} as const;
function modbusIdentification(record: ZeekRecord): void {
  const { resp } = served(record, 'modbus', 'tcp');
  const object = (record.first('object_id', 'object_id_code', 'object') ?? '').replace(/[^a-z]/gi, '').toLowerCase();
  const kind = Object.entries(MODBUS_OBJECTS).find(([name]) => object.includes(name))?.[1];
  const value = textValue(record.first('object_value', 'value'));
  if (kind && value !== undefined) record.say(resp, kind, value, 'object_value');
}

function dnp3(record: ZeekRecord): void {
  asked(record, 'dnp3', 'fc_request');
}
function dnp3Control(record: ZeekRecord): void {
  asked(record, 'dnp3', 'function_code', record.first('function_code', 'operation_type'));
}

function s7comm(record: ZeekRecord): void {
  // User data names the request in its function and what it asks for in its subfunction.
  const name = record.get('subfunction_name') ?? record.get('function_name');
  asked(record, 's7comm', 'function_name', /^response/i.test(record.get('function_name') ?? '') ? undefined : name);
}
function s7commPlus(record: ZeekRecord): void {
  asked(record, 's7comm-plus', 'function_name');
}
function s7commTransfer(record: ZeekRecord): void {
  asked(record, 's7comm', 'function_name', record.first('function_name', 'rosctr_name'));
}
function s7commDevices(record: ZeekRecord): void {
  const { resp } = served(record, 's7comm', 'tcp');
  record.text(resp, 'device.plc-name', 'automation_system_name');
  record.text(resp, 'device.model', 'module_name');
  record.text(resp, 'device.plant', 'plant_name');
  record.text(resp, 'device.serial', 'module_serial');
  record.text(resp, 'device.order-number', 'order_number');
  record.text(resp, 'device.firmware', 'firmware_version');
}

function cip(record: ZeekRecord): void {
  const request = record.first('direction', 'cip_status') !== 'response';
  asked(record, 'enip', 'cip_service', request ? record.first('cip_service', 'service') : undefined);
}
function cipIdentity(record: ZeekRecord): void {
  const ip = record.ip('socket_address') ?? record.ip('source_h') ?? record.ip('id.resp_h');
  const device = record.host(ip, record.get('socket_address') === undefined ? 'source_h' : 'socket_address');
  record.say(
    device,
    'service.offered',
    { transport: 'tcp', port: record.whole('socket_port', 65_535) ?? 44_818, protocol: 'enip' },
    'socket_port',
  );
  record.say(device, 'cip.vendor-id', record.whole('vendor_id', 65_535), 'vendor_id');
  record.text(device, 'device.vendor', 'vendor_name');
  record.text(device, 'device.type', 'device_type_name');
  record.text(device, 'device.product-code', 'product_code');
  record.text(device, 'device.firmware', 'revision');
  record.text(device, 'device.serial', 'serial_number');
  record.text(device, 'device.model', 'product_name');
}

function bacnet(record: ZeekRecord): void {
  const service = record.get('pdu_service');
  const type = record.get('pdu_type') ?? '';
  asked(record, 'bacnet', 'pdu_service', /ack|error|reject|abort/i.test(type) ? undefined : service);
}
function bacnetDiscovery(record: ZeekRecord): void {
  const sender = record.host(record.ip('source_h') ?? record.ip('id.orig_h'), 'source_h');
  const service = (record.get('pdu_service') ?? '').replace(/[_-]/g, '');
  if (service === 'iam' && record.get('object_type') === 'device') {
    record.say(
      sender,
      'service.offered',
      { transport: 'udp', port: record.whole('source_p', 65_535) ?? 47_808, protocol: 'bacnet' },
      'source_p',
    );
    record.say(sender, 'bacnet.instance', record.whole('instance_number', 4_194_303), 'instance_number');
    record.text(sender, 'bacnet.maker', 'vendor');
  }
  if (service === 'ihave' && record.get('device_id_type') === 'device') {
    record.say(sender, 'bacnet.instance', record.whole('device_id_number', 4_194_303), 'device_id_number');
    record.text(sender, 'bacnet.object', 'object_name');
  }
}
/** Values of the device object that tell what it is (ASHRAE 135 clause 12.11). */
const BACNET_PROPERTIES = {
  'object-name': 'device.friendly-label',
  'vendor-name': 'device.vendor',
  'model-name': 'device.model',
  'firmware-revision': 'device.firmware',
  'application-software-version': 'device.software',
  'serial-number': 'device.serial',
  description: 'device.description',
  location: 'device.location',
} as const;
function bacnetProperty(record: ZeekRecord): void {
  const service = record.get('pdu_service');
  const answer = /ack/i.test(service ?? '') || record.get('is_orig') === 'F';
  asked(record, 'bacnet', 'pdu_service', answer ? undefined : service);
  const property = (record.get('property') ?? '').replace(/_/g, '-').toLowerCase();
  if (!answer || record.get('object_type') !== 'device' || !Object.hasOwn(BACNET_PROPERTIES, property)) return;
  const ip = record.ip('source_h') ?? record.ip('id.resp_h');
  const value = textValue(record.get('value'));
  if (ip && value !== undefined)
    record.say({ ip }, BACNET_PROPERTIES[property as keyof typeof BACNET_PROPERTIES], value, 'value');
}

/** CISA's logs of OPC UA have the same fields wherever a server or client describes itself. */
function opcua(record: ZeekRecord): void {
  const { orig, resp } = asked(record, 'opcua', 'identifier_str');
  const fromClient = record.get('is_orig') === 'T';
  const speaker = fromClient ? orig : resp;
  record.text(speaker, 'opcua.application-uri', 'application_uri');
  record.text(speaker, 'opcua.product-uri', 'product_uri');
  record.text(
    speaker,
    'opcua.application-name',
    record.get('application_name') === undefined ? 'text' : 'application_name',
  );
  record.text(resp, 'opcua.security-offered', 'security_policy_uri');
  const endpoint = record.first('endpoint_url', 'endpoint_uri');
  if (endpoint !== undefined)
    record.say(
      fromClient ? orig : resp,
      fromClient ? 'opcua.asked-endpoint' : 'opcua.endpoint',
      textValue(endpoint),
      'endpoint_url',
    );
}

function profinet(record: ZeekRecord): void {
  asked(record, 'profinet-io', 'operation', record.first('operation', 'operation_type', 'operation_num'));
}
function hart(record: ZeekRecord): void {
  const { resp } = asked(record, 'hart-ip', 'command', record.first('command', 'command_number', 'direct_pdu_command'));
  record.text(resp, 'hart.tag', 'tag');
  record.text(resp, 'hart.message', 'message');
  record.text(resp, 'hart.descriptor', 'descriptor');
}
function synchrophasor(record: ZeekRecord): void {
  const { resp } = served(record, 'synchrophasor');
  record.text(resp, 'device.friendly-label', 'station_name');
}
function fins(record: ZeekRecord): void {
  const name = record.get('icf_data_type')?.startsWith('Response')
    ? undefined
    : record.first('command_code', 'command');
  const { resp } = asked(record, 'fins', 'command_code', name?.replace(/ \(0x[0-9a-f]+\)$/i, ''));
  record.text(resp, 'device.model', 'controller_model');
  record.text(resp, 'device.firmware', 'controller_version');
}

/** By the name of the log, the longest beginning that fits; signs between words are underscores. */
export const LOGS: Readonly<Record<string, Read>> = {
  conn,
  dns,
  dhcp,
  ssl,
  http,
  ssh,
  ftp,
  software,
  known_hosts: knownHosts,
  known_services: knownServices,
  known_devices: knownDevices,
  known_modbus: knownRole,
  known_dnp3: knownRole,
  known_certs: knownServices,
  ntlm,
  rdp,
  snmp,
  smb_mapping: smbMapping,
  smb_files: (record) => void served(record, 'smb', 'tcp'),
  smb_cmd: (record) => void served(record, 'smb', 'tcp'),
  kerberos: (record) => void served(record, 'kerberos'),
  ldap: (record) => void served(record, 'ldap', 'tcp'),
  sip: (record) => void served(record, 'sip'),
  radius: (record) => void served(record, 'radius', 'udp'),
  mysql: (record) => void served(record, 'mysql', 'tcp'),
  dce_rpc: (record) => void served(record, 'dcerpc', 'tcp'),
  mqtt_connect: mqttConnect,
  mqtt_publish: mqttPublish,
  mqtt_subscribe: mqttSubscribe,
  modbus,
  modbus_register_change: (record) => void served(record, 'modbus', 'tcp'),
  modbus_read_device_identification: modbusIdentification,
  mbtcp_identification: modbusIdentification,
  dnp3,
  dnp3_control: dnp3Control,
  s7comm,
  s7comm_plus: s7commPlus,
  s7comm_upload_download: s7commTransfer,
  s7comm_known_devices: s7commDevices,
  enip: (record) => void asked(record, 'enip', 'enip_command'),
  cip,
  cip_identity: cipIdentity,
  cip_io: (record) => void record.ends(),
  bacnet,
  bacnet_discovery: bacnetDiscovery,
  bacnet_property: bacnetProperty,
  bacnet_device_control: bacnet,
  opcua_binary: opcua,
  profinet,
  profinet_io_cm: profinet,
  profinet_dce_rpc: profinet,
  hart_ip: hart,
  synchrophasor,
  omron_fins: fins,
  roc_plus: (record) => void record.ends(),
  genisys: (record) => void record.ends(),
  ge_srtp: (record) => void record.ends(),
};
const NAMES = Object.keys(LOGS).sort((a, b) => b.length - a.length);

/** In: the name of a log: "conn", "opcua-binary-get-endpoints". Out: how it is read; undefined where it says nothing of hosts. */
export function logReader(name: string): Read | undefined {
  const plain = name.toLowerCase().replaceAll('-', '_');
  const found = NAMES.find((known) => plain === known || plain.startsWith(`${known}_`));
  return found === undefined ? undefined : LOGS[found];
}

/** Fields that only one log has, for JSON logs that do not say which they are. */
const MARKS: readonly (readonly [field: string, log: string])[] = [
  ['conn_state', 'conn'],
  ['qtype_name', 'dns'],
  ['query', 'dns'],
  ['assigned_addr', 'dhcp'],
  ['dhcp_host_name', 'known_devices'],
  ['port_num', 'known_services'],
  ['software_type', 'software'],
  ['hassh', 'ssh'],
  ['auth_attempts', 'ssh'],
  ['server_name', 'ssl'],
  ['cert_chain_fps', 'ssl'],
  ['status_code', 'http'],
  ['user_agent', 'http'],
  ['server_nb_computer_name', 'ntlm'],
  ['community', 'snmp'],
  ['cip_service', 'cip'],
  ['enip_command', 'enip'],
  ['fc_request', 'dnp3'],
  ['rosctr_name', 's7comm'],
  ['func', 'modbus'],
  ['pdu_service', 'bacnet'],
  ['share_type', 'smb_mapping'],
  ['client_id', 'mqtt_connect'],
];
/** The log a record is of, by its fields. */
export const guessLog = (fields: ReadonlyMap<string, string>): string | undefined =>
  MARKS.find(([field]) => fields.has(field))?.[1];
