import { ascii, concat, constant, hex, type Question } from '../question.ts';

/** Objects of the system group (RFC 3418 section 2), as their last arc. */
const SYSTEM: readonly number[] = [1, 2, 3, 4, 5, 6];

const tlv = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const content = concat(...parts);
  const length = content.length < 128 ? [content.length] : [0x81, content.length];
  return concat(Uint8Array.of(tag, ...length), content);
};
/** 1.3.6.1.2.1.1.n.0 with no value. */
const binding = (arc: number): Uint8Array => tlv(0x30, tlv(6, Uint8Array.of(0x2b, 6, 1, 2, 1, 1, arc, 0)), hex('0500'));

export const snmpSystem: Question = {
  name: 'snmp-system',
  title: 'SNMP system group',
  tells: 'description, object identifier, name, location, contact',
  spec: 'RFC 3416 section 4.2.1, RFC 3418 section 2',
  transport: 'udp',
  port: 161,
  needsCommunity: true,
  tries: [
    [
      {
        what: 'get sysDescr, sysObjectID, sysUpTime, sysContact, sysName, sysLocation',
        bytes: (_, { community }) =>
          tlv(
            0x30,
            hex('020101'),
            tlv(4, ascii(community ?? '')),
            tlv(0xa0, hex('020101 020100 020100'), tlv(0x30, ...SYSTEM.map(binding))),
          ),
      },
    ],
  ],
};

export const snmpEngine: Question = {
  name: 'snmp-engine',
  title: 'SNMPv3 engine',
  tells: 'engine identifier with the vendor, boots',
  spec: 'RFC 3414 section 4',
  transport: 'udp',
  port: 161,
  tries: [[constant('get-request without a user, which is answered with a report', discovery())]],
};

/** The message by which an engine is discovered: no user, no engine identifier, "may be reported" (RFC 3414 section 4). */
function discovery(): Uint8Array {
  const zero = hex('020100');
  const nothing = hex('0400');
  const user = tlv(0x30, nothing, zero, zero, nothing, nothing, nothing);
  const scoped = tlv(0x30, nothing, nothing, tlv(0xa0, hex('020101'), zero, zero, hex('3000')));
  return tlv(
    0x30,
    hex('020103'),
    tlv(0x30, hex('020101'), hex('020300ffe3'), hex('040104'), hex('020103')),
    tlv(4, user),
    scoped,
  );
}
