import { expect, it } from 'vitest';
import { readInstanceName, readTextRecord } from './text-records.ts';

const said = (service: string, ...strings: readonly string[]) =>
  Object.fromEntries(readTextRecord(strings, service).map(({ kind, value }) => [kind.replace(/^\w+\./, ''), value]));

// Services and makers that the golden capture has no room for.
it.each([
  [
    '_airplay._tcp',
    ['deviceid=02:00:5E:10:00:01', 'model=AppleTV5,3', 'srcvers=220.68', 'serialNumber=C07ABC', 'manufacturer=Apple'],
    {
      'announced-mac': '02:00:5e:10:00:01',
      model: 'AppleTV5,3',
      software: 'AirPlay 220.68',
      serial: 'C07ABC',
      vendor: 'Apple',
    },
  ],
  [
    '_http._tcp',
    ['id=shelly1-B929CC', 'fw_id=20230913-112531/v1.14.0-gcb84623', 'arch=esp8266'],
    { firmware: '20230913-112531/v1.14.0-gcb84623' },
  ],
  [
    '_easylink._tcp',
    ['Firmware Rev=ESP8266_1.0', 'Hardware Rev=3080', 'Model=EMW3080', 'Manufacturer=MXCHIP'],
    { firmware: 'ESP8266_1.0', 'hardware-version': '3080', model: 'EMW3080', vendor: 'MXCHIP' },
  ],
  [
    '_airport._tcp',
    ['waMA=02-00-5E-10-00-02,raMA=02-00-5E-10-00-03,syVs=7.9.1,syAP=120'],
    { 'announced-mac': '02:00:5e:10:00:02', firmware: '7.9.1' },
  ],
  [
    '_soundtouch._tcp',
    ['DESCRIPTION=SoundTouch', 'MAC=02005E100004', 'MANUFACTURER=Bose Corporation', 'MODEL=SoundTouch'],
    { 'announced-mac': '02:00:5e:10:00:04', vendor: 'Bose Corporation', model: 'SoundTouch' },
  ],
  ['_meshcop._udp', ['vn=Acme', 'mn=Border Router 1', 'tv=1.3.0'], { vendor: 'Acme', model: 'Border Router 1' }],
  [
    '_printer._tcp',
    ['ty=Brother HL-L2350DW', 'mfg=Brother', 'mdl=HL-L2350DW'],
    { model: 'Brother HL-L2350DW', vendor: 'Brother' },
  ],
  ['_pdl-datastream._tcp', ['usb_MFG=SATO', 'usb_MDL=CL4NX'], { vendor: 'SATO', model: 'CL4NX' }],
  // HomeKit identifiers look like addresses and are none; types of metadata are no model.
  ['_hap._tcp', ['id=AA:BB:CC:DD:EE:FF', 'md=Bulb'], { model: 'Bulb' }],
  ['_raop._tcp', ['md=0,1,2'], {}],
  ['_http._tcp', ['model=unknown', 'serial=', 'version=3', 'path=/', 'mac=00:00:00:00:00:00'], {}],
  ['_http._tcp', ['model=A', 'Model=B'], { model: 'A' }],
])('text of %s: %s', (service, strings, expected) => {
  expect(said(service, ...strings)).toEqual(expected);
});

it.each([
  ['_sonos._tcp', 'RINCON_02005E10000501400@Lobby', { 'announced-mac': '02:00:5e:10:00:05', vendor: 'Sonos' }],
  ['_http._tcp', 'AXIS M1065-LW - ACCC8E000001', { vendor: 'AXIS', model: 'M1065-LW', serial: 'ACCC8E000001' }],
  ['_miio._udp', 'yeelink-light-color1_miio12345678', { model: 'yeelink-light-color1' }],
  ['_http._tcp', 'Axis of a mill', {}],
])('instance of %s: %s', (service, instance, expected) => {
  const facts = readInstanceName(instance, service).map(({ kind, value }) => [kind.replace(/^\w+\./, ''), value]);
  expect(Object.fromEntries(facts)).toEqual(expected);
});
