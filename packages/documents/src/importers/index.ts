// The importers, in the order in which a document is shown to them: those that recognise surely come before those that
// take any table.
import type { Importer } from '../importer.ts';
import { assetList } from './asset-list.ts';
import { assetWorkbook } from './asset-workbook.ts';
import { cyclonedxJson, cyclonedxXml } from './cyclonedx.ts';
import { nessus } from './nessus.ts';
import { netbox } from './netbox.ts';
import { nmap } from './nmap.ts';
import { openvas } from './openvas.ts';
import { suricata } from './suricata.ts';
import { zeek } from './zeek.ts';

export const IMPORTERS: readonly Importer[] = [
  nmap,
  nessus,
  openvas,
  cyclonedxXml,
  cyclonedxJson,
  suricata,
  zeek,
  netbox,
  assetWorkbook,
  assetList,
];

/** The importer for a document. In: its first bytes and its name. */
export const importerFor = (head: Uint8Array, fileName: string): Importer | undefined =>
  IMPORTERS.find((importer) => importer.recognise(head, fileName));
export const importerNamed = (name: string): Importer | undefined =>
  IMPORTERS.find((importer) => importer.name === name);
