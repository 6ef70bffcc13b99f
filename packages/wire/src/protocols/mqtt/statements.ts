// What a published message states of a device, before it is known whose address that is: the publisher's, the broker's,
// an address that the message names, or something behind the publisher that has none.
import type { PartScheme } from '@interlock/model';
import { statedMac, statedText } from '../../stated.ts';

const MEANINGS = {
  vendor: 'device.vendor',
  model: 'device.model',
  order: 'device.order-number',
  code: 'device.product-code',
  serial: 'device.serial',
  firmware: 'device.firmware',
  hardware: 'device.hardware-version',
  software: 'device.software',
  os: 'device.os',
  osBuild: 'device.os-build',
  hostname: 'device.hostname',
  location: 'device.location',
  description: 'device.description',
  label: 'device.friendly-label',
  type: 'device.type',
  mac: 'address.announced-mac',
} as const;
export type Meaning = keyof typeof MEANINGS;
type StatedKind = (typeof MEANINGS)[Meaning];
export const STATED_KINDS = Object.values(MEANINGS);

interface PartOf {
  readonly who: 'part';
  readonly scheme: PartScheme;
  readonly id: string;
}
export type StatementOf =
  | PartOf
  | { readonly who: 'address'; readonly mac: string }
  | { readonly who: 'broker' }
  /** `elsewhere`: who it is where a broker passes it on. */
  | { readonly who: 'publisher'; readonly elsewhere?: PartOf };

export interface Statement {
  readonly of: StatementOf;
  readonly kind: StatedKind;
  readonly value: string;
  readonly source: string;
}

/** Adds what is stated, checked and without placeholders. */
export function addStatement(all: Statement[], of: StatementOf, meaning: Meaning, raw: string, source: string): void {
  const value = meaning === 'mac' ? statedMac(raw) : statedText(raw);
  if (value !== '') all.push({ of, kind: MEANINGS[meaning], value, source });
}
