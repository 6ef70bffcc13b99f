// DHCP and BOOTP as devices of many makers speak it: every message is written out from the standards, with made-up names.
import { type Bytes, capture, type Frame, udp, write } from '../../testing/index.ts';

interface Message {
  readonly operation?: 1 | 2;
  readonly mac: string;
  readonly hardware?: readonly [type: number, length: number];
  readonly client?: string;
  readonly yours?: string;
  readonly relay?: string;
  readonly serverName?: Bytes;
  readonly file?: Bytes;
  /** Codes and contents; absent for BOOTP. */
  readonly options?: readonly (readonly [code: number, content: Bytes])[];
}

/** RFC 2131 section 2. */
function message({ operation = 1, mac, hardware = [1, 6], client, yours, relay, serverName, file, options }: Message) {
  const none = '0.0.0.0';
  const out = write()
    .u8(operation, ...hardware, 0)
    .u32(0x1a2b3c4d)
    .u16(0, 0);
  out
    .ipv4(client ?? none)
    .ipv4(yours ?? none)
    .ipv4(none)
    .ipv4(relay ?? none);
  out.mac(mac).zeros(10);
  const field = (content: Bytes | undefined, size: number) => {
    const bytes = content instanceof Uint8Array ? content : (content?.build() ?? new Uint8Array(0));
    out.bytes(bytes).zeros(size - bytes.length);
  };
  field(serverName, 64);
  field(file, 128);
  if (!options) return out;
  out.u32(0x63825363);
  for (const [code, content] of options) out.u8(code).lengthPrefixed8(content);
  return out.u8(255);
}

const byClient = (mac: string, content: Bytes, from = '0.0.0.0', to = '255.255.255.255'): Frame =>
  udp({ from, fromPort: 68, to, toPort: 67, fromMac: mac }, content);
const byServer = (content: Bytes, to = '255.255.255.255', from = '192.168.20.1'): Frame =>
  udp({ from, fromPort: 67, to, toPort: 68 }, content);

const text = (content: string) => write().text(content);
const type = (number: number) => [53, write().u8(number)] as const;
const DISCOVER = type(1);
const OFFER = type(2);
const REQUEST = type(3);
const ACK = type(5);
const INFORM = type(8);
const SERVER = [54, write().ipv4('192.168.20.1')] as const;

const CAMERA = '00:40:8c:12:34:56';
const PRINTER = '00:21:b7:0a:0b:0c';
const SWITCH = '94:f1:28:00:00:01';
const COMPUTER = '00:0c:29:aa:bb:cc';
const SENSOR = 'b8:27:eb:00:00:42';
const GATEWAY = '00:14:7f:00:00:07';
const MODEM = '00:15:a2:00:00:09';
const OLD = '00:80:f4:00:00:01';
const SERVER_BLADE = '00:25:b5:00:00:0f';

export const golden = capture('DHCP of cameras, printers, switches, computers, sensors; BOOTP; a relay', [
  // A camera gets its address: discover, offer, request, acknowledgement.
  byClient(
    CAMERA,
    message({
      mac: CAMERA,
      options: [
        DISCOVER,
        [12, text('axis-00408c123456')],
        [50, write().ipv4('192.168.20.40')],
        [55, write().u8(1, 3, 6, 12, 15, 42)],
        [60, text('AXIS,Network Camera,P3304,5.20')],
        [61, write().u8(1).mac(CAMERA)],
      ],
    }),
  ),
  byServer(message({ operation: 2, mac: CAMERA, yours: '192.168.20.40', options: [OFFER, SERVER] })),
  byClient(CAMERA, message({ mac: CAMERA, options: [REQUEST, SERVER, [50, write().ipv4('192.168.20.40')]] })),
  byServer(
    message({
      operation: 2,
      mac: CAMERA,
      yours: '192.168.20.40',
      options: [
        ACK,
        SERVER,
        [1, write().ipv4('255.255.255.0')],
        [3, write().ipv4('192.168.20.1')],
        [6, write().ipv4('192.168.20.2').ipv4('192.168.20.3')],
        [15, text('plant.example')],
        [42, write().ipv4('192.168.20.4')],
        // RFC 3397: names as labels, the second with a pointer to "example" within the option.
        [119, write().u8(4).text('line').u8(7).text('example').u8(0).u8(6).text('office').u8(0xc0, 5)],
      ],
    }),
  ),
  // A printer with all of its label in the vendor class.
  byClient(
    PRINTER,
    message({ mac: PRINTER, options: [DISCOVER, [60, text('Mfg=Lexmark;Typ=Printer;Mod=Lexmark T650;Ser=7936ABC')]] }),
  ),
  // A switch that asks for its configuration (option 43 and others in vendor form), with its order number.
  byClient(
    SWITCH,
    message({ mac: SWITCH, options: [DISCOVER, [60, text('Aruba JL255A 2930F-24G-PoE+-4SFP+ Switch')]] }),
  ),
  byClient(SWITCH, message({ mac: SWITCH, options: [DISCOVER, [60, text('Arista;DCS-7050S-64;01.10;JPE12345678')]] })),
  // A Windows computer that is sure of its address (renewal), names itself in full, and asks for more by INFORM.
  byClient(
    COMPUTER,
    message({
      mac: COMPUTER,
      client: '192.168.20.50',
      options: [
        REQUEST,
        [12, text('LINE-PC7')],
        [60, text('MSFT 5.0')],
        [77, write().u8(4).text('line').u8(3).text('mes')],
        [81, write().u8(0, 0, 0).text('LINE-PC7.plant.example')],
        [93, write().u16(7)],
        [97, write().u8(0).hex('33 22 11 00 55 44 77 66 88 99 aa bb cc dd ee ff')],
      ],
    }),
    '192.168.20.50',
    '192.168.20.1',
  ),
  byClient(
    COMPUTER,
    message({ mac: COMPUTER, client: '192.168.20.50', options: [INFORM, [61, write().u8(0).text('line-pc7-eth0')]] }),
    '192.168.20.50',
  ),
  byServer(
    message({
      operation: 2,
      mac: COMPUTER,
      client: '192.168.20.50',
      options: [ACK, SERVER, [15, text('plant.example')]],
    }),
    '192.168.20.50',
  ),
  // A sensor on Linux publishes its MUD URL (RFC 8520 section 10) and names its kernel; its encoded name is split over
  // two options 81 (RFC 3396), and more options stand in the fields of the boot file and the server's name (RFC 2131).
  byClient(
    SENSOR,
    message({
      mac: SENSOR,
      options: [
        DISCOVER,
        [52, write().u8(3)],
        [81, write().u8(4, 0, 0).u8(9).text('sensor')],
        [81, write().text('-42').u8(5).text('plant').u8(7).text('example').u8(0)],
        [60, text('dhcpcd-9.4.1:Linux-5.10.17-v7+:armv7l:BCM2835')],
      ],
      file: write().u8(161).lengthPrefixed8(text('https://maker.example/mud/sensor42.json')).u8(255),
      serverName: write()
        .u8(55)
        .lengthPrefixed8(write().u8(1, 3, 28, 6))
        .u8(255),
    }),
  ),
  // Through a relay: the switch adds the port (option 82), and the answer goes to the relay.
  byClient(
    SENSOR,
    message({
      mac: SENSOR,
      relay: '192.168.30.1',
      options: [
        DISCOVER,
        [
          82,
          write().u8(1).lengthPrefixed8(write().hex('00 04 00 1e 01 07')).u8(2).lengthPrefixed8(text('hall3-switch2')),
        ],
      ],
    }),
    '192.168.30.1',
    '192.168.20.1',
  ),
  byServer(
    message({ operation: 2, mac: SENSOR, yours: '192.168.30.42', relay: '192.168.30.1', options: [OFFER, SERVER] }),
    '192.168.30.1',
  ),
  // The relay hands the answer on: its sender is not the server.
  byServer(
    message({ operation: 2, mac: SENSOR, yours: '192.168.30.42', relay: '192.168.30.1', options: [ACK, SERVER] }),
    '255.255.255.255',
    '192.168.30.1',
  ),
  // A home gateway with its serial number and product class (TR-069 annex F), and a cable modem (CableLabs).
  byClient(
    GATEWAY,
    message({
      mac: GATEWAY,
      options: [
        DISCOVER,
        [
          124,
          write()
            .u32(3561)
            .lengthPrefixed8(write().lengthPrefixed8(text('dslforum.org'))),
        ],
        [
          125,
          write()
            .u32(3561)
            .lengthPrefixed8(
              write()
                .u8(1)
                .lengthPrefixed8(text('00147F'))
                .u8(2)
                .lengthPrefixed8(text('CP1234JT5'))
                .u8(3)
                .lengthPrefixed8(text('TG789')),
            ),
        ],
      ],
    }),
  ),
  byClient(
    MODEM,
    message({
      mac: MODEM,
      options: [
        DISCOVER,
        [60, text('docsis3.0:052401010102')],
        [
          43,
          write()
            .u8(2)
            .lengthPrefixed8(text('ECM'))
            .u8(4)
            .lengthPrefixed8(text('M0071234'))
            .u8(5)
            .lengthPrefixed8(text('2.0'))
            .u8(6)
            .lengthPrefixed8(text('8.1.3'))
            .u8(9)
            .lengthPrefixed8(text('SB6121'))
            .u8(10)
            .lengthPrefixed8(text('Motorola')),
        ],
      ],
    }),
  ),
  // An Android program would not; a Mac asks for its boot server (BSDP) by its model.
  byClient(COMPUTER, message({ mac: COMPUTER, options: [INFORM, [60, text('AAPLBSDPC/i386/MacBookPro11,1')]] })),
  // BOOTP: no options at all, an old drive that is given its address; hardware length 0 in the answer.
  byClient(OLD, message({ mac: OLD })),
  byServer(message({ operation: 2, mac: OLD, hardware: [1, 0], yours: '192.168.20.77' })),
  // InfiniBand has no MAC address in the message; the client identifier has one (RFC 4390).
  byClient(
    SERVER_BLADE,
    message({
      mac: '00:00:00:00:00:00',
      hardware: [32, 0],
      options: [DISCOVER, [61, write().u8(1).mac(SERVER_BLADE)], [12, text('(none)')]],
    }),
  ),
  // Identifiers of RFC 4361 are no text, and no address: hex pairs.
  byClient(
    SENSOR,
    message({ mac: SENSOR, options: [DISCOVER, [61, write().u8(255).u32(0xeb000042).hex('00 03 00 01').mac(SENSOR)]] }),
  ),
  // An option that claims more than there is; what stands before it counts.
  byClient(
    OLD,
    write().bytes(message({ mac: OLD }), write().u32(0x63825363).u8(12, 5).text('drive').u8(60, 200).text('cut')),
  ),
]);
