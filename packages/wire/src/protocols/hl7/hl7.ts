// HL7 version 2 between medical devices and information systems: the header of each message names application and facility
// of both ends. What is said of patients is not looked at.
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';
import { cleanText, type Reader } from '../../reader.ts';

/** Bytes of a message looked at: its header; and longest message that is waited for. */
const MAX_HEADER = 1024;
const MAX_MESSAGE = 1024 * 1024;
const START = 0x0b;
const END = 0x1c0d;

interface Hl7 {
  readonly application: string;
  readonly facility: string;
  /** As in `ADT^A01`. */
  readonly type: string;
}

export const hl7 = protocol({
  name: 'hl7',
  title: 'HL7 version 2 (MLLP)',
  spec: 'HL7 2.9 section 2.14.9 (MSH); HL7 Minimal Lower Layer Protocol',
  depth: 'identity',
  on: { tcp: [2575] },
  tells: ['hl7.application', 'hl7.facility', 'operation'],

  firstBytes: [START],
  recognise: (reader) => reader.peek() === START && /^MSH[^\w\s]/.test(reader.text(Math.min(reader.left, 5)).slice(1)),

  frame(reader) {
    if (reader.peek() !== START) return NOT_MINE;
    for (let at = 5; at < Math.min(reader.left, MAX_MESSAGE); at++) if (reader.peek16(at) === END) return at + 2;
    return reader.left < MAX_MESSAGE ? NEED_MORE : NOT_MINE;
  },

  read(reader): Hl7 | undefined {
    return readHeader(reader);
  },

  observe({ application, facility, type }, say, { sender, receiver }) {
    say.fact(sender, 'hl7.application', application, 'MSH-3');
    say.fact(sender, 'hl7.facility', facility, 'MSH-4');
    if (type && !/^ACK\b/.test(type))
      say.operation('send message', 'write', { from: sender, to: receiver, detail: type });
  },
});

/** MSH: the sign behind it separates its fields, the next one their components. */
function readHeader(reader: Reader): Hl7 | undefined {
  if (reader.u8() !== START) return undefined;
  const text = reader.text(Math.min(reader.left, MAX_HEADER), 'utf8');
  const separator = /^MSH([^\w\s])/.exec(text)?.[1];
  if (separator === undefined) return undefined;
  const fields = (text.split('\r', 1)[0] ?? '').split(separator, 12);
  const component = fields[1]?.[0] ?? '^';
  const first = (at: number) => cleanText((fields[at] ?? '').split(component, 1)[0] ?? '', 128);
  const type = cleanText((fields[8] ?? '').split(component, 2).join('^'), 32);
  return { application: first(2), facility: first(3), type: /^[A-Z]{3}(?:\^[A-Z]\d\d)?$/.test(type) ? type : '' };
}
