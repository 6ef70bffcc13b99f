// Every format read from a small document: what it says, where it stands, and what is kept out.
import { describe, expect, test } from 'vitest';
import { IMPORTERS, importerFor } from '../index.ts';
import { readAll, said } from '../testing/read-all.ts';
import { HBOM_XML, NESSUS, NMAP, OPENVAS, SAMPLES, SECRETS } from '../testing/samples.ts';

const sample = (name: string) => {
  const found = SAMPLES.find((one) => one.name === name);
  if (!found) throw new Error(`no sample ${name}`);
  return readAll(found.bytes, name);
};

describe('Every importer', () => {
  test('has a sample that it, and no other one before it, recognises', () => {
    for (const { importer, name, bytes } of SAMPLES)
      expect(importerFor(bytes.subarray(0, 16_384), name)?.name, name).toBe(importer);
    for (const { name } of IMPORTERS)
      expect(
        SAMPLES.some(({ importer }) => importer === name),
        name,
      ).toBe(true);
    expect(new Set(IMPORTERS.map(({ name }) => name)).size).toBe(IMPORTERS.length);
  });

  test('says the same whatever the size of the pieces, each fact with document, place and field', async () => {
    for (const { name, bytes, importer } of SAMPLES) {
      const whole = await readAll(bytes, name, { size: 1 << 20 });
      const small = await readAll(bytes, name, { size: 7 });
      expect(said(small).sort(), name).toEqual(said(whole).sort());
      expect(whole.observations.length, name).toBeGreaterThan(0);
      for (const { provenance, said: who } of whole.observations) {
        expect(who).toBe('imported');
        expect(provenance).toMatchObject({ from: 'document', document: name, importer });
        if (provenance.from === 'document') expect(`${provenance.path} ${provenance.field}`.length).toBeGreaterThan(5);
      }
    }
  });

  test('keeps secrets out', async () => {
    for (const { name, bytes } of SAMPLES) {
      const text = JSON.stringify(await readAll(bytes, name));
      for (const secret of SECRETS) expect(text, name).not.toContain(secret);
    }
  });

  test('takes nothing and random bytes for what they are', async () => {
    for (const { name } of IMPORTERS) {
      const empty = await readAll('', 'x', { importer: name });
      expect(empty.observations, name).toEqual([]);
      const noise = Uint8Array.from({ length: 5_000 }, (_, i) => (i * 7919) % 251);
      expect((await readAll(noise, 'x', { importer: name })).observations, name).toEqual([]);
    }
  });
});

describe('nmap', () => {
  test('tells addresses, names, services that were asked, systems, and what scripts asked of controllers', async () => {
    const read = await readAll(NMAP, 'scan.xml');
    expect(read).toMatchObject({ records: 3, refused: 0, problems: [] });
    const press = '10.3.0.5@00:1b:1b:23:eb:3b';
    expect(said(read)).toEqual(
      expect.arrayContaining([
        `${press} address.listed-ip 10.3.0.5`,
        `${press} device.hostname press5.plant.example`,
        `${press} service.offered {"transport":"tcp","port":102,"protocol":"s7comm"}`,
        `${press} service.offered {"transport":"tcp","port":80}`,
        `${press} device.order-number 6ES7 315-2EH14-0AB0`,
        `${press} device.firmware 3.2.6`,
        `${press} device.vendor Siemens`,
        `${press} device.os Siemens Simatic 300 programmable logic controller`,
        `10.3.0.7#modbus-unit:1 device.description Weigh Co W-20 1.4`,
        `10.3.0.7 device.vendor Rockwell Automation/Allen-Bradley`,
        `10.3.0.7 cip.vendor-id 1`,
        `10.3.0.7 bacnet.instance 77`,
        `10.3.0.7 netbios.name SCALE7`,
      ]),
    );
    expect(said(read).filter((text) => text.includes('10.3.0.6') || text.includes('"port":23'))).toEqual([]);
    expect(read.observations[0]).toMatchObject({
      first: 1767600100000,
      provenance: { path: '/nmaprun/host[1]/address' },
    });
  });
});

describe('Nessus and OpenVAS', () => {
  test('tell host facts and no vulnerabilities', async () => {
    const nessus = await readAll(NESSUS, 'plant.nessus');
    const host = '10.3.0.5@00:1b:1b:23:eb:3b';
    expect(said(nessus)).toEqual([
      `${host} address.listed-ip 10.3.0.5`,
      `${host} address.listed-mac 00:1b:1b:23:eb:3b`,
      `${host} device.hostname press5.plant.example`,
      `${host} netbios.name PRESS5`,
      `${host} device.os Microsoft Windows 10 Pro`,
      `${host} device.cpe cpe:/o:microsoft:windows_10`,
      `${host} service.offered {"transport":"tcp","port":445,"protocol":"smb"}`,
      `${host} service.offered {"transport":"tcp","port":3389}`,
    ]);
    const openvas = said(await readAll(OPENVAS, 'report.xml'));
    const camera = '10.3.0.8@00:40:8c:01:02:03';
    expect(openvas).toEqual(
      expect.arrayContaining([
        '10.3.0.8 service.offered {"transport":"tcp","port":443}',
        '10.3.0.8 service.offered {"transport":"tcp","port":80}',
        `${camera} device.os Linux/Unix`,
        `${camera} device.hostname camera8.plant.example`,
        `${camera} service.offered {"transport":"tcp","port":554,"protocol":"rtsp"}`,
      ]),
    );
  });
});

describe('CycloneDX', () => {
  test('tells a device with its boards as parts, found by its serial number', async () => {
    expect(said(await readAll(HBOM_XML, 'bom.xml'))).toEqual([
      '~Source/EC-0042 device.vendor Example Controls',
      '~Source/EC-0042 device.model EC-200',
      '~Source/EC-0042 device.hardware-version B',
      '~Source/EC-0042 device.serial EC-0042',
      '~Source/EC-0042#listed:cpu device.module-name CPU board',
      '~Source/EC-0042#listed:cpu device.model CPU board',
      '~Source/EC-0042#listed:cpu device.serial CB-7',
      '~Source/EC-0042 device.firmware 4.1.0',
    ]);
  });
  test('tells each device of a site; software is none', async () => {
    const read = await sample('bom.json');
    expect(said(read)).toEqual(
      expect.arrayContaining([
        '@00:1d:9c:00:00:07 device.serial ED-000777',
        '@00:1d:9c:00:00:07 address.listed-mac 00:1d:9c:00:00:07',
        '@00:1d:9c:00:00:07#listed:o1 device.module-name Option board',
      ]),
    );
    expect(read.problems).toMatchObject([{ code: 'kind.not-known', path: '/components[1]' }]);
  });
});

describe('NetBox', () => {
  test('a page of the API: devices with and without an address', async () => {
    const read = said(await sample('devices.json'));
    expect(read).toEqual(
      expect.arrayContaining([
        '10.3.0.5 device.hostname press5',
        '10.3.0.5 device.vendor Siemens',
        '10.3.0.5 device.order-number 6ES7 315-2EH14-0AB0',
        '10.3.0.5 device.location Plant 1, Cabinet 4',
        '10.3.0.5 network.mask 255.255.255.0',
        '~Source/Spare drive device.model ED-11',
      ]),
    );
  });
  test('what the server fetched: interfaces, addresses and items belong to their devices', async () => {
    expect(said(await sample('netbox.example.netbox.jsonl'))).toEqual(
      expect.arrayContaining([
        '~Source/C9 address.listed-mac 00:40:8c:00:00:09',
        '~Source/C9 network.vlan 12',
        '~Source/C9 address.listed-ip 10.3.0.9',
        '~Source/C9#listed:Lens device.serial L-5',
      ]),
    );
  });
});

describe('Zeek', () => {
  test('conn: who spoke, who answered, how much', async () => {
    const read = await sample('conn.log');
    expect(read).toMatchObject({ records: 3, refused: 0 });
    expect(said(read, 'address.listed-ip')).toEqual([
      '10.3.0.20 address.listed-ip 10.3.0.20',
      '10.3.0.5 address.listed-ip 10.3.0.5',
    ]);
    expect(said(read, 'service.offered')).toEqual([
      '10.3.0.5 service.offered {"transport":"tcp","port":502,"protocol":"modbus"}',
    ]);
    expect(read.observations.find(({ kind }) => kind === 'conversation')).toMatchObject({
      value: { peer: '10.3.0.5', packetsSent: 10, packetsReceived: 9, bytesSent: 900 },
      first: 1767600000500,
    });
    expect(read.observations[0]?.count).toBe(3);
  });
  test('dhcp, industrial logs, JSON lines', async () => {
    expect(said(await sample('dhcp.log'))).toEqual(
      expect.arrayContaining([
        '10.3.0.30@00:1d:9c:00:00:07 device.hostname drive-7',
        '10.3.0.1 service.offered {"transport":"udp","port":67,"protocol":"dhcp"}',
      ]),
    );
    const modbus = await sample('modbus_detailed.log');
    expect(said(modbus, 'operation')).toEqual([
      '10.3.0.5 operation {"from":"10.3.0.20","what":"modbus: write single register","kind":"write"}',
    ]);
    expect(said(modbus, 'modbus.unit-id')).toEqual(['10.3.0.5#modbus-unit:4 modbus.unit-id 4']);
    expect(
      said(await sample('s7comm_known_devices.log'), 'device.serial', 'device.plc-name', 'device.model'),
    ).toHaveLength(3);
    expect(said(await sample('cip_identity.log'))).toEqual(
      expect.arrayContaining([
        '10.3.0.40 device.vendor Rockwell Automation',
        '10.3.0.40 device.serial 0x00524d8e',
        '10.3.0.40 cip.vendor-id 1',
      ]),
    );
    expect(said(await sample('bacnet_discovery.log'))).toEqual(
      expect.arrayContaining(['10.3.0.50 bacnet.instance 721', '10.3.0.50 bacnet.maker Scada Engine']),
    );
    const lines = await sample('ssh.log');
    expect(said(lines)).toEqual(
      expect.arrayContaining([
        '10.3.0.60 ssh.banner SSH-2.0-dropbear_2019.78',
        '10.3.0.60 device.description Switch X',
        '10.3.0.60 credential.cleartext {"what":"SNMP community"}',
      ]),
    );
  });
});

test('Suricata: flows, leases, functions, banners', async () => {
  const read = await sample('eve.json');
  expect(read).toMatchObject({ records: 6, refused: 0, problems: [] });
  expect(said(read)).toEqual(
    expect.arrayContaining([
      '10.3.0.31@00:1d:9c:00:00:08 device.hostname drive-8',
      '10.3.0.31@00:1d:9c:00:00:08 network.mask 255.255.255.0',
      '10.3.0.5 operation {"from":"10.3.0.20","what":"modbus: write single reg","kind":"write"}',
      '10.3.0.60 ssh.banner SSH-2.0-dropbear_2019.78',
      '10.3.0.60 credential.cleartext {"what":"SNMP community"}',
    ]),
  );
});

test('a workbook: each sheet with a head, cells by sheet, row and column; long numbers whole', async () => {
  const read = await sample('assets.xlsx');
  expect(said(read, 'device.serial')).toEqual([
    '10.3.0.5@00:1b:1b:23:eb:3b device.serial S C-1',
    '10.3.0.7 device.serial 12345678901234',
  ]);
  expect(read.observations.find(({ kind }) => kind === 'device.serial')?.provenance).toMatchObject({
    path: 'sheet Hall 3, row 2, column F',
    field: 'Serial number',
  });
  expect(read.problems).toMatchObject([{ code: 'kind.not-known', path: 'sheet Notes' }]);
});
