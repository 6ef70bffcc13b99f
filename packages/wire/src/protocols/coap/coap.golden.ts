// CoAP after RFC 7252: a sensor that lists its resources in blocks and is observed, an LwM2M device that registers, is read
// in every encoding and gets new firmware, an OCF device, a Shelly plug, and what is broken.
import { type Bytes, bytesOf, capture, fromClient, fromServer, udp, udpExchange, write } from '../../testing/index.ts';

interface Option {
  readonly number: number;
  readonly value: Bytes;
}
const text = (number: number, value: string): Option => ({ number, value: write().text(value) });
const path = (whole: string): Option[] => whole.split('/').map((step) => text(11, step));
const format = (number: number): Option => ({
  number: 12,
  value: number > 255 ? write().u16(number) : write().u8(number),
});
const observe: Option = { number: 6, value: write() };

/** A nibble and what follows it. */
const extended = (value: number): readonly [number, Bytes] =>
  value < 13 ? [value, write()] : value < 269 ? [13, write().u8(value - 13)] : [14, write().u16(value - 269)];

function message(first: number, code: number, token: string, options: readonly Option[], payload?: Bytes | string) {
  const out = write()
    .u8(first | token.length, ((Math.floor(code / 100) << 5) | (code % 100)) & 0xff)
    .u16(0x1000 + code)
    .text(token);
  let last = 0;
  for (const { number, value } of options) {
    const bytes = bytesOf(value);
    const [delta, moreDelta] = extended(number - last);
    const [length, moreLength] = extended(bytes.length);
    out.u8((delta << 4) | length).bytes(moreDelta, moreLength, bytes);
    last = number;
  }
  if (payload !== undefined) out.u8(0xff).bytes(typeof payload === 'string' ? write().text(payload) : payload);
  return out;
}
const GET = 1;
const POST = 2;
const PUT = 3;
const DELETE = 4;
const ask = (code: number, token: string, options: readonly Option[], payload?: Bytes | string) =>
  message(0x40, code, token, options, payload);
const answer = (code: number, token: string, options: readonly Option[] = [], payload?: Bytes | string) =>
  message(0x60, code, token, options, payload);

/** A resource in the binary form of LwM2M: 8-bit identifier, length in the same byte or behind it. */
const tlv = (id: number, value: string) =>
  value.length < 8
    ? write()
        .u8(0xc0 | value.length, id)
        .text(value)
    : write().u8(0xc8, id, value.length).text(value);

const LWM2M = '10.6.0.1';
const METER = '10.6.0.20';
const cborText = (value: string) => write().u8(0x78, value.length).text(value);

export const secrets = ['psk-Kessel-99'];

export const golden = capture('CoAP, LwM2M, OCF and CoIoT', [
  // Everybody is asked, and one answers in two blocks; the second begins within a link.
  udp({ from: '10.6.0.9', fromPort: 40_001, to: '224.0.1.187', toPort: 5683 }, ask(GET, 'm', path('.well-known/core'))),
  udpExchange({ client: '10.6.0.9', server: '10.6.0.10', port: 5683, clientPort: 40_002 }, [
    fromClient(ask(GET, 'a', path('.well-known/core'))),
    fromServer(
      answer(205, 'a', [format(40), { number: 23, value: write().u8(0x08) }], '</sensors/temp>;rt="temp",</sen'),
    ),
    fromClient(ask(GET, 'b', [...path('.well-known/core'), { number: 23, value: write().u8(0x10) }])),
    fromServer(
      answer(205, 'b', [format(40), { number: 23, value: write().u8(0x10) }], 'sors/hum>,<http://other.example/>'),
    ),
    fromClient(ask(GET, 'obs', [observe, ...path('sensors/temp')])),
    fromServer(answer(205, 'obs', [{ number: 6, value: write().u8(1) }], '21.5')),
    fromServer(message(0x50, 205, 'obs', [{ number: 6, value: write().u8(2) }], '21.6')),
    fromClient(ask(PUT, 'p', path('actuators/valve'), '1')),
    fromServer(answer(403, 'p')),
    fromClient(ask(PUT, 'p', path('actuators/valve'), '1')),
    fromClient(ask(PUT, 'p', path('actuators/valve'), '1')),
    fromClient(ask(DELETE, 'p', path('logs'))),
    fromServer(message(0x60, 0, '', [])),
    fromServer(message(0x40, 202, 'p', [])),
    fromClient(message(0x50, 5, 'f', path('search'))),
  ]),
  // The server of LwM2M has the known port, and reads the device that registered with it.
  udpExchange({ client: METER, server: LWM2M, port: 5683, clientPort: 56_830 }, [
    fromClient(
      ask(
        POST,
        'r',
        [
          ...path('rd'),
          format(40),
          text(15, 'ep=urn:dev:mac:02005efffe100620'),
          text(15, 'lt=300'),
          text(15, 'lwm2m=1.1'),
          text(15, 'b=U'),
        ],
        '</>;rt="oma.lwm2m",</1/0>,</3/0>;ver=1.1,</3303/0>,</3303/1>,</29999>',
      ),
    ),
    fromServer(answer(201, 'r', [text(8, 'rd'), text(8, 'x7')])),
    fromServer(ask(GET, 's1', path('3/0'))),
    fromClient(
      answer(
        205,
        's1',
        [format(11_542)],
        write()
          .bytes(tlv(0, 'Acme Metering'), tlv(1, 'AM-3'), tlv(2, '8710044'), tlv(3, '2.1'))
          .hex('86 06 41 00 01 41 01 05') // two power sources
          .bytes(tlv(17, 'Water meter'), tlv(18, 'C2'), tlv(19, '5.0-rc')),
      ),
    ),
    fromServer(ask(GET, 's2', path('3'))),
    fromClient(answer(205, 's2', [format(11_542)], write().u8(0x06, 0).bytes(tlv(1, 'AM-3')))),
    fromServer(ask(GET, 's3', path('3/0/0'))),
    fromClient(answer(205, 's3', [{ number: 12, value: write() }], 'Acme Metering')),
    fromServer(ask(GET, 's4', path('3303/0/5700'))),
    fromClient(answer(205, 's4', [{ number: 12, value: write() }], '19.8')),
    fromServer(ask(PUT, 's5', [...path('5/0/0'), format(42)], write().zeros(64))),
    fromClient(answer(204, 's5')),
    fromServer(ask(POST, 's6', path('5/0/2'))),
    fromClient(answer(204, 's6')),
    fromServer(ask(POST, 's7', path('3/0/4'))),
    fromServer(ask(PUT, 's8', [...path('0/0'), format(11_542)], tlv(5, 'psk-Kessel-99'))),
    fromClient(answer(204, 's8')),
    fromClient(ask(DELETE, 'd', path('rd/x7'))),
    fromServer(answer(202, 'd')),
  ]),
  // Other devices and encodings: JSON of two ages, CBOR, and what a device sends by itself.
  udpExchange({ client: '10.6.0.21', server: LWM2M, port: 5683, clientPort: 56_831 }, [
    fromClient(
      ask(
        POST,
        'r',
        [
          ...path('rd'),
          text(15, 'ep=urn:uuid:0d5d1c2e-6c5a-4f0e-9a55-02005e100621'),
          text(15, 'lt=60'),
          text(15, 'lwm2m=1.0'),
        ],
        '</3/0>',
      ),
    ),
    fromServer(ask(GET, 'j', path('3/0'))),
    fromClient(
      answer(
        205,
        'j',
        [format(110)],
        '[{"bn":"/3/0/","n":"1","vs":"Valve 5"},{"n":"9","v":95},{"n":"3","vs":"1.0.4"}]',
      ),
    ),
    fromServer(ask(GET, 'k', path('3/0'))),
    fromClient(answer(205, 'k', [format(11_543)], '{"bn":"/3/0","e":[{"n":"/2","sv":"V5-0042"}]}')),
  ]),
  udpExchange({ client: '10.6.0.22', server: LWM2M, port: 5683, clientPort: 56_832 }, [
    fromClient(
      ask(
        POST,
        's',
        [...path('dp'), format(112)],
        write()
          .u8(0x82)
          .u8(0xa3, 0x21)
          .bytes(cborText('/3/0/'))
          .u8(0x00)
          .bytes(cborText('0'))
          .u8(0x03)
          .bytes(cborText('Acme Pumps'))
          .u8(0xa2, 0x00)
          .bytes(cborText('1'))
          .u8(0x03)
          .bytes(cborText('P-9')),
      ),
    ),
    fromServer(answer(204, 's')),
    // Its record breaks off.
    fromClient(ask(POST, 't', [...path('dp'), format(112)], write().hex('82 a2 00 78 40'))),
    // Nothing but a name: a resource directory, not LwM2M.
    fromClient(ask(POST, 'u', [...path('rd'), text(15, 'ep=node-22')], '</temp>')),
  ]),
  udpExchange({ client: '10.6.0.9', server: '10.6.0.30', port: 5683, clientPort: 40_003 }, [
    fromClient(ask(GET, 'p', path('oic/p'))),
    fromServer(
      answer(
        205,
        'p',
        [format(60)],
        write().u8(0xbf).bytes(cborText('mnmn'), cborText('Acme Lighting'), cborText('mnmo'), cborText('L-2')).u8(0xff),
      ),
    ),
    fromClient(ask(GET, 'd', path('oic/d'))),
    fromServer(answer(205, 'd', [format(60)], write().u8(0x81, 0xa1).bytes(cborText('n'), cborText('Lamp hall 3')))),
  ]),
  udp(
    { from: '10.6.0.40', fromPort: 5683, to: '224.0.1.187', toPort: 5683 },
    message(
      0x50,
      30,
      '',
      [
        ...path('cit/s'),
        text(3332, 'SHSW-25#02005E100640#2'),
        { number: 3412, value: write().u16(38) },
        { number: 3420, value: write().u16(7) },
      ],
      '{"G":[[0,1101,0]]}',
    ),
  ),
  // On another port; and what is broken: a token of nine bytes, an option beyond the end, a payload that is not there.
  udpExchange({ client: '10.6.0.9', server: '10.6.0.50', port: 61_616 }, [
    fromClient(ask(GET, 'q', path('status/uptime'))),
    fromServer(answer(205, 'q', [{ number: 12, value: write() }], '86400')),
  ]),
  udp(
    { from: '10.6.0.51', fromPort: 40_004, to: '10.6.0.10', toPort: 5683 },
    write().hex('49 01 00 01 00 00 00 00 00 00 00 00 00'),
  ),
  udp({ from: '10.6.0.51', fromPort: 40_005, to: '10.6.0.10', toPort: 5683 }, write().hex('40 01 00 01 bd ff 61')),
  udp({ from: '10.6.0.51', fromPort: 40_006, to: '10.6.0.10', toPort: 5683 }, write().hex('40 01 00 01 b1 61 ff')),
]);
