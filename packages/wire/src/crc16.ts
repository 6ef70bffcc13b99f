// The checksum of IEEE 802.15.4 frames (section 7.2.11: the polynomial of ITU-T, reflected, from zero), which tells
// frames that the air damaged from whole ones.

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 0 ? value >> 1 : (value >> 1) ^ 0x8408;
  return value;
});

/** The checksum over bytes [at, end) of a view; it is sent with its lower byte first. */
export function crc16Radio(view: DataView, at: number, end: number): number {
  let value = 0;
  for (let n = at; n < end; n++) value = (value >> 8) ^ (TABLE[(value ^ view.getUint8(n)) & 0xff] as number);
  return value;
}

/** Set in the last byte by radios that put signal quality in the place of the checksum and say that it was right. */
const CHECKSUM_WAS_RIGHT = 0x80;

/** Whether the last two bytes of a radio frame in [at, end) are its checksum. */
export const hasRadioChecksum = (view: DataView, at: number, end: number): boolean =>
  end - at > 2 && view.getUint16(end - 2, true) === crc16Radio(view, at, end - 2);
/** The same for what radios of Texas Instruments put in its place. */
export const saysChecksumRight = (view: DataView, at: number, end: number): boolean =>
  end - at > 2 && (view.getUint8(end - 1) & CHECKSUM_WAS_RIGHT) !== 0;
