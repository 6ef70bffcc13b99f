// LLMNR on a link without a name server: hosts make sure of their names, ask for others' and answer for their own.
import { capture, fromClient, fromServer, tcp, udp, write } from '../../testing/index.ts';
import { a, aaaa, message, name, pointer } from '../dns/messages.golden.ts';

const GROUP4 = '224.0.0.252';
const GROUP6 = 'ff02::1:3';
const RESPONSE = 0x8000;

export const golden = capture('LLMNR uniqueness, queries and answers over IPv4, IPv6 and TCP', [
  // Type ANY before a name is used (RFC 4795 section 4.1).
  udp(
    { from: 'fe80::5', fromPort: 51_000, to: GROUP6, toPort: 5355 },
    message({ id: 1, flags: 0, questions: [['HMI5', 255]] }),
  ),
  // Asking for another's name tells nothing of the one who asks; looking for a proxy even less.
  udp(
    { from: '192.168.20.50', fromPort: 51_001, to: GROUP4, toPort: 5355 },
    message({ id: 2, flags: 0, questions: [['PRINTER9', 1]] }),
  ),
  udp(
    { from: '192.168.20.50', fromPort: 51_002, to: GROUP4, toPort: 5355 },
    message({ id: 3, flags: 0, questions: [['wpad', 255]] }),
  ),
  // The host with the name answers for itself, and gives its other address.
  udp(
    { from: '192.168.20.9', fromPort: 5355, to: '192.168.20.50', toPort: 51_001 },
    message({
      id: 2,
      flags: RESPONSE,
      questions: [['PRINTER9', 1]],
      answers: [a(pointer(12), '192.168.20.9'), aaaa(pointer(12), 'fd00:20::9')],
    }),
  ),
  // Reverse questions come to the host itself, over TCP.
  tcp({ client: '192.168.20.50', server: '192.168.20.7', port: 5355, clientPort: 51_003 }, [
    fromClient(write().lengthPrefixed16(message({ id: 4, flags: 0, questions: [['SCADA1', 1]] }))),
    fromServer(
      write().lengthPrefixed16(
        message({
          id: 4,
          flags: RESPONSE,
          questions: [['SCADA1', 1]],
          answers: [a(pointer(12), '192.168.20.7')],
        }),
      ),
    ),
  ]),
  // A question that ends early, and an opcode that LLMNR does not have.
  udp(
    { from: '192.168.20.50', fromPort: 51_004, to: GROUP4, toPort: 5355 },
    write().u16(5, 0, 1, 0, 0, 0).bytes(name('CUT')).u8(0),
  ),
  udp(
    { from: '192.168.20.50', fromPort: 51_005, to: GROUP4, toPort: 5355 },
    message({ id: 6, flags: 0x2800, questions: [['OTHER', 255]] }),
  ),
]);
