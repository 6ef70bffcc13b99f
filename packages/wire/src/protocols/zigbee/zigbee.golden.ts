// Written by hand after Zigbee 05-3474-23, ZCL 07-5123-08 and IEEE 802.15.4-2020: a coordinator that lets a lamp join,
// hands it the network key in clear, reads what it is and switches it, on a network without security; a secured network
// beside it, of which only the addresses can be read; 6LoWPAN, which is something else.
import { crc16Radio } from '../../crc16.ts';
import {
  type Bytes,
  type ByteWriter,
  bytesOf,
  type Capture,
  capture,
  LINK_TYPES,
  udp,
  write,
} from '../../testing/index.ts';

const PAN = 0x3359;
const COORDINATOR = '00:1f:ee:00:00:00:00:01';
const LAMP = '00:17:88:01:10:20:30:40';
const LOCK = '00:0d:6f:00:0a:0b:0c:0d';
const METER = '00:0f:ff:00:00:1f:02:22';
const LAMP_SHORT = 0x4b1d;
const LOCK_SHORT = 0x5c2e;

const backwards = (eui: string): Uint8Array =>
  Uint8Array.from(eui.split(':').map((pair) => Number.parseInt(pair, 16))).reverse();
const withChecksum = (frame: Bytes): ByteWriter => {
  const bytes = bytesOf(frame);
  return write()
    .bytes(bytes)
    .u16le(crc16Radio(new DataView(bytes.buffer, bytes.byteOffset), 0, bytes.length));
};
/** What radios of Texas Instruments put in place of the checksum: signal strength, and that it was right. */
const withQuality = (frame: Bytes): ByteWriter => write().bytes(frame).hex('eb e4');

/** A data frame between short addresses of one PAN, with an acknowledgement asked for. */
const data = (from: number, to: number, content: Bytes) =>
  write().u16le(0x8861).u8(7).u16le(PAN, to, from).bytes(content);
/** A network header; `flags` beside the version: 0x1000 says that the sender's EUI-64 follows, 0x800 the receiver's. */
const network = (type: number, flags: number, from: number, to: number, more: Bytes) =>
  write()
    .u16le((2 << 2) | type | flags, to, from)
    .u8(30, 9)
    .bytes(more);
const NOTHING = write();
/** Application data without security, from endpoint 1 (0 for the device profile) to the same. */
const application = (cluster: number, profile: number, content: Bytes, endpoint = profile === 0 ? 0 : 1) =>
  write().u8(0x40, endpoint).u16le(cluster, profile).u8(endpoint, 3).bytes(content);
const HOME = 0x0104;
const say = (from: number, to: number, content: Bytes, flags = 0, addresses: Bytes = NOTHING) =>
  data(from, to, network(0, flags, from, to, write().bytes(addresses).bytes(content)));

/** Nothing distinctive in text: the key is looked for as hex by this test's own reading. */
const NETWORK_KEY = 'Zk9-q7TrustPlant';
export const secrets = [NETWORK_KEY];

const frames = (): readonly Bytes[] => [
  // Beacon of the coordinator, association request of the lamp by its EUI-64, and the answer that gives it an address.
  write().u16le(0x8000).u8(1).u16le(PAN, 0x0000).hex('ff cf 00 00 00 22 84'),
  write().u16le(0xc823).u8(2).u16le(PAN, 0x0000, 0xffff).bytes(backwards(LAMP)).u8(1, 0x8e),
  write()
    .u16le(0xcc63)
    .u8(3)
    .u16le(PAN)
    .bytes(backwards(LAMP))
    .bytes(backwards(COORDINATOR))
    .u8(2)
    .u16le(LAMP_SHORT)
    .u8(0),
  // The trust centre sends the key without protection (application command 5, standard network key).
  say(
    0,
    LAMP_SHORT,
    write().u8(0x01, 1, 5, 1).latin1(NETWORK_KEY).u8(0).bytes(backwards(LAMP), backwards(COORDINATOR)),
    0x1000,
    backwards(COORDINATOR),
  ),
  // Device announcement to everybody: a mains powered router.
  say(
    LAMP_SHORT,
    0xfffd,
    application(0x0013, 0, write().u8(1).u16le(LAMP_SHORT).bytes(backwards(LAMP)).u8(0x8e)),
    0x1000,
    backwards(LAMP),
  ),
  // Node descriptor: router, manufacturer code 0x100b.
  say(
    LAMP_SHORT,
    0,
    application(
      0x8002,
      0,
      write().u8(2, 0).u16le(LAMP_SHORT).hex('01 40 8e').u16le(0x100b).hex('52 8000 0000 8000 00'),
    ),
  ),
  // Basic cluster: what is it? An unsupported attribute is left out, a number and texts are told.
  say(0, LAMP_SHORT, application(0, HOME, write().u8(0x00, 10, 0x00).u16le(3, 4, 5, 0x10, 0x4000, 7))),
  say(
    LAMP_SHORT,
    0,
    application(
      0,
      HOME,
      write()
        .u8(0x18, 10, 0x01)
        .u16le(3)
        .u8(0, 0x20, 2)
        .u16le(4)
        .u8(0, 0x42)
        .lengthPrefixed8(write().text('Signify Netherlands B.V.'))
        .u16le(5)
        .u8(0, 0x42)
        .lengthPrefixed8(write().text('LWA001'))
        .u16le(6)
        .u8(0x86)
        .u16le(0x10)
        .u8(0, 0x42)
        .lengthPrefixed8(write().text('Hall 3'))
        .u16le(7)
        .u8(0, 0x30, 1)
        .u16le(0x4000)
        .u8(0, 0x42)
        .lengthPrefixed8(write().text('1.88.1')),
    ),
  ),
  // A report of another cluster, and one that breaks off: neither tells what the device is.
  say(LAMP_SHORT, 0, application(6, HOME, write().u8(0x18, 11, 0x0a).u16le(0).u8(0x10, 1))),
  say(LAMP_SHORT, 0, application(0, HOME, write().u8(0x18, 12, 0x0a).u16le(4).u8(0x42, 40).text('Sig'))),
  // Orders: switch on, write an attribute, configure reporting, an unknown command, a firmware block to the device.
  say(0, LAMP_SHORT, application(6, HOME, write().u8(0x01, 13, 0x01))),
  say(
    0,
    LAMP_SHORT,
    application(0, HOME, write().u8(0x00, 14, 0x02).u16le(0x10).u8(0x42).lengthPrefixed8(write().text('x'))),
  ),
  say(0, LAMP_SHORT, application(8, HOME, write().u8(0x00, 15, 0x06).hex('00 0000 20 0000 0000 01'))),
  say(0, LAMP_SHORT, application(0x0300, HOME, write().u8(0x01, 16, 0x4b))),
  say(0, LAMP_SHORT, application(0x0019, HOME, write().u8(0x19, 17, 0x05, 0))),
  say(0, LAMP_SHORT, application(0x0036, 0, write().u8(18, 60, 1))),
  // Link status, as only routers send it, and from the coordinator.
  data(LAMP_SHORT, 0xffff, network(1, 0x1000, LAMP_SHORT, 0xfffc, write().bytes(backwards(LAMP)).hex('08 61 0000 11'))),
  data(
    0,
    0xffff,
    network(1, 0x1000, 0, 0xfffc, write().bytes(backwards(COORDINATOR)).hex('08 61').u16le(LAMP_SHORT).u8(0x11)),
  ),
  // An address is asked for and told: the lock, of which nothing else was seen, is then known by its short address.
  say(
    0,
    LAMP_SHORT,
    application(0x8001, 0, write().u8(19, 0).bytes(backwards(LOCK)).u16le(LOCK_SHORT)),
    0x1800,
    write().bytes(backwards(LAMP), backwards(COORDINATOR)),
  ),
  say(LOCK_SHORT, 0, write().u8(0x02, 1).u16le(0, HOME).u8(1, 5)),
  say(0, LOCK_SHORT, application(0x0101, HOME, write().u8(0x01, 20, 0x01))),
  // Secured by the network key: what is in it nobody can read, who secured it can.
  data(
    0x1111,
    0,
    network(0, 0x0200, 0x2222, 0, write().hex('28 01000000').bytes(backwards(METER)).u8(0).hex('a1b2c3d4e5f6')),
  ),
  // Nothing of this: an acknowledgement, 6LoWPAN, an address of all ones, a frame that ends in its header.
  write().hex('0200 07'),
  data(1, 2, write().hex('7a33 3a fe80')),
  write().u16le(0xd841).u8(9).u16le(PAN, 0xffff).hex('ffffffffffffffff').hex('00'),
  write().u16le(0x8861).u8(9).u16le(PAN),
];

/** Version 2 of the header, the frame with its checksum; and version 1 with the quality in its place. */
const wrap = (frame: Bytes) => write().text('EX').u8(2, 1, 11, 0, 1, 1, 108).zeros(22).lengthPrefixed8(frame);
const wrapOld = (frame: Bytes) => write().text('EX').u8(1, 11, 0, 1, 0, 108).zeros(7).lengthPrefixed8(frame);

/** Wrapped in UDP, as a sniffer on the network hands them on (ZEP version 2). */
export const wrapped = (toPort: number): Capture =>
  capture(
    'Zigbee: joining, reading, switching',
    frames().map((frame) =>
      udp({ from: '10.0.0.9', fromPort: 17_754, to: '10.0.0.8', toPort }, wrap(withChecksum(frame))),
    ),
  );
export const golden = wrapped(17_754);

/** The same frames as a radio captures them: with its checksum, without, and with a TAP header before each. */
export const onTheAir = (): readonly Capture[] => {
  const of = (linkType: number, wrap: (frame: Bytes) => ByteWriter) =>
    capture(
      '',
      frames().map((frame) => ({ bytes: wrap(frame).build() })),
      { linkType },
    );
  const tap = () => write().u8(0, 0).u16le(20, 0, 1).u8(1, 0, 0, 0).u16le(1, 4).f32(-60);
  return [
    of(LINK_TYPES.ieee802154, withChecksum),
    of(LINK_TYPES.ieee802154, withQuality),
    of(LINK_TYPES.ieee802154WithoutChecksum, (frame) => write().bytes(frame)),
    of(LINK_TYPES.ieee802154Tap, (frame) => tap().bytes(withChecksum(frame))),
  ];
};

/** As old sniffers wrap them, and frames that the air damaged. */
export const wrappedOld = (): Capture => onePort(frames().map((frame) => wrapOld(withQuality(frame))));
export const damaged = (): readonly Capture[] => {
  const bytes = frames().map((frame) => write().bytes(frame).hex('beef').build());
  return [
    capture(
      '',
      [withChecksum(write().hex('0200 07')).build(), ...bytes].map((frame) => ({ bytes: frame })),
      { linkType: LINK_TYPES.ieee802154 },
    ),
    onePort(bytes.map(wrap)),
  ];
};
const onePort = (payloads: readonly Bytes[]): Capture =>
  capture(
    '',
    payloads.map((payload) => udp({ from: '10.0.0.9', fromPort: 17_754, to: '10.0.0.8', toPort: 17_754 }, payload)),
  );
