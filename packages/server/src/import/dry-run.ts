// A look at a document on disk without a server and without a store: for the command line.
import { basename } from 'node:path';
import { IMPORTERS, importerFor, importerNamed } from '@interlock/documents';
import type { ColumnMapping } from '@interlock/model';
import type { ImportPreview } from '@interlock/model/api';
import { problem } from '../api-problem.ts';
import { documentBytes, documentHead, nameInside } from './document-bytes.ts';
import { lookAt } from './look.ts';

export interface DryRun {
  readonly importer: string;
  readonly title: string;
  readonly preview: ImportPreview;
}
/** In: a file, and how it is to be read where that is not to be guessed. Throws an `ApiProblem` where it cannot be. */
export async function dryRun(
  path: string,
  options: {
    readonly importer?: string | undefined;
    readonly mapping?: ColumnMapping | undefined;
    readonly maxUnpacked: number;
  },
): Promise<DryRun> {
  const name = basename(path);
  const importer = options.importer
    ? importerNamed(options.importer)
    : importerFor(await documentHead(path), nameInside(name));
  if (!importer)
    throw options.importer
      ? problem('import.no-such-importer', { importer: options.importer })
      : problem('import.not-understood', {});
  const open = () => documentBytes(path, options.maxUnpacked).chunks;
  const preview = await lookAt(
    importer,
    open,
    { document: name, source: name, at: Date.now(), mapping: options.mapping },
    Number.POSITIVE_INFINITY,
  );
  return { importer: importer.name, title: importer.title, preview };
}

/** Names of the formats that are understood, for messages. */
export const importerNames = (): string[] => IMPORTERS.map(({ name }) => name);
