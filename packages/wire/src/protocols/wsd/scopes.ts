// Scopes of ONVIF devices (ONVIF Core Specification section 7.3.2.2): `onvif://www.onvif.org/hardware/P1346`. Makers add
// their own under the same host, as MAC address and serial number.
import { statedMac, statedText } from '../../stated.ts';

const MEANINGS = {
  name: 'device.friendly-label',
  hardware: 'device.model',
  location: 'device.location',
  type: 'wsd.type',
  mac: 'address.announced-mac',
  serial: 'device.serial',
  serialnumber: 'device.serial',
  manufacturer: 'device.vendor',
  firmware: 'device.firmware',
} as const;
export type ScopeKind = (typeof MEANINGS)[keyof typeof MEANINGS];
/** For `tells` of a protocol that says scopes. */
export const SCOPE_KINDS = [...new Set(Object.values(MEANINGS))];

export interface ScopeFact {
  readonly kind: ScopeKind;
  readonly value: string;
}

/** What scopes state; those of other makers than ONVIF's members, and placeholders, state nothing. */
export function readScopes(scopes: readonly string[]): ScopeFact[] {
  const facts: ScopeFact[] = [];
  let name = '';
  let model = '';
  for (const scope of scopes) {
    const [, category = '', rest = ''] = /^onvif:\/\/[\w.-]{1,64}\/(\w+)\/(.{1,256})$/i.exec(scope) ?? [];
    const key = category.toLowerCase();
    if (!Object.hasOwn(MEANINGS, key)) continue;
    const kind = MEANINGS[key as keyof typeof MEANINGS];
    const text = statedText(decode(rest), 128);
    const value = kind === 'address.announced-mac' ? statedMac(text) : text;
    // Some write a version where the model belongs.
    if (
      value === '' ||
      (kind === 'device.model' && !/[a-z].*\d|\d.*[a-z]|[a-z]{3}/i.test(value.replace(/^v[\d.]+$/i, '')))
    )
      continue;
    if (kind === 'device.friendly-label') name = value;
    if (kind === 'device.model') model = value;
    facts.push({ kind, value });
  }
  const vendor = vendorIn(name, model);
  if (vendor !== '' && !facts.some(({ kind }) => kind === 'device.vendor'))
    facts.push({ kind: 'device.vendor', value: vendor });
  return facts;
}

/** The usual name is maker and model: `AXIS P1346`. Others name the maker alone. */
function vendorIn(name: string, model: string): string {
  const maker = model !== '' && name.endsWith(` ${model}`) ? name.slice(0, -model.length - 1) : name;
  if (maker !== name) return /^[A-Z][\w.&-]{1,30}(?: [A-Z][\w.&-]{1,30})?$/i.test(maker) ? maker : '';
  return MAKERS.exec(name)?.[0] ?? '';
}
const MAKERS =
  /^(?:ACTi|Arecont Vision|Avigilon|AXIS|Basler|Bosch|Canon|Dahua|D-Link|FLIR|GeoVision|Hanwha Techwin|HIKVISION|Honeywell|Mobotix|Panasonic|Pelco|Reolink|Samsung Techwin|Sony|Tiandy|TP-Link|Uniview|UNV|VIVOTEK)(?=$|[ _-])/i;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
