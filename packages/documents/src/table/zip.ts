// Files inside a ZIP archive (APPNOTE 6.3), as far as spreadsheets need them: read by the list at the archive's end,
// unpacked in pieces, and never further than a limit, whatever the sizes in the archive claim.
import { Inflate } from 'fflate';

/** Entries of one archive: a spreadsheet has some dozen. */
const MAX_ENTRIES = 5_000;
/** Bytes fed to the decompressor at once; what comes out of them is checked before the next ones. */
const PIECE = 16 * 1024;

export interface ZipEntry {
  readonly name: string;
  readonly stored: boolean;
  readonly bytes: Uint8Array;
}

/** In: an archive. Out: its entries, not unpacked; undefined where it is no archive that can be read. */
export function zipEntries(archive: Uint8Array): ZipEntry[] | undefined {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = findEnd(view);
  if (end < 0) return undefined;
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const entries: ZipEntry[] = [];
  for (let i = 0; i < Math.min(count, MAX_ENTRIES); i++) {
    if (at + 46 > archive.length || view.getUint32(at, true) !== CENTRAL)
      return entries.length > 0 ? entries : undefined;
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const size = view.getUint32(at + 20, true);
    const nameLength = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameLength));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    // Encrypted entries and other methods than "stored" and "deflated" do not occur in spreadsheets that can be opened.
    if ((flags & 1) === 1 || (method !== 0 && method !== 8)) continue;
    if (local + 30 > archive.length || view.getUint32(local, true) !== LOCAL) continue;
    const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (from + size > archive.length) continue;
    entries.push({ name, stored: method === 0, bytes: archive.subarray(from, from + size) });
  }
  return entries;
}
const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** The end record lies within the last 64 KiB: only a comment may follow it. */
function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= 0 && at >= view.byteLength - 22 - 0xffff; at--)
    if (view.getUint32(at, true) === END) return at;
  return -1;
}

/** What went wrong while an entry was unpacked. */
export type UnpackTrouble = 'too-far' | 'damaged';

/**
 * The bytes of an entry in pieces. In: the entry, and how many bytes may come out. `trouble` is told when it ends early;
 * what came before holds.
 */
export async function* unpack(
  entry: ZipEntry,
  most: number,
  trouble: (what: UnpackTrouble) => void,
): AsyncGenerator<Uint8Array> {
  if (entry.stored) {
    if (entry.bytes.length > most) trouble('too-far');
    else yield entry.bytes;
    return;
  }
  const out: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  const inflate = new Inflate((chunk, final) => {
    if (chunk.length > 0) out.push(chunk);
    ended ||= final;
  });
  for (let at = 0; at < entry.bytes.length && !ended; at += PIECE) {
    try {
      inflate.push(entry.bytes.subarray(at, at + PIECE), at + PIECE >= entry.bytes.length);
    } catch {
      trouble('damaged');
      return;
    }
    for (const chunk of out.splice(0)) {
      length += chunk.length;
      if (length > most) {
        trouble('too-far');
        return;
      }
      yield chunk;
    }
  }
  if (!ended) trouble('damaged');
}
