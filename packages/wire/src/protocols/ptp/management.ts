// What a clock says of itself in management messages (IEEE 1588-2019 clause 15.5.3.1): maker, model, versions, its name
// and place as a person wrote them, and its addresses.
import { ipv4Text, type Reader } from '../../reader.ts';
import { statedMac, statedText } from '../../stated.ts';

type DescribedKind =
  | 'device.vendor'
  | 'device.model'
  | 'device.serial'
  | 'device.hardware-version'
  | 'device.firmware'
  | 'device.software'
  | 'device.friendly-label'
  | 'device.location'
  | 'address.announced-mac'
  | 'address.announced-ip';
export interface ClockDescription {
  /** Name of the element, or its number. */
  readonly name: string;
  readonly facts: readonly { readonly kind: DescribedKind; readonly value: string }[];
}
export const NO_DESCRIPTION: ClockDescription = { name: '', facts: [] };

const MANAGEMENT = 1;
const CLOCK_DESCRIPTION = 1;
const USER_DESCRIPTION = 2;
const IPV4 = 1;
const MAX_TEXT = 128;

/** Reads the element of a management message: type, length, identifier, data. */
export function readDescription(element: Reader): ClockDescription {
  const type = element.u16();
  element.skip(2);
  const identifier = element.u16();
  if (!element.ok || type !== MANAGEMENT) return NO_DESCRIPTION;
  const name = NAMES[identifier] ?? `identifier 0x${identifier.toString(16).padStart(4, '0')}`;
  const facts: { kind: DescribedKind; value: string }[] = [];
  const add = (kind: DescribedKind, value: string) => {
    if (element.ok && value !== '') facts.push({ kind, value });
  };
  /** Texts of several parts: `maker;model;instance`. */
  const addParts = (kinds: readonly DescribedKind[]) => {
    const parts = element.text(element.u8(), 'utf8').split(';', kinds.length);
    for (const [at, kind] of kinds.entries()) add(kind, statedText(parts[at] ?? '', MAX_TEXT));
  };
  if (identifier === USER_DESCRIPTION) addParts(USER_PARTS);
  if (identifier === CLOCK_DESCRIPTION && element.left > 0) {
    element.skip(2); // kinds of clock
    element.skip(element.u8()); // name of the physical layer
    const physical = element.u16();
    if (physical === 6) add('address.announced-mac', statedMac(element.mac()));
    else element.skip(physical);
    const family = element.u16();
    const length = element.u16();
    if (family === IPV4 && length === 4) add('address.announced-ip', hostAddress(element.u32()));
    else element.skip(length);
    element.skip(4); // identifier of the maker, reserved
    addParts(['device.vendor', 'device.model', 'device.serial']);
    addParts(['device.hardware-version', 'device.firmware', 'device.software']);
    addParts(USER_PARTS);
  }
  return { name, facts };
}

const USER_PARTS: readonly DescribedKind[] = ['device.friendly-label', 'device.location'];

const hostAddress = (word: number): string => {
  const first = word >>> 24;
  return first === 0 || first === 127 || first > 223 ? '' : ipv4Text(word);
};

/** Table 59, those that change a clock or describe it. */
const NAMES: Readonly<Record<number, string>> = {
  0: 'NULL_MANAGEMENT',
  1: 'CLOCK_DESCRIPTION',
  2: 'USER_DESCRIPTION',
  3: 'SAVE_IN_NON_VOLATILE_STORAGE',
  4: 'RESET_NON_VOLATILE_STORAGE',
  5: 'INITIALIZE',
  8192: 'DEFAULT_DATA_SET',
  8197: 'PRIORITY1',
  8198: 'PRIORITY2',
  8199: 'DOMAIN',
  8200: 'SLAVE_ONLY',
  8205: 'ENABLE_PORT',
  8206: 'DISABLE_PORT',
  8207: 'TIME',
};
