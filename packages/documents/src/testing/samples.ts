// Small documents of every format, written by hand for tests and as the corpus of the fuzzer: what each tool writes of one
// or two hosts of a plant that does not exist.
import { zipSync } from 'fflate';

export interface Sample {
  /** Importer that must recognise it. */
  readonly importer: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const lines = (...all: readonly string[]): Uint8Array => utf8(`${all.join('\n')}\n`);
const json = (...all: readonly object[]): Uint8Array => lines(...all.map((one) => JSON.stringify(one)));

/** A log of Zeek as text. In: its name, fields and records. */
export function zeekLog(
  path: string,
  fields: readonly string[],
  ...records: readonly (readonly string[])[]
): Uint8Array {
  return lines(
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${path}`,
    '#open\t2026-01-05-06-00-00',
    `#fields\t${fields.join('\t')}`,
    `#types\t${fields.map(() => 'string').join('\t')}`,
    ...records.map((record) => record.join('\t')),
    '#close\t2026-01-05-07-00-00',
  );
}
const CONNECTION = ['ts', 'uid', 'id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p'];
const ends = (client: string, server: string, port: number): string[] => [
  '1767600000.5',
  'CaB3',
  client,
  '50000',
  server,
  String(port),
];

/** A workbook with one sheet per table. */
export function workbook(sheets: Readonly<Record<string, readonly (readonly string[])[]>>): Uint8Array {
  const names = Object.keys(sheets);
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  const shared: string[] = [];
  const cell = (text: string, column: number, row: number): string => {
    const reference = `${String.fromCharCode(65 + column)}${row}`;
    if (text === '') return '';
    if (/^\d+$/.test(text)) return `<c r="${reference}"><v>${text}</v></c>`;
    shared.push(text);
    return `<c r="${reference}" t="s"><v>${shared.length - 1}</v></c>`;
  };
  const parts: Record<string, Uint8Array> = {};
  for (const [i, name] of names.entries()) {
    const rows = (sheets[name] ?? []).map(
      (cells, r) => `<row r="${r + 1}">${cells.map((text, c) => cell(text, c, r + 1)).join('')}</row>`,
    );
    parts[`xl/worksheets/sheet${i + 1}.xml`] = utf8(`<worksheet><sheetData>${rows.join('')}</sheetData></worksheet>`);
  }
  return zipSync({
    '[Content_Types].xml': utf8('<Types/>'),
    'xl/workbook.xml': utf8(
      `<workbook xmlns:r="r"><sheets>${names.map((name, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': utf8(
      `<Relationships>${names.map((_, i) => `<Relationship Id="rId${i + 1}" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}</Relationships>`,
    ),
    ...parts,
    'xl/sharedStrings.xml': utf8(`<sst>${shared.map((text) => `<si><t>${escaped(text)}</t></si>`).join('')}</sst>`),
  });
}

export const NMAP = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nmaprun>
<nmaprun scanner="nmap" start="1767600000" xmloutputversion="1.05">
<host starttime="1767600000" endtime="1767600100"><status state="up"/>
<address addr="10.3.0.5" addrtype="ipv4"/><address addr="00:1B:1B:23:EB:3B" addrtype="mac" vendor="Siemens"/>
<hostnames><hostname name="press5.plant.example" type="PTR"/></hostnames>
<ports><port protocol="tcp" portid="102"><state state="open"/><service name="iso-tsap" product="Siemens S7 PLC" devicetype="specialized" method="probed" conf="10"><cpe>cpe:/h:siemens:simatic_s7</cpe></service>
<script id="s7-info" output="&#xa;  Module: 6ES7 315-2EH14-0AB0"><elem key="Module">6ES7 315-2EH14-0AB0</elem><elem key="Version">3.2.6</elem><elem key="System Name">Press line</elem><elem key="Serial Number">S C-X4U421302009</elem><elem key="Copyright">Original Siemens Equipment</elem></script></port>
<port protocol="tcp" portid="80"><state state="open"/><service name="http" method="table" conf="3"/></port>
<port protocol="tcp" portid="23"><state state="closed"/><service name="telnet" method="table" conf="3"/></port></ports>
<os><osmatch name="Siemens Simatic 300 programmable logic controller" accuracy="97"><osclass accuracy="97"><cpe>cpe:/h:siemens:simatic_300</cpe></osclass></osmatch></os></host>
<host><status state="down"/><address addr="10.3.0.6" addrtype="ipv4"/></host>
<host><status state="up"/><address addr="10.3.0.7" addrtype="ipv4"/><ports>
<port protocol="tcp" portid="502"><state state="open"/><service name="modbus" method="table" conf="3"/><script id="modbus-discover" output="x"><table key="sid 0x1"><elem key="Slave ID data">x</elem><elem key="Device identification">Weigh Co W-20 1.4</elem></table></script></port>
<port protocol="tcp" portid="44818"><state state="open"/><script id="enip-info" output="x"><elem key="vendor">Rockwell Automation/Allen-Bradley (1)</elem><elem key="productName">1769-L35E</elem><elem key="serialNumber">0x0052aa01</elem><elem key="revision">20.11</elem></script></port>
<port protocol="udp" portid="47808"><state state="open"/><script id="bacnet-info" output="x"><elem key="Vendor ID">Weigh Co (999)</elem><elem key="Object-identifier">77</elem><elem key="Model Name">W-20</elem></script></port></ports>
<hostscript><script id="smb-os-discovery" output="x"><elem key="os">Windows 7 Professional 7601</elem><elem key="server">SCALE7\\x00</elem></script></hostscript></host>
<runstats><finished time="1767600200"/></runstats></nmaprun>
`;
export const NESSUS = `<?xml version="1.0" ?>
<NessusClientData_v2><Report name="Plant"><ReportHost name="10.3.0.5"><HostProperties>
<tag name="HOST_END">Mon Jan  5 07:00:00 2026</tag><tag name="HOST_END_TIMESTAMP">1767596400</tag><tag name="host-ip">10.3.0.5</tag>
<tag name="mac-address">00:1B:1B:23:EB:3B</tag><tag name="netbios-name">PLANT\\PRESS5</tag><tag name="host-fqdn">press5.plant.example</tag>
<tag name="operating-system">Microsoft Windows 10 Pro</tag><tag name="system-type">general-purpose</tag><tag name="cpe-0">cpe:/o:microsoft:windows_10 -&gt; Microsoft Windows 10</tag>
</HostProperties><ReportItem port="445" svc_name="cifs" protocol="tcp" severity="0" pluginID="11011"><plugin_output>secret stuff</plugin_output></ReportItem>
<ReportItem port="3389" svc_name="msrdp?" protocol="tcp" severity="3" pluginID="1"/><ReportItem port="0" svc_name="general" protocol="tcp" severity="0" pluginID="2"/></ReportHost></Report></NessusClientData_v2>
`;
export const OPENVAS = `<report id="a" format_id="b"><report id="a"><scan_start>2026-01-05T06:00:00Z</scan_start>
<ports start="1" max="-1"><port>443/tcp<host>10.3.0.8</host></port></ports>
<results><result id="r"><name>Services</name><host>10.3.0.8<asset asset_id=""/><hostname>camera8</hostname></host><port>80/tcp</port><description>d</description></result></results>
<host><ip>10.3.0.8</ip><start>2026-01-05T06:00:00Z</start><end>2026-01-05T07:00:00Z</end>
<detail><name>MAC</name><value>00:40:8C:01:02:03</value></detail><detail><name>best_os_txt</name><value>Linux/Unix</value></detail><detail><name>best_os_cpe</name><value>cpe:/o:linux:kernel</value></detail>
<detail><name>hostname</name><value>camera8.plant.example</value></detail><detail><name>Services</name><value>554,tcp,rtsp</value></detail></host></report></report>
`;
export const HBOM_XML = `<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><metadata><timestamp>2026-01-05T06:00:00Z</timestamp>
<component type="device" bom-ref="plc"><manufacturer><name>Example Controls</name></manufacturer><name>EC-200</name><version>B</version><properties><property name="serialNumber">EC-0042</property></properties></component></metadata>
<components><component type="device" bom-ref="cpu"><name>CPU board</name><properties><property name="cdx:device:serial">CB-7</property></properties></component><component type="firmware" bom-ref="fw"><name>EC OS</name><version>4.1.0</version></component></components></bom>
`;
const HBOM_JSON = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { timestamp: '2026-01-05T06:00:00Z', component: { type: 'application', name: 'Line 4' } },
  components: [
    {
      type: 'device',
      'bom-ref': 'd1',
      manufacturer: { name: 'Example Drives' },
      name: 'ED-11',
      version: '2',
      properties: [
        { name: 'serialNumber', value: 'ED-000777' },
        { name: 'macAddress', value: '00:1d:9c:00:00:07' },
      ],
      components: [{ type: 'device', name: 'Option board', 'bom-ref': 'o1' }],
    },
    { type: 'library', name: 'zlib' },
  ],
};
const NETBOX = {
  count: 2,
  next: null,
  results: [
    {
      id: 1,
      url: 'https://netbox.example/api/dcim/devices/1/',
      name: 'press5',
      device_type: { model: 'CPU 315-2', part_number: '6ES7 315-2EH14-0AB0', manufacturer: { name: 'Siemens' } },
      role: { name: 'PLC' },
      serial: 'S C-1',
      asset_tag: 'A-17',
      site: { name: 'Plant 1' },
      rack: { name: 'Cabinet 4' },
      status: { value: 'active', label: 'Active' },
      primary_ip: { address: '10.3.0.5/24' },
    },
    {
      id: 2,
      url: 'https://netbox.example/api/dcim/devices/2/',
      name: 'Spare drive',
      device_type: { model: 'ED-11' },
      serial: '',
    },
  ],
};
const NETBOX_LINES = [
  {
    endpoint: 'dcim/devices',
    object: { id: 9, name: 'cam9', device_type: { model: 'C-1', manufacturer: { name: 'Cams' } }, serial: 'C9' },
  },
  {
    endpoint: 'dcim/interfaces',
    object: { id: 4, device: { id: 9 }, mac_address: '00:40:8C:00:00:09', untagged_vlan: { vid: 12 } },
  },
  {
    endpoint: 'ipam/ip-addresses',
    object: {
      id: 5,
      address: '10.3.0.9/24',
      dns_name: 'cam9.example',
      assigned_object_type: 'dcim.interface',
      assigned_object: { device: { id: 9 } },
    },
  },
  { endpoint: 'dcim/inventory-items', object: { id: 6, device: { id: 9 }, name: 'Lens', serial: 'L-5' } },
];

export const ASSET_ROWS: readonly (readonly string[])[] = [
  ['Name', 'IP address', 'MAC address', 'Manufacturer', 'Model', 'Serial number', 'Firmware', 'Location'],
  ['Press 5', '10.3.0.5', '00:1B:1B:23:EB:3B', 'Siemens', 'CPU 315-2', 'S C-1', 'V3.2', 'Hall "3"'],
  ['Scale', '10.3.0.7', '', 'Weigh Co', 'W-20', '12345678901234', '', 'Hall 4, ramp'],
];
const quoted = (cell: string): string => (/[",;\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
export const csv = (rows: readonly (readonly string[])[], separator = ','): string =>
  rows.map((row) => `${row.map(quoted).join(separator)}\r\n`).join('');

export const SAMPLES: readonly Sample[] = [
  { importer: 'asset-list', name: 'assets.csv', bytes: utf8(csv(ASSET_ROWS)) },
  { importer: 'asset-list', name: 'assets.csv', bytes: utf8(`\ufeffsep=;\n${csv(ASSET_ROWS, ';')}`) },
  {
    importer: 'asset-workbook',
    name: 'assets.xlsx',
    bytes: workbook({ 'Hall 3': ASSET_ROWS, Notes: [['see sheet 1']] }),
  },
  { importer: 'nmap', name: 'scan.xml', bytes: utf8(NMAP) },
  { importer: 'nessus', name: 'plant.nessus', bytes: utf8(NESSUS) },
  { importer: 'openvas', name: 'report.xml', bytes: utf8(OPENVAS) },
  { importer: 'cyclonedx-xml', name: 'bom.xml', bytes: utf8(HBOM_XML) },
  { importer: 'cyclonedx-json', name: 'bom.json', bytes: utf8(JSON.stringify(HBOM_JSON, null, 1)) },
  { importer: 'netbox', name: 'devices.json', bytes: utf8(JSON.stringify(NETBOX)) },
  { importer: 'netbox', name: 'netbox.example.netbox.jsonl', bytes: json(...NETBOX_LINES) },
  {
    importer: 'zeek',
    name: 'conn.log',
    bytes: zeekLog(
      'conn',
      [...CONNECTION, 'proto', 'service', 'conn_state', 'orig_pkts', 'orig_ip_bytes', 'resp_pkts', 'resp_ip_bytes'],
      [...ends('10.3.0.20', '10.3.0.5', 502), 'tcp', 'modbus', 'SF', '10', '900', '9', '800'],
      [...ends('10.3.0.20', '10.3.0.99', 502), 'tcp', '-', 'S0', '1', '60', '0', '0'],
      [...ends('10.3.0.20', '10.3.0.255', 47808), 'udp', '(empty)', 'S0', '1', '60', '0', '0'],
    ),
  },
  {
    importer: 'zeek',
    name: 'dhcp.log',
    bytes: zeekLog(
      'dhcp',
      ['ts', 'uids', 'client_addr', 'server_addr', 'mac', 'host_name', 'assigned_addr', 'msg_types'],
      [
        '1767600000.1',
        'C1',
        '-',
        '10.3.0.1',
        '00:1d:9c:00:00:07',
        'drive-7',
        '10.3.0.30',
        'DISCOVER,OFFER,REQUEST,ACK',
      ],
    ),
  },
  {
    importer: 'zeek',
    name: 'modbus_detailed.log',
    bytes: zeekLog(
      'modbus_detailed',
      [...CONNECTION, 'tid', 'unit', 'func', 'request_response'],
      [...ends('10.3.0.20', '10.3.0.5', 502), '1', '4', 'WRITE_SINGLE_REGISTER', 'REQUEST'],
      [...ends('10.3.0.20', '10.3.0.5', 502), '1', '4', 'WRITE_SINGLE_REGISTER', 'RESPONSE'],
    ),
  },
  {
    importer: 'zeek',
    name: 's7comm_known_devices.log',
    bytes: zeekLog(
      's7comm_known_devices',
      [...CONNECTION, 'automation_system_name', 'module_name', 'module_serial'],
      [...ends('10.3.0.20', '10.3.0.5', 102), 'Press line', 'CPU 315-2 PN/DP', 'S C-X4U421302009'],
    ),
  },
  {
    importer: 'zeek',
    name: 'cip_identity.log',
    bytes: zeekLog(
      'cip_identity',
      [
        ...CONNECTION,
        'is_orig',
        'socket_address',
        'socket_port',
        'vendor_id',
        'vendor_name',
        'device_type_name',
        'revision',
        'serial_number',
        'product_name',
      ],
      [
        ...ends('10.3.0.20', '10.3.0.40', 44818),
        'F',
        '10.3.0.40',
        '44818',
        '1',
        'Rockwell Automation',
        'Communications Adapter',
        '4.3',
        '0x00524d8e',
        '1756-ENBT/A',
      ],
    ),
  },
  {
    importer: 'zeek',
    name: 'bacnet_discovery.log',
    bytes: zeekLog(
      'bacnet_discovery',
      [...CONNECTION, 'is_orig', 'source_h', 'source_p', 'pdu_service', 'object_type', 'instance_number', 'vendor'],
      [...ends('10.3.0.50', '10.3.0.255', 47808), 'T', '10.3.0.50', '47808', 'i-am', 'device', '721', 'Scada Engine'],
    ),
  },
  {
    importer: 'zeek',
    name: 'ssh.log',
    bytes: json(
      {
        ts: 1767600000.25,
        uid: 'C9',
        'id.orig_h': '10.3.0.20',
        'id.orig_p': 50000,
        'id.resp_h': '10.3.0.60',
        'id.resp_p': 22,
        client: 'SSH-2.0-PuTTY',
        server: 'SSH-2.0-dropbear_2019.78',
      },
      {
        ts: 1767600001,
        _path: 'snmp',
        'id.orig_h': '10.3.0.20',
        'id.orig_p': 50001,
        'id.resp_h': '10.3.0.60',
        'id.resp_p': 161,
        version: '2c',
        community: 'k33p-out',
        get_responses: 2,
        display_string: 'Switch X',
      },
    ),
  },
  {
    importer: 'suricata',
    name: 'eve.json',
    bytes: json(
      {
        timestamp: '2026-01-05T06:00:00.000000+0000',
        event_type: 'flow',
        src_ip: '10.3.0.20',
        src_port: 50000,
        dest_ip: '10.3.0.5',
        dest_port: 502,
        proto: 'TCP',
        app_proto: 'modbus',
        flow: { pkts_toserver: 5, pkts_toclient: 4, bytes_toserver: 500, bytes_toclient: 400 },
      },
      {
        timestamp: '2026-01-05T06:00:01.000000+0000',
        event_type: 'dhcp',
        src_ip: '10.3.0.1',
        dest_ip: '10.3.0.31',
        dhcp: {
          type: 'reply',
          dhcp_type: 'ack',
          client_mac: '00:1d:9c:00:00:08',
          assigned_ip: '10.3.0.31',
          hostname: 'drive-8',
          subnet_mask: '255.255.255.0',
        },
      },
      {
        timestamp: '2026-01-05T06:00:02.000000+0000',
        event_type: 'modbus',
        src_ip: '10.3.0.20',
        dest_ip: '10.3.0.5',
        dest_port: 502,
        proto: 'TCP',
        modbus: { request: { unit_id: 4, function_code: 'WrSingleReg' } },
      },
      {
        timestamp: '2026-01-05T06:00:03.000000+0000',
        event_type: 'ssh',
        src_ip: '10.3.0.20',
        dest_ip: '10.3.0.60',
        dest_port: 22,
        proto: 'TCP',
        ssh: { server: { proto_version: '2.0', software_version: 'dropbear_2019.78' } },
      },
      {
        timestamp: '2026-01-05T06:00:04.000000+0000',
        event_type: 'snmp',
        src_ip: '10.3.0.20',
        dest_ip: '10.3.0.60',
        dest_port: 161,
        proto: 'UDP',
        snmp: { version: 2, community: 'k33p-out' },
      },
      { timestamp: '2026-01-05T06:00:05.000000+0000', event_type: 'stats', stats: { uptime: 3 } },
    ),
  },
];
/** Texts in the samples that are secrets: they must never come out. */
export const SECRETS = ['k33p-out', 'secret stuff'];
