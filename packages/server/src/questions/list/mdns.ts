import { ascii, concat, constant, hex, type Question } from '../question.ts';

/** A question for PTR records (RFC 1035 section 4.1.2) with the bit that asks for an answer to the sender (RFC 6762 section 5.4). */
function ptr(name: string): Uint8Array {
  const labels = name.split('.').map((label) => concat(Uint8Array.of(label.length), ascii(label)));
  return concat(...labels, hex('00 000c 8001'));
}

export const mdns: Question = {
  name: 'mdns-services',
  title: 'mDNS service types',
  tells: 'host name, services with their texts',
  spec: 'RFC 6763 section 9',
  transport: 'udp',
  port: 5353,
  tries: [
    [
      constant(
        'PTR of _services._dns-sd._udp.local and of _device-info._tcp.local',
        concat(
          hex('0000 0000 0002 0000 0000 0000'),
          ptr('_services._dns-sd._udp.local'),
          ptr('_device-info._tcp.local'),
        ),
      ),
    ],
  ],
};
