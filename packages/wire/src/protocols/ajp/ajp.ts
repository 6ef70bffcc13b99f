// AJP between a web server and the application server behind it: recognised, since whoever reaches it is trusted with
// everything (as in CVE-2020-1938). The requests in it are not looked at.
import { NEED_MORE, NOT_MINE, protocol } from '../../protocol.ts';

/** Packets have 8192 bytes by default, 65,536 at most. */
const REQUEST = 0x1234;
const ANSWER = 0x4142;
/** First bytes of what a web server asks: forward request, shut down, ping, CPing; and of answers. */
const REQUESTS: readonly number[] = [2, 7, 8, 10];
const ANSWERS: readonly number[] = [3, 4, 5, 6, 9];
const PACKET = {};

export const ajp = protocol({
  name: 'ajp',
  title: 'Apache JServ Protocol 1.3',
  spec: 'Apache Tomcat Connectors, AJP protocol reference',
  depth: 'recognised',
  on: { tcp: [8009] },
  tells: [],

  firstBytes: [0x12],
  recognise: (reader) =>
    reader.peek16() === REQUEST &&
    reader.peek16(2) >= reader.left - 4 &&
    REQUESTS.includes(reader.peek(4)) &&
    reader.left >= 5,

  frame(reader, { fromClient }) {
    if (reader.left < 4) return NEED_MORE;
    const length = reader.peek16(2);
    return reader.peek16() === (fromClient ? REQUEST : ANSWER) && length > 0 ? 4 + length : NOT_MINE;
  },

  read(reader, { fromClient }) {
    const magic = reader.u16();
    reader.skip(2);
    if (magic !== (fromClient ? REQUEST : ANSWER)) return undefined;
    // The body of a request follows in packets without a code.
    const code = reader.u8();
    return reader.ok && (fromClient || ANSWERS.includes(code)) ? PACKET : undefined;
  },

  secrets(reader, { fromClient }) {
    const length = reader.left;
    return fromClient && length > 5 ? [{ from: 5, to: length, what: 'web request, which may hold a password' }] : [];
  },

  observe() {},
});
