// Formats of the inventory as a file.

/** Formats in which the inventory can be had as a file; `rows` are those with the columns that are chosen. */
export const EXPORT_FORMATS = {
  csv: { title: 'CSV', rows: true, extension: 'csv', media: 'text/csv' },
  xlsx: {
    title: 'Excel',
    rows: true,
    extension: 'xlsx',
    media: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  },
  json: { title: 'JSON', rows: true, extension: 'json', media: 'application/json' },
  jsonl: { title: 'JSON Lines', rows: true, extension: 'jsonl', media: 'application/jsonl' },
  cyclonedx: {
    title: 'CycloneDX hardware bill of materials',
    rows: false,
    extension: 'cdx.json',
    media: 'application/vnd.cyclonedx+json',
  },
  netbox: { title: 'NetBox import', rows: false, extension: 'netbox.zip', media: 'application/zip' },
  stix: { title: 'STIX 2.1', rows: false, extension: 'stix.json', media: 'application/stix+json' },
} as const;
export type ExportFormat = keyof typeof EXPORT_FORMATS;
