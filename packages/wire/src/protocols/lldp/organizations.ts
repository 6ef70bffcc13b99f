// What organizations add to LLDP: VLANs and names (802.1), the link and its power (802.3), the inventory of media
// endpoints (TIA), ports and ring of PROFINET devices, and the URL of the maker's usage description (MUD).
import { cleanText, type Reader } from '../../reader.ts';
import { statedMac, statedText } from '../../stated.ts';

const TEXT_KINDS = [
  'address.announced-mac',
  'device.hardware-version',
  'device.firmware',
  'device.software',
  'device.serial',
  'device.vendor',
  'device.model',
  'device.asset-id',
  'device.mud-url',
  'network.vlan-name',
  'network.link',
  'network.power',
  'network.redundancy',
] as const;
const NUMBER_KINDS = ['network.native-vlan', 'network.frame-size'] as const;
/** For `tells`. */
export const ORGANIZATION_KINDS = [...TEXT_KINDS, ...NUMBER_KINDS] as const;

export interface ExtensionFacts {
  /** It announces itself as PROFINET devices do, which fixes what its chassis and port IDs are. */
  profinet: boolean;
  readonly texts: { readonly kind: (typeof TEXT_KINDS)[number]; readonly value: string; readonly source: string }[];
  readonly numbers: { readonly kind: (typeof NUMBER_KINDS)[number]; readonly value: number; readonly source: string }[];
}

/** Reads one element of type 127 (IEEE 802.1AB section 8.6) and adds what it tells. Unknown ones tell nothing. */
export function readOrganization(element: Reader, facts: ExtensionFacts): void {
  const organization = element.u24();
  const subtype = element.u8();
  if (!element.ok) return;
  if (organization === 0x0080c2) read8021(subtype, element, facts);
  else if (organization === 0x00120f) read8023(subtype, element, facts);
  else if (organization === 0x0012bb) readMedia(subtype, element, facts);
  else if (organization === 0x000ecf) {
    facts.profinet = true;
    readProfinet(subtype, element, facts);
  } else if (organization === 0x00005e && subtype === 1) {
    const url = cleanText(element.text(element.left, 'utf8'));
    if (/^https:\/\//i.test(url)) facts.texts.push({ kind: 'device.mud-url', value: url, source: 'MUD URL' });
  }
}

/** IEEE 802.1Q annex D. */
function read8021(subtype: number, element: Reader, { texts, numbers }: ExtensionFacts): void {
  const vlan = element.u16() & 0xfff;
  if (subtype === 1) {
    if (element.ok && vlan !== 0)
      numbers.push({ kind: 'network.native-vlan', value: vlan, source: '802.1 port VLAN ID' });
  } else if (subtype === 3) {
    const name = cleanText(element.text(element.u8(), 'utf8'), 32);
    if (name) texts.push({ kind: 'network.vlan-name', value: `${vlan} ${name}`, source: '802.1 VLAN name' });
  }
}

/** IEEE 802.3 section 79. */
function read8023(subtype: number, element: Reader, { texts, numbers }: ExtensionFacts): void {
  if (subtype === 1) {
    const negotiation = element.u8();
    element.skip(2);
    const type = element.u16();
    const name = MAU_TYPES[type] ?? (type === 0 ? '' : `medium type ${type}`);
    const how = negotiation & 2 ? ', autonegotiated' : '';
    if (element.ok && name) texts.push({ kind: 'network.link', value: name + how, source: '802.3 MAC/PHY' });
  } else if (subtype === 2) {
    const support = element.u8();
    element.skip(1);
    const powerClass = element.u8();
    const isSource = (support & 1) !== 0;
    if (!element.ok || (isSource && (support & 2) === 0)) return;
    const part = isSource ? 'source' : 'powered device';
    const value = powerClass > 0 && powerClass < 6 ? `${part}, class ${powerClass - 1}` : part;
    texts.push({ kind: 'network.power', value, source: '802.3 power via MDI' });
  } else if (subtype === 4) {
    const size = element.u16();
    if (element.ok && size > 0)
      numbers.push({ kind: 'network.frame-size', value: size, source: '802.3 maximum frame size' });
  }
}

/** ANSI/TIA-1057 section 10.2: only the inventory; capabilities and policies say nothing of what the device is. */
function readMedia(subtype: number, element: Reader, { texts }: ExtensionFacts): void {
  const found = MEDIA_INVENTORY[subtype];
  const value = found ? statedText(element.text(element.left, 'utf8'), 64) : '';
  if (found && value) texts.push({ kind: found[0], value, source: `LLDP-MED ${found[1]}` });
}

/** IEC 61158-6-10, LLDP_PNIO. The chassis MAC is the device's own where its ports have addresses of their own. */
function readProfinet(subtype: number, element: Reader, { texts }: ExtensionFacts): void {
  if (subtype === 5) {
    const mac = statedMac(element.hex(6));
    if (mac) texts.push({ kind: 'address.announced-mac', value: mac, source: 'PROFINET chassis MAC' });
  } else if (subtype === 4 && element.left >= 16) {
    texts.push({
      kind: 'network.redundancy',
      value: `MRP domain ${element.hex(16)}`,
      source: 'PROFINET MRP port status',
    });
  }
}

const MEDIA_INVENTORY: Record<number, readonly [(typeof TEXT_KINDS)[number], string]> = {
  5: ['device.hardware-version', 'hardware revision'],
  6: ['device.firmware', 'firmware revision'],
  7: ['device.software', 'software revision'],
  8: ['device.serial', 'serial number'],
  9: ['device.vendor', 'manufacturer name'],
  10: ['device.model', 'model name'],
  11: ['device.asset-id', 'asset ID'],
};

/** The operational types a device is likely to have (IANA-MAU-MIB, dot3MauType). */
const MAU_TYPES: Record<number, string> = {
  5: '10BASE-T',
  10: '10BASE-T half duplex',
  11: '10BASE-T full duplex',
  15: '100BASE-TX half duplex',
  16: '100BASE-TX full duplex',
  17: '100BASE-FX half duplex',
  18: '100BASE-FX full duplex',
  22: '1000BASE-X full duplex',
  24: '1000BASE-LX full duplex',
  26: '1000BASE-SX full duplex',
  29: '1000BASE-T half duplex',
  30: '1000BASE-T full duplex',
  31: '10GBASE-X',
  33: '10GBASE-R',
  35: '10GBASE-LR',
  36: '10GBASE-SR',
  44: '100BASE-BX10D',
  45: '100BASE-BX10U',
  46: '100BASE-LX10',
  54: '10GBASE-T',
};
