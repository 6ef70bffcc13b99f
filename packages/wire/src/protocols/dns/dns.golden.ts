// DNS between a plant's hosts and their name server: answers over aliases, reverse names, a Windows domain's service
// records, a host that registers itself, what a server says of its version, and messages that break the standard.
import { capture, fromClient, fromServer, tcp, udpExchange, write } from '../../testing/index.ts';
import { a, aaaa, cname, hinfo, message, name, pointer, ptr, QUERY, RESPONSE, srv, txt } from './messages.golden.ts';

const ends = { client: '192.168.20.50', server: '192.168.20.2', port: 53 };
/** A label of 63 letters: four of them are longer than a name may be. */
const longName = write().lengthPrefixed8(write().text('a'.repeat(63)));

export const golden = capture('DNS queries, answers and updates', [
  udpExchange(ends, [
    // An alias: the address answers to the name that was asked for, whatever its case.
    fromClient(message({ id: 1, flags: QUERY, questions: [['Historian.plant.example', 1]] })),
    fromServer(
      message({
        id: 1,
        flags: RESPONSE,
        questions: [['Historian.plant.example', 1]],
        answers: [
          { ...cname(pointer(12), 'srv7.plant.example') },
          a('srv7.plant.example', '192.168.20.7'),
          aaaa('srv7.plant.example', 'fd00:20::7'),
        ],
      }),
    ),
    fromClient(message({ id: 2, flags: QUERY, questions: [['9.20.168.192.in-addr.arpa', 12]] })),
    fromServer(
      message({
        id: 2,
        flags: RESPONSE,
        questions: [['9.20.168.192.in-addr.arpa', 12]],
        answers: [ptr(pointer(12), 'press9.plant.example')],
      }),
    ),
    // Where the domain's controllers are, with their addresses.
    fromServer(
      message({
        id: 3,
        flags: RESPONSE,
        questions: [['_ldap._tcp.dc._msdcs.plant.example', 33]],
        answers: [srv(pointer(12), 389, 'dc1.plant.example')],
        additionals: [a('dc1.plant.example', '192.168.20.3')],
      }),
    ),
    fromServer(
      message({
        id: 4,
        flags: RESPONSE,
        questions: [['gw.plant.example', 13]],
        answers: [hinfo('gw.plant.example', 'ARMV7', 'VXWORKS')],
        additionals: [a('gw.plant.example', '192.168.20.12')],
      }),
    ),
    // The server's own version and name, in the class Chaosnet.
    fromServer(
      message({
        id: 5,
        flags: RESPONSE,
        questions: [
          ['version.bind', 16, 3],
          ['hostname.bind', 16, 3],
        ],
        answers: [txt('version.bind', ['9.18.24'], { class: 3 }), txt('hostname.bind', ['ns1'], { class: 3 })],
      }),
    ),
    // A Windows host writes its own address and its reverse name (opcode 5; zone, prerequisites, updates).
    fromClient(
      message({
        id: 6,
        flags: 0x2800,
        questions: [['plant.example', 6]],
        answers: [{ name: 'line-pc7.plant.example', type: 5, class: 254, ttl: 0, data: write() }],
        authorities: [
          { name: 'line-pc7.plant.example', type: 1, class: 255, ttl: 0, data: write() },
          a('line-pc7.plant.example', '192.168.20.50'),
          a('robot3.plant.example', '192.168.20.33'),
          ptr('33.20.168.192.in-addr.arpa', 'robot3.plant.example'),
        ],
      }),
    ),
    // No such name, and an address that is none of a host.
    fromServer(message({ id: 7, flags: 0x8183, questions: [['wpad.plant.example', 1]] })),
    fromServer(
      message({
        id: 8,
        flags: RESPONSE,
        questions: [['ads.example', 1]],
        answers: [a('ads.example', '0.0.0.0')],
      }),
    ),
    // A pointer to itself and one forward; names longer than allowed. What stands before counts.
    fromServer(
      message({
        id: 9,
        flags: RESPONSE,
        questions: [['mixer.plant.example', 1]],
        answers: [a(pointer(12), '192.168.20.61'), a(pointer(53), '192.168.20.62')],
      }),
    ),
    fromServer(
      write().u16(10, RESPONSE, 0, 2, 0, 0).bytes(pointer(500)).u16(1, 1).u32(60).lengthPrefixed16(write().u32(1)),
    ),
    fromServer(write().u16(11, RESPONSE, 1, 0, 0, 0).bytes(longName, longName, longName, longName).u8(0).u16(1, 1)),
    // Data that does not fit its type does not take the next record along; a message that ends early does.
    fromServer(
      message({
        id: 12,
        flags: RESPONSE,
        questions: [['oven.plant.example', 1]],
        answers: [
          { name: pointer(12), type: 33, data: write().u16(0) },
          { name: pointer(12), type: 1, data: write().u16(0) },
          a(pointer(12), '192.168.20.63'),
        ],
      }),
    ),
    fromServer(write().u16(13, RESPONSE, 1, 0, 0, 0).bytes(name('cut.plant.example')).u16(1)),
  ]),
  // Large answers come over TCP, here on an odd port of a second server too.
  tcp({ ...ends, clientPort: 50_001 }, [
    fromClient(write().lengthPrefixed16(message({ id: 1, flags: QUERY, questions: [['_gc._tcp.plant.example', 33]] }))),
    fromServer(
      write().lengthPrefixed16(
        message({
          id: 1,
          flags: RESPONSE,
          questions: [['_gc._tcp.plant.example', 33]],
          answers: [srv(pointer(12), 3268, 'dc2.plant.example')],
          additionals: [aaaa('dc2.plant.example', 'fd00:20::4')],
        }),
      ),
    ),
  ]),
  udpExchange({ client: '192.168.20.51', server: '192.168.20.9', port: 5300, clientPort: 50_002 }, [
    fromClient(message({ id: 1, flags: QUERY, questions: [['valve4.plant.example', 1]] })),
    fromServer(
      message({
        id: 1,
        flags: RESPONSE,
        questions: [['valve4.plant.example', 1]],
        answers: [a(pointer(12), '192.168.20.64')],
      }),
    ),
  ]),
]);
