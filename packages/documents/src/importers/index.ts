// The importers, in the order in which a document is shown to them: those that recognise surely come before those that
// take any table or any text.
import type { Importer } from '../importer.ts';
import { assetList } from './asset-list.ts';
import { assetWorkbook } from './asset-workbook.ts';
import { nmap } from './nmap.ts';

export const IMPORTERS: readonly Importer[] = [nmap, assetWorkbook, assetList];

/** The importer for a document. In: its first bytes and its name. */
export const importerFor = (head: Uint8Array, fileName: string): Importer | undefined =>
  IMPORTERS.find((importer) => importer.recognise(head, fileName));
export const importerNamed = (name: string): Importer | undefined =>
  IMPORTERS.find((importer) => importer.name === name);
