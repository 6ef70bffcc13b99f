import { ascii, concat, hex, type Question, type QuestionTarget, viewOf } from '../question.ts';

// OPC UA part 6: binary encoding (section 5.2) and the secure conversation (section 6.7). Numbers are little endian.
const u32 = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value >>> 0, true);
  return bytes;
};
const text = (value: string): Uint8Array => concat(u32(value.length), ascii(value));
const NOTHING = u32(0xffffffff);
/** A message: type, 'F' for a final chunk, size, content. */
const message = (type: string, ...parts: readonly Uint8Array[]): Uint8Array => {
  const content = concat(...parts);
  return concat(ascii(`${type}F`), u32(content.length + 8), content);
};
/** Identifier of what follows, in four bytes of namespace 0, and the header of every request without a session. */
const request = (id: number, handle: number): Uint8Array =>
  concat(
    Uint8Array.of(1, 0, id & 0xff, id >> 8),
    hex('0000'),
    new Uint8Array(8),
    u32(handle),
    u32(0),
    NOTHING,
    u32(5000),
    hex('000000'),
  );

const endpointUrl = ({ ip }: QuestionTarget): string => `opc.tcp://${ip.includes(':') ? `[${ip}]` : ip}:4840`;
const OPEN_SECURE_CHANNEL = 446;
const GET_ENDPOINTS = 428;
const CLOSE_SECURE_CHANNEL = 452;
const NO_SECURITY = 'http://opcfoundation.org/UA/SecurityPolicy#None';

/** Channel and token of an OpenSecureChannel answer; zeros where it is none. */
function channelOf(answer: Uint8Array | undefined): readonly [channel: number, token: number] {
  if (!answer || Buffer.from(answer.subarray(0, 3)).toString('latin1') !== 'OPN') return [0, 0];
  const view = viewOf(answer);
  let at = 12;
  const skipBytes = () => {
    const length = at + 4 <= answer.length ? view.getInt32(at, true) : 0;
    at += 4 + Math.max(0, length);
  };
  skipBytes(); // security policy
  skipBytes(); // certificate
  skipBytes(); // thumbprint
  at += 8 + 4; // sequence header, identifier of the answer
  at += 8 + 4 + 4 + 1; // time, handle, result, empty diagnostic
  const table = at + 4 <= answer.length ? view.getInt32(at, true) : -1;
  at += 4;
  for (let n = 0; n < table && at < answer.length; n++) skipBytes();
  at += 3 + 4; // additional header, protocol version
  return at + 8 <= answer.length ? [view.getUint32(at, true), view.getUint32(at + 4, true)] : [0, 0];
}
const isOpen = (answers: readonly Uint8Array[]): boolean => answers.length === 0 || channelOf(answers[1])[0] !== 0;
const secured = (answers: readonly Uint8Array[], number: number): Uint8Array => {
  const [channel, token] = channelOf(answers[1]);
  return concat(u32(channel), u32(token), u32(number), u32(number));
};

export const opcua: Question = {
  name: 'opcua-endpoints',
  title: 'OPC UA endpoints',
  tells: 'application and product, endpoints, security policies, certificate, user tokens',
  spec: 'OPC 10000-4 section 5.5.4, OPC 10000-6 section 6.7',
  transport: 'tcp',
  port: 4840,
  tries: [
    [
      {
        what: 'hello',
        bytes: (_, target) =>
          message('HEL', u32(0), u32(65_536), u32(65_536), u32(0), u32(0), text(endpointUrl(target))),
      },
      {
        what: 'open a channel without security',
        bytes: () =>
          message(
            'OPN',
            u32(0),
            text(NO_SECURITY),
            NOTHING,
            NOTHING,
            u32(1),
            u32(1),
            request(OPEN_SECURE_CHANNEL, 1),
            u32(0),
            u32(0),
            u32(1),
            NOTHING,
            u32(60_000),
          ),
      },
      {
        what: 'get endpoints',
        bytes: (answers, target) =>
          isOpen(answers)
            ? message(
                'MSG',
                secured(answers, 2),
                request(GET_ENDPOINTS, 2),
                text(endpointUrl(target)),
                NOTHING,
                NOTHING,
              )
            : undefined,
      },
      {
        what: 'close the channel',
        bytes: (answers) =>
          isOpen(answers) ? message('CLO', secured(answers, 3), request(CLOSE_SECURE_CHANNEL, 3)) : undefined,
      },
    ],
  ],
  isWhole(received) {
    // Chunks of one message follow each other until the final one.
    for (let at = 0; at + 8 <= received.length; ) {
      const size = viewOf(received).getUint32(at + 4, true);
      if (size < 8 || at + size > received.length) return false;
      if (received[at + 3] !== 0x43) return true;
      at += size;
    }
    return false;
  },
};
