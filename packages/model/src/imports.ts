// Words for what people already have: fields of an asset list and what was wrong with a document. The documents are read
// in `documents`; these words are on the screen and in the API too.
import type { FactKind } from './facts.ts';

export interface AssetField {
  readonly title: string;
  /** The kind of fact a cell of this field becomes; absent for addresses and what is read in a special way. */
  readonly kind?: FactKind;
}

/** What a column of an asset list may hold, in the order of the menu. */
export const ASSET_FIELDS = {
  ip: { title: 'IP address' },
  mac: { title: 'MAC address' },
  hostname: { title: 'Host name', kind: 'device.hostname' },
  name: { title: 'Name or label', kind: 'device.friendly-label' },
  assetId: { title: 'Asset identifier', kind: 'device.asset-id' },
  plant: { title: 'Plant designation', kind: 'device.plant' },
  vendor: { title: 'Vendor', kind: 'device.vendor' },
  model: { title: 'Model', kind: 'device.model' },
  orderNumber: { title: 'Order number', kind: 'device.order-number' },
  serial: { title: 'Serial number', kind: 'device.serial' },
  firmware: { title: 'Firmware version', kind: 'device.firmware' },
  hardwareVersion: { title: 'Hardware version', kind: 'device.hardware-version' },
  software: { title: 'Software version', kind: 'device.software' },
  os: { title: 'Operating system', kind: 'device.os' },
  type: { title: 'Device type', kind: 'device.type' },
  location: { title: 'Location', kind: 'device.location' },
  contact: { title: 'Contact or owner', kind: 'device.contact' },
  description: { title: 'Description', kind: 'device.description' },
  criticality: { title: 'Criticality', kind: 'device.criticality' },
  lifeCycle: { title: 'State in its life cycle', kind: 'device.life-cycle' },
  uuid: { title: 'UUID', kind: 'device.uuid' },
  stationName: { title: 'PROFINET station name', kind: 'device.station-name' },
  vlan: { title: 'VLAN' },
  mask: { title: 'Subnet mask', kind: 'network.mask' },
  router: { title: 'Default router', kind: 'network.router' },
  ports: { title: 'Open ports' },
} as const satisfies Record<string, AssetField>;
export type AssetFieldName = keyof typeof ASSET_FIELDS;
export const ASSET_FIELD_NAMES = Object.keys(ASSET_FIELDS) as AssetFieldName[];

/** Which field each column holds, by the column's title; a column that is not named here is left out. */
export type ColumnMapping = Readonly<Record<string, AssetFieldName>>;

/** Why something in a document was not understood, in one word each; the report counts by them. */
export const IMPORT_PROBLEMS = {
  'document.not-understood': 'the document is not of this format',
  'document.cut-off': 'the document ends in the middle',
  'document.encoding': 'bytes that are no text in the encoding of the document',
  'document.limit': 'a limit was reached; the rest was not read',
  'document.refused':
    'the document holds something that is refused: entity declarations, an archive that unpacks too far',
  'record.malformed': 'the record breaks its format',
  'record.too-long': 'the record is longer than any sound one',
  'record.columns': 'the record has another number of columns than the head',
  'record.nothing': 'the record names nothing that tells a device',
  'value.address': 'the text is no address',
  'value.malformed': 'the value cannot be what its field says',
  'kind.not-known': 'records of this kind are not understood',
} as const;
export type ImportProblemCode = keyof typeof IMPORT_PROBLEMS;

/** One thing that was not understood, with its place. */
export interface ImportProblem {
  readonly code: ImportProblemCode;
  /** Place in the document: "row 17, column F". */
  readonly path: string;
  /** What stands there and why it is not understood. */
  readonly text: string;
}
