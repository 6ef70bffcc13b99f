// Multicast DNS of a plant's printer, camera, instrument, hubs and computers, with a reflector between two networks.
import { type Bytes, capture, type Frame, udp, write } from '../../testing/index.ts';
import {
  AUTHORITATIVE,
  a,
  aaaa,
  hinfo,
  message,
  name,
  pointer,
  ptr,
  srv,
  txt,
  unique,
} from '../dns/messages.golden.ts';

const GROUP4 = '224.0.0.251';
const GROUP6 = 'ff02::fb';

const say = (from: string, content: Bytes): Frame =>
  udp({ from, fromPort: 5353, to: from.includes(':') ? GROUP6 : GROUP4, toPort: 5353, ttl: 255 }, content);

interface Service {
  readonly host: string;
  readonly address: string;
  readonly instance: string;
  readonly service: string;
  readonly text?: readonly string[];
}
/** What a responder sends for one service: pointer, service, text and address records. */
const announce = (from: string, { host, address, instance, service, text = [] }: Service): Frame =>
  say(
    from,
    message({
      flags: AUTHORITATIVE,
      answers: [
        ptr(`${service}.local`, `${instance}.${service}.local`),
        srv(`${instance}.${service}.local`, 80, `${host}.local`, unique),
        txt(`${instance}.${service}.local`, text, unique),
      ],
      additionals: [a(`${host}.local`, address, unique)],
    }),
  );

const of = (from: string, host: string, instance: string, service: string, text: readonly string[]): Frame =>
  announce(from, { host, address: from, instance, service, text });

export const golden = capture('mDNS and DNS-SD of printers, cameras, instruments, hubs and computers', [
  // A host makes sure of its name (RFC 6762 section 8.1), announces it with all its addresses, and its reverse names.
  say(
    '192.168.20.30',
    message({
      flags: 0,
      questions: [['robot30.local', 255]],
      authorities: [a('robot30.local', '192.168.20.30')],
    }),
  ),
  say(
    '192.168.20.30',
    message({
      flags: AUTHORITATIVE,
      answers: [
        a('robot30.local', '192.168.20.30', unique),
        aaaa('robot30.local', 'fd00:20::30', unique),
        hinfo('robot30.local', 'X86_64', 'LINUX', unique),
        ptr('30.20.168.192.in-addr.arpa', 'robot30.local', unique),
        ptr('_services._dns-sd._udp.local', '_ssh._tcp.local'),
      ],
    }),
  ),
  // The same host over IPv6, with its IPv4 address only: still its own.
  say('fe80::30', message({ flags: AUTHORITATIVE, answers: [a('robot30.local', '192.168.20.30', unique)] })),
  // A reverse name alone, and one of the network 10 that nobody has here.
  say(
    '192.168.20.31',
    message({ flags: AUTHORITATIVE, answers: [ptr('31.20.168.192.in-addr.arpa', 'robot31.local')] }),
  ),
  // A device with two names: its services run under one of them.
  say(
    '192.168.20.32',
    message({
      flags: AUTHORITATIVE,
      answers: [
        a('panelE143.local', '192.168.20.32', unique),
        a('panel.local', '192.168.20.32', unique),
        srv('Panel._http._tcp.local', 80, 'panel.local', unique),
      ],
    }),
  ),
  // Somebody looks for printers and says which ones are known: nothing of it is the asker's.
  say(
    '192.168.20.50',
    message({
      flags: 0,
      questions: [['_ipp._tcp.local', 12]],
      answers: [ptr(pointer(12), 'Label Printer 4._ipp._tcp.local')],
    }),
  ),
  // The printer, with compressed names, its model in two spellings, its place and its UUID.
  of('192.168.20.44', 'label4', 'Label Printer 4', '_ipp._tcp', [
    'txtvers=1',
    'ty=Zebra ZT410-300dpi',
    'usb_MFG=Zebra',
    'usb_MDL=ZT410',
    'note=Hall 3, line 2',
    'UUID=e3248000-80ce-11db-8000-001122334455',
    'adminurl=http://label4.local/',
  ]),
  // A print server shares the queue of another printer: the model is not the server's.
  of('192.168.20.45', 'printserver', 'Office @ printserver', '_ipp._tcp', [
    'rp=printers/Office',
    'ty=HP LaserJet 4',
    'printer-type=0x809046',
  ]),
  // A camera names maker, model and serial number in its instance name, its address in the text.
  of('192.168.20.46', 'axis-00408c123456', 'AXIS P3304 - 00408C123456', '_axis-video._tcp', [
    'macaddress=00408C123456',
  ]),
  // A camera that describes itself in a sentence, and puts its address behind its name.
  of('192.168.20.47', 'cam47', 'cam [02:00:5e:10:00:47]', '_http._tcp', ['IC-3115W Network Camera', 'path=/']),
  // A home device with its versions; the address of its service comes by a name that was told before.
  of('192.168.20.48', 'dcs48', 'D-Link HNAP Service', '_dhnap._tcp', [
    'mac=02:00:5E:10:00:48',
    'model_number=DCS-935L',
    'hardware_ver=A1',
    'version=0106',
  ]),
  // An instrument (LXI Device Specification section 10) and an industrial controller with its order number.
  of('192.168.20.49', 'scope49', 'Scope, bench 2', '_lxi._tcp', [
    'txtvers=1',
    'Manufacturer=Keysight Technologies',
    'Model=DSOX3024T',
    'SerialNumber=MY58123456',
    'FirmwareVersion=07.40.2021031200',
  ]),
  of('192.168.20.52', 'plc52', 'Line 2', '_http._tcp', [
    'order_number=2404267',
    'hw_rev=03',
    'serial=0000000000',
    'fw=n/a',
  ]),
  // Hubs, loudspeakers, plugs, lights.
  of('192.168.20.53', 'Philips-hue', 'Philips Hue - 123456', '_hue._tcp', [
    'bridgeid=02005efffe100053',
    'modelid=BSB002',
  ]),
  of('192.168.20.54', 'plug54', 'Plug 54', '_hap._tcp', ['md=Eve Energy 20EBO8301', 'id=AA:BB:CC:DD:EE:FF', 'ci=7']),
  of('192.168.20.55', 'cast55', 'Chromecast-1', '_googlecast._tcp', [
    'id=5fd1a0b0c2d34e5f8a9b0c1d2e3f4a5b',
    'md=Chromecast',
    'fn=Meeting room 2',
  ]),
  of('192.168.20.56', 'esp56', 'oven-sensor', '_esphomelib._tcp', [
    'version=2024.2.1',
    'mac=02005e100056',
    'project_name=acme.oven',
    'project_version=1.4',
    'platform=ESP32',
  ]),
  of('192.168.20.57', 'nas57', 'nas57', '_http._tcp', [
    'vendor=Synology',
    'model=DS218+',
    'serial=1780PDN012345',
    'version_major=7',
    'version_minor=1',
    'version_build=42962',
    'mac_address=02:00:5e:10:00:57|02:00:5e:10:01:57',
  ]),
  // It borrows Apple's icon, which makes no Mac of it; a Mac says the version of its system too.
  of('192.168.20.57', 'nas57', 'nas57', '_device-info._tcp', ['model=Xserve']),
  of('192.168.20.58', 'mac58', 'mac58', '_device-info._tcp', ['model=MacBookPro14,1', 'osxvers=22']),
  of('192.168.20.59', 'qnap59', 'qnap59', '_qdiscover._tcp', [
    'accessType=https,accessPort=443,displayModel=TS-253D,fwVer=5.1.0',
  ]),
  of('192.168.20.60', 'tv60', '02005E100060@Lobby', '_raop._tcp', ['am=AppleTV11,1', 'md=0,1,2']),
  // One service of two kinds (RFC 6763 section 7.1), and a record that is taken back (RFC 6762 section 10.1).
  say(
    '192.168.20.44',
    message({
      flags: AUTHORITATIVE,
      answers: [
        ptr('_universal._sub._ipp._tcp.local', 'Label Printer 4._ipp._tcp.local'),
        ptr('_pdl-datastream._tcp.local', 'Gone._pdl-datastream._tcp.local', { ttl: 0 }),
        a('gone.local', '192.168.20.99', { ...unique, ttl: 0 }),
      ],
    }),
  ),
  // A reflector repeats what a host of another network said: it is told of that host's address.
  announce('192.168.20.1', {
    host: 'drive7',
    address: '192.168.30.7',
    instance: 'Drive 7',
    service: '_http._tcp',
    text: ['model=ACX580-01', 'firmware=2.15'],
  }),
  // Of another service it is not known whose it is.
  say(
    '192.168.20.1',
    message({ flags: AUTHORITATIVE, answers: [ptr('_http._tcp.local', 'Unknown._http._tcp.local')] }),
  ),
  // Broken: a name that points forward, and a message that ends in its header.
  say('192.168.20.61', write().u16(0, AUTHORITATIVE, 0, 1, 0, 0).bytes(pointer(40)).u16(1, 1).u32(120).u16(0)),
  say('192.168.20.61', write().u16(0, AUTHORITATIVE, 0, 1)),
  say('192.168.20.61', write().u16(0, AUTHORITATIVE, 0, 1, 0, 0).bytes(name('half.local')).u16(1)),
]);
