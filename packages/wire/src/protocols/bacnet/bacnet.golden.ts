// A building as BACnet shows it: devices that announce themselves, also from behind a router and a broadcast management
// device, a workstation that reads, writes and restarts, and devices on Ethernet and IPv6. Written after ASHRAE 135.
import { type Bytes, bytesOf, capture, ipBytes, llc, udp, write } from '../../testing/index.ts';

const WORKSTATION = '10.20.0.5';
const ROUTER = '10.20.0.7';
const CONTROLLER = '10.20.0.8';
const BBMD = '10.20.0.9';
const FAR = '10.30.0.4';
const EVERYBODY = '10.20.0.255';
const PORT = 47808;

// ------------------------------------------------------------------ link and network layer

const bvlc = (code: number, data: Bytes, type = 0x81) => {
  const bytes = bytesOf(data);
  return write()
    .u8(type, code)
    .u16(4 + bytes.length)
    .bytes(bytes);
};
const UNICAST = 0x0a;
const BROADCAST = 0x0b;

interface Routing {
  readonly to?: { readonly network: number; readonly address: readonly number[] };
  readonly from?: { readonly network: number; readonly address: readonly number[] };
  /** A message of the network layer itself. */
  readonly message?: number;
}
function npdu(data: Bytes, { to, from, message }: Routing = {}) {
  const out = write().u8(1, (to ? 0x20 : 0) | (from ? 0x08 : 0) | (message === undefined ? 0 : 0x80));
  if (to) out.u16(to.network).u8(to.address.length, ...to.address);
  if (from) out.u16(from.network).u8(from.address.length, ...from.address);
  if (to) out.u8(255);
  if (message !== undefined) out.u8(message);
  return out.bytes(data);
}

const send = (from: string, to: string, data: Bytes, code = UNICAST) =>
  udp({ from, fromPort: PORT, to, toPort: PORT }, bvlc(code, data));

// ------------------------------------------------------------------ values and services

const object = (type: number, instance: number) => type * 0x400000 + instance;
const DEVICE = 8;
const ANALOG_VALUE = 2;
const ANALOG_OUTPUT = 1;
const FILE = 10;
const NETWORK_PORT = 56;

/** Tag with its length, application or context. */
function tagged(number: number, isContext: boolean, value: Bytes) {
  const bytes = bytesOf(value);
  const head = (number << 4) | (isContext ? 8 : 0);
  const out = write();
  if (bytes.length < 5) out.u8(head | bytes.length);
  else out.u8(head | 5, bytes.length);
  return out.bytes(bytes);
}
const minimal = (value: number) => {
  if (value < 0x100) return write().u8(value);
  if (value < 0x10000) return write().u16(value);
  return value < 0x1000000 ? write().u24(value) : write().u32(value);
};
const unsigned = (value: number) => tagged(2, false, minimal(value));
const enumerated = (value: number) => tagged(9, false, minimal(value));
const identifier = (type: number, instance: number) => tagged(12, false, write().u32(object(type, instance)));
const text = (value: string) => tagged(7, false, write().u8(0).text(value));
/** A text in UCS-2, as makers in Japan write it. */
const wideText = (value: string) => tagged(7, false, write().u8(4).utf16be(value));
const octets = (value: Bytes) => tagged(6, false, value);
const real = (value: number) => tagged(4, false, write().f32(value));
const context = (number: number, value: number) => tagged(number, true, minimal(value));
const contextObject = (number: number, type: number, instance: number) =>
  tagged(number, true, write().u32(object(type, instance)));
const contextText = (number: number, value: string) => tagged(number, true, write().u8(0).text(value));
const inside = (number: number, ...contents: readonly Bytes[]) =>
  write()
    .u8((number << 4) | 0x0e)
    .bytes(...contents)
    .u8((number << 4) | 0x0f);

const unconfirmed = (service: number, ...data: readonly Bytes[]) =>
  write()
    .u8(0x10, service)
    .bytes(...data);
const confirmed = (invoke: number, service: number, ...data: readonly Bytes[]) =>
  write()
    .u8(0x00, 0x05, invoke, service)
    .bytes(...data);
const simpleAck = (invoke: number, service: number) => write().u8(0x20, invoke, service);
const complexAck = (invoke: number, service: number, ...data: readonly Bytes[]) =>
  write()
    .u8(0x30, invoke, service)
    .bytes(...data);
const segment = (invoke: number, service: number, sequence: number, more: boolean, data: Bytes) =>
  write()
    .u8(more ? 0x3c : 0x38, invoke, sequence, 4, service)
    .bytes(data);
const error = (invoke: number, service: number) =>
  write().u8(0x50, invoke, service).bytes(enumerated(2), enumerated(32));

const iAm = (instance: number, segmentation: number, vendor: number) =>
  unconfirmed(0, identifier(DEVICE, instance), unsigned(1476), enumerated(segmentation), unsigned(vendor));

const readProperty = (invoke: number, type: number, instance: number, property: number) =>
  confirmed(invoke, 12, contextObject(0, type, instance), context(1, property));
const readPropertyAck = (invoke: number, type: number, instance: number, property: number, value: Bytes) =>
  complexAck(invoke, 12, contextObject(0, type, instance), context(1, property), inside(3, value));

/** Everything that a device tells of itself, as the answer to a readPropertyMultiple. */
const described = write()
  .bytes(
    contextObject(0, DEVICE, 2001),
    inside(
      1,
      context(2, 77),
      inside(4, text('AHU-3 Controller')),
      context(2, 121),
      inside(4, text('Example Controls')),
      context(2, 120),
      inside(4, unsigned(24)),
      context(2, 70),
      inside(4, text('EX-200')),
      context(2, 44),
      inside(4, text('4.1.7')),
      context(2, 12),
      inside(4, text('App 2.0')),
      context(2, 58),
      inside(4, wideText('Plant room 2')),
      context(2, 28),
      inside(4, text('Air handler of the assembly hall')),
      context(2, 372),
      inside(4, text('EX200-004711')),
      context(2, 112),
      inside(4, enumerated(0)),
      context(2, 139),
      inside(4, unsigned(22)),
      context(2, 107),
      inside(4, enumerated(0)),
      context(2, 507),
      inside(4, octets(write().hex('3f2504e0 4f89 41d3 9a0c 0305e82c3301'))),
      // A property it does not have.
      context(2, 9999),
      inside(5, enumerated(2), enumerated(32)),
    ),
    contextObject(0, NETWORK_PORT, 1),
    inside(
      1,
      context(2, 400),
      inside(4, octets(write().ipv4(CONTROLLER))),
      context(2, 411),
      inside(4, octets(write().ipv4('255.255.255.0'))),
      context(2, 401),
      inside(4, octets(write().ipv4('10.20.0.1'))),
      context(2, 406),
      inside(4, octets(write().ipv4('10.20.0.2'))),
      context(2, 425),
      inside(4, unsigned(20)),
    ),
    contextObject(0, ANALOG_VALUE, 7),
    inside(1, context(2, 77), inside(4, text('Supply air setpoint')), context(2, 85), inside(4, real(21.5))),
  )
  .build();
const HALF = described.length >> 1;

const routed = { network: 2601, address: [17] };

/** Every secret in the golden capture. */
export const secrets = ['opensesame'];

export const golden = capture('BACnet: announcements, a router, a BBMD, reads in segments, writes, restarts', [
  send(WORKSTATION, EVERYBODY, npdu(unconfirmed(8), { to: { network: 0xffff, address: [] } }), BROADCAST),
  send(CONTROLLER, EVERYBODY, npdu(iAm(2001, 0, 24)), BROADCAST),
  send(ROUTER, EVERYBODY, npdu(iAm(2601, 3, 35)), BROADCAST),
  send(ROUTER, EVERYBODY, npdu(iAm(260_117, 3, 35), { from: routed }), BROADCAST),
  // The device in another subnet is heard through the broadcast management device there.
  udp(
    { from: BBMD, fromPort: PORT, to: EVERYBODY, toPort: PORT },
    bvlc(
      0x04,
      write()
        .ipv4(FAR)
        .u16(PORT)
        .bytes(npdu(iAm(3001, 3, 8))),
    ),
  ),
  udp({ from: WORKSTATION, fromPort: PORT, to: BBMD, toPort: PORT }, bvlc(0x05, write().u16(60))),
  udp({ from: BBMD, fromPort: PORT, to: WORKSTATION, toPort: PORT }, bvlc(0x00, write().u16(0))),
  udp({ from: WORKSTATION, fromPort: PORT, to: BBMD, toPort: PORT }, bvlc(0x02, write())),
  udp(
    { from: BBMD, fromPort: PORT, to: WORKSTATION, toPort: PORT },
    bvlc(
      0x03,
      write().ipv4(BBMD).u16(PORT).ipv4('255.255.255.255').ipv4('10.30.0.9').u16(PORT).ipv4('255.255.255.255'),
    ),
  ),
  udp({ from: WORKSTATION, fromPort: PORT, to: BBMD, toPort: PORT }, bvlc(0x06, write())),
  udp(
    { from: BBMD, fromPort: PORT, to: WORKSTATION, toPort: PORT },
    bvlc(0x07, write().ipv4(WORKSTATION).u16(PORT).u16(60, 55).hex('0a 14 00')), // its second entry is cut off
  ),
  send(ROUTER, EVERYBODY, npdu(write().u16(2601, 2602), { message: 0x01 }), BROADCAST),
  send(WORKSTATION, ROUTER, npdu(write().u8(0), { message: 0x06 })),
  send(ROUTER, WORKSTATION, npdu(write().u8(2).u16(2601).u8(1, 0).u16(2602).u8(2, 3, 1, 2, 3), { message: 0x07 })),
  // What the controller is, in two segments; then single properties.
  send(
    WORKSTATION,
    CONTROLLER,
    npdu(
      write()
        .u8(0x02, 0x75, 1, 14)
        .bytes(contextObject(0, DEVICE, 4_194_303), inside(1, context(0, 8))),
    ),
  ),
  send(CONTROLLER, WORKSTATION, npdu(segment(1, 14, 0, true, described.subarray(0, HALF)))),
  send(WORKSTATION, CONTROLLER, npdu(write().u8(0x40, 1, 0, 4))),
  send(CONTROLLER, WORKSTATION, npdu(segment(1, 14, 1, false, described.subarray(HALF)))),
  send(WORKSTATION, CONTROLLER, npdu(readProperty(2, DEVICE, 2001, 70))),
  send(CONTROLLER, WORKSTATION, npdu(readPropertyAck(2, DEVICE, 2001, 70, text('EX-200')))),
  send(WORKSTATION, CONTROLLER, npdu(readProperty(3, ANALOG_VALUE, 99, 85))),
  send(CONTROLLER, WORKSTATION, npdu(error(3, 12))),
  // The same of a device on the field bus behind the router.
  send(WORKSTATION, ROUTER, npdu(readProperty(4, DEVICE, 260_117, 44), { to: routed })),
  send(ROUTER, WORKSTATION, npdu(readPropertyAck(4, DEVICE, 260_117, 44, text('R3.2')), { from: routed })),
  // A value is moved, a name is set, a program file is replaced, the device is silenced and restarted.
  send(
    WORKSTATION,
    CONTROLLER,
    npdu(confirmed(5, 15, contextObject(0, ANALOG_OUTPUT, 3), context(1, 85), inside(3, real(55)), context(4, 8))),
  ),
  send(CONTROLLER, WORKSTATION, npdu(simpleAck(5, 15))),
  send(
    WORKSTATION,
    CONTROLLER,
    npdu(
      confirmed(
        6,
        16,
        contextObject(0, DEVICE, 2001),
        inside(1, context(0, 77), inside(2, text('AHU-4'))),
        contextObject(0, ANALOG_VALUE, 7),
        inside(1, context(0, 28), inside(2, text('moved'))),
      ),
    ),
  ),
  send(CONTROLLER, WORKSTATION, npdu(error(6, 16))),
  send(
    WORKSTATION,
    CONTROLLER,
    npdu(confirmed(7, 7, identifier(FILE, 1), inside(0, tagged(3, false, write().u8(0)), octets(write().zeros(64))))),
  ),
  send(CONTROLLER, WORKSTATION, npdu(complexAck(7, 7, context(0, 0)))),
  send(WORKSTATION, CONTROLLER, npdu(confirmed(8, 17, context(0, 5), context(1, 1), contextText(2, 'opensesame')))),
  send(CONTROLLER, WORKSTATION, npdu(simpleAck(8, 17))),
  send(
    WORKSTATION,
    CONTROLLER,
    npdu(unconfirmed(6, tagged(10, false, write().u8(126, 1, 1, 4)), tagged(11, false, write().u8(0, 0, 0, 0)))),
  ),
  send(
    CONTROLLER,
    WORKSTATION,
    npdu(
      unconfirmed(2, context(0, 18), contextObject(1, DEVICE, 2001), contextObject(2, ANALOG_VALUE, 7), context(3, 60)),
    ),
  ),
  send(WORKSTATION, CONTROLLER, npdu(confirmed(9, 20, context(0, 0), contextText(1, 'opensesame')))),
  // A device that has no number yet, one on Ethernet, one on IPv6.
  send('10.20.0.66', EVERYBODY, npdu(unconfirmed(13, unsigned(24), text('EX-50'), text('EX50-000815'))), BROADCAST),
  llc({ from: '02:00:00:00:13:01', to: 'ff:ff:ff:ff:ff:ff', dsap: 0x82 }, npdu(iAm(1301, 3, 18))),
  udp(
    { from: 'fe80::1:17', fromPort: PORT, to: 'ff02::bac0', toPort: PORT },
    bvlc(
      0x02,
      write()
        .u24(0x1017)
        .bytes(npdu(iAm(6017, 3, 178))),
      0x82,
    ),
  ),
  udp(
    { from: 'fe80::1:17', fromPort: PORT, to: 'ff02::bac0', toPort: PORT },
    bvlc(
      0x08,
      write()
        .u24(0x2001)
        .bytes(ipBytes('fd00::20:1'))
        .u16(PORT)
        .bytes(npdu(iAm(6201, 3, 178))),
      0x82,
    ),
  ),
]);
