// TFTP: how firmware and configurations get onto switches, drives and phones, without any login. The request names the
// file and says whether it is read or written; the data follow between other ports and are not looked at.
import { protocol } from '../../protocol.ts';
import { cleanText } from '../../reader.ts';

/** Names and options are short: a request fits into one packet of 512 bytes (RFC 2347). */
const MAX_TEXT = 255;
const MODES = /^(?:netascii|octet|mail|binary)$/i;

const READ = 1;
const WRITE = 2;
const LAST_CODE = 6;

interface Tftp {
  /** Empty where the packet is no request. */
  readonly file: string;
  readonly isWrite: boolean;
}
const OTHER: Tftp = { file: '', isWrite: false };

export const tftp = protocol({
  name: 'tftp',
  title: 'TFTP',
  spec: 'RFC 1350, RFC 2347',
  depth: 'functions',
  on: { udp: [69] },
  tells: ['operation'],

  firstBytes: [0],
  recognise(reader) {
    const code = reader.u16();
    if (code !== READ && code !== WRITE) return false;
    const file = reader.textz(MAX_TEXT);
    return /^[\x20-\x7e]+$/.test(file) && MODES.test(reader.textz(8)) && reader.ok;
  },

  read(reader, { fromClient }): Tftp | undefined {
    const code = reader.u16();
    if (!reader.ok || code === 0 || code > LAST_CODE) return undefined;
    if (code !== READ && code !== WRITE) return OTHER;
    const file = cleanText(reader.textz(MAX_TEXT));
    const mode = reader.textz(8);
    return reader.ok && file !== '' && MODES.test(mode) && fromClient ? { file, isWrite: code === WRITE } : undefined;
  },

  observe({ file, isWrite }, say) {
    if (file !== '') say.operation(isWrite ? 'write file' : 'read file', 'file', { detail: file });
  },
});
