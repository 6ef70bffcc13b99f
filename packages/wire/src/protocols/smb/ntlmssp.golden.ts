// NTLM messages for golden captures and tests, written field by field after MS-NLMP section 2.2.1.
import { type Bytes, bytesOf, write } from '../../testing/index.ts';

const UNICODE = 0x00000001;
const VERSION = 0x02000000;
const HEAD = 72;

/** Messages are fields of length, room and offset, then what they point to. */
function message(type: number, layout: (field: (content: Bytes) => Bytes) => Bytes, head: number): Uint8Array {
  const payload = write();
  const fields = layout((content) => {
    const bytes = bytesOf(content);
    const at = head + payload.length;
    payload.bytes(bytes);
    return write().u16le(bytes.length, bytes.length).u32le(at);
  });
  return write().textz('NTLMSSP').u32le(type).bytes(fields).bytes(payload).build();
}
const wide = (text: string) => write().utf16le(text);
const version = (text: string) => {
  const [major = 0, minor = 0, build = 0] = text.split('.').map(Number);
  return write().u8(major, minor).u16le(build).hex('0000000f');
};
const pair = (id: number, text: string) => write().u16le(id).lengthPrefixed16le(wide(text));

export const negotiate = (build: string, workstation = '') =>
  message(
    1,
    (field) =>
      write()
        .u32le(UNICODE | VERSION)
        .bytes(field(new Uint8Array(0)), field(write().text(workstation)), version(build)),
    40,
  );
export const challenge = (
  names: { computer: string; domain: string; dnsComputer: string; dnsDomain: string },
  build: string,
) =>
  message(
    2,
    (field) =>
      write()
        .bytes(field(wide(names.domain)))
        .u32le(UNICODE | VERSION)
        .hex('0123456789abcdef')
        .zeros(8)
        .bytes(
          field(
            write()
              .bytes(
                pair(2, names.domain),
                pair(1, names.computer),
                pair(4, names.dnsDomain),
                pair(3, names.dnsComputer),
              )
              .u32le(0),
          ),
          version(build),
        ),
    56,
  );
/** Answers to the challenge are zeros, or missing in a null session. */
export const authenticate = (user: string, workstation: string, build: string) =>
  message(
    3,
    (field) =>
      write()
        .bytes(field(write().zeros(user ? 24 : 1)), field(write().zeros(user ? 24 : 0)))
        .bytes(field(wide('')), field(wide(user)), field(wide(workstation)), field(new Uint8Array(0)))
        .u32le(UNICODE | VERSION)
        .bytes(version(build)),
    HEAD,
  );
