import { expect, it } from 'vitest';
import { readDocument, readTitle } from './identity-documents.ts';
import { secretOfForm, secretOfJson, secretOfSoap } from './secrets.ts';
import { scanXml } from './xml.ts';

const said = (text: string) => Object.fromEntries(readDocument(text).map(({ kind, value }) => [kind, value]));

// Forms of makers that the golden capture has no room for.
it.each([
  [
    'Edimax plug',
    '<?xml version="1.0"?><SMARTPLUG id="edimax"><CMD id="get"><SYSTEM_INFO><Run.Cus>EDIMAX</Run.Cus><Run.Model>SP1101W</Run.Model><Run.FW.Version>1.03</Run.FW.Version><Run.LAN.Client.MAC.Address>74DA38000001</Run.LAN.Client.MAC.Address></SYSTEM_INFO></CMD></SMARTPLUG>',
    {
      'device.vendor': 'EDIMAX',
      'device.model': 'SP1101W',
      'device.firmware': '1.03',
      'address.announced-mac': '74:da:38:00:00:01',
    },
  ],
  [
    'Axis JSON',
    '{"apiVersion":"1.0","data":{"propertyList":{"Brand":"AXIS","ProdNbr":"P3245-LV","SerialNumber":"B8A44F000001","Version":"10.8.2"}}}',
    {
      'device.vendor': 'AXIS',
      'device.model': 'P3245-LV',
      'device.serial': 'B8A44F000001',
      'device.firmware': '10.8.2',
    },
  ],
  [
    'Cast',
    '{"build_info":{},"device_info":{"manufacturer":"Google Inc.","model_name":"Chromecast","mac_address":"02:00:5E:10:00:01"}}',
    { 'device.vendor': 'Google Inc.', 'device.model': 'Chromecast', 'address.announced-mac': '02:00:5e:10:00:01' },
  ],
  [
    'Dahua lines',
    'deviceType=IPC-HDW4431C\r\nhardwareVersion=1.00\r\nserialNumber=4K012345PAG\r\n',
    { 'device.model': 'IPC-HDW4431C', 'device.hardware-version': '1.00', 'device.serial': '4K012345PAG' },
  ],
  ['a list of lamps in a hub', '{"lights":{"1":{"modelid":"LCT001","swversion":"1","bridgeid":"x"}}}', {}],
  ['a device without type', '<root><device><modelName>X1</modelName></device></root>', {}],
  ['a device description inside another document', '<a><DeviceInfo><model>X</model></DeviceInfo></a>', {}],
  ['placeholders', '<DeviceInfo><model>none</model><serialNumber>000000000</serialNumber></DeviceInfo>', {}],
  ['nothing', '', {}],
])('reads %s', (_, text, expected) => {
  expect(said(text)).toEqual(expected);
});

it('reads titles', () => {
  expect(readTitle('<html><HEAD><title lang="en">\n Pump&nbsp;2 &#8211; state </title>')).toBe('Pump 2 – state');
  expect(readTitle('<p>no title</p>')).toBe('');
});

it('scans broken XML as far as it goes, and no deeper than it should', () => {
  const texts: string[] = [];
  scanXml('<a><!-- <b>no</b> --><x:b at="1">one</x:b><c/>two<d><![CDATA[<3>]]></d></a></e><f>four<', (path, text) =>
    texts.push(`${path.join('/')}=${text}`),
  );
  expect(texts).toEqual(['a/b=one', 'a=two', 'a/d=<3>', 'f=four']);
  let deepest = 0;
  scanXml('<a>x'.repeat(100_000), (path) => {
    deepest = Math.max(deepest, path.length);
  });
  expect(deepest).toBe(32);
});

// Which requests carry a password, and which only look like it.
it.each([
  ['user=bob&pwd=1', secretOfForm, 'bob'],
  ['login_password=x', secretOfForm, ''],
  ['username=a%40b.example&passwd=x', secretOfForm, 'a@b.example'],
  ['user=bob&password=', secretOfForm, undefined],
  ['q=password', secretOfForm, undefined],
  ['passage=1&user=bob', secretOfForm, undefined],
  ['{"user":"bob","password":"x"}', secretOfJson, 'bob'],
  ['{"user":"bob","password":""}', secretOfJson, undefined],
  [
    '<UsernameToken><Username>a</Username><Password Type="#PasswordDigest">x</Password></UsernameToken>',
    secretOfSoap,
    undefined,
  ],
] as const)('%s', (text, read, account) => {
  const found = read(text, 'HTTP form password');
  expect(found ? (found.account ?? '') : undefined).toBe(account);
});
