// Routes of imports: what documents can be read, upload and preview, the columns a person maps, the import with its
// report, and where documents and reality contradict.
import { z } from 'zod';
import { ASSET_FIELD_NAMES, type AssetFieldName, IMPORT_PROBLEMS, type ImportProblemCode } from '../imports.ts';
import { DOCUMENT_BASES } from '../provenance.ts';
import { count, deviceId, factId, factKind, order, page, pageQuery, saidBy, searchText, time } from './common.ts';
import { route } from './route.ts';

/** Columns of a table that can be mapped; more are no asset list. */
export const MAX_MAPPED_COLUMNS = 500;

export const basis = z
  .enum(DOCUMENT_BASES)
  .describe('what it rests on: a list of what should be there, a scan that asked, a monitor that watched traffic');
const importerName = z.string().min(1).max(60);
export const importId = z.string().regex(/^[0-9a-f-]{36}$/, 'an import is named by a UUID');
export const sourceName = z.string().trim().min(1).max(120).describe('what the document is a version of: "Asset list"');
const assetField = z.enum(ASSET_FIELD_NAMES as [AssetFieldName, ...AssetFieldName[]]);
export const columnMapping = z
  .record(z.string().max(200), assetField)
  .refine((mapping) => Object.keys(mapping).length <= MAX_MAPPED_COLUMNS, 'too many columns')
  .describe('field by title of the column; columns that are left out are not read');
const problemCode = z.enum(Object.keys(IMPORT_PROBLEMS) as [ImportProblemCode, ...ImportProblemCode[]]);

/** `preview`: uploaded and looked at; `replaced`: a later version of the same source took its place. */
export const IMPORT_STATES = ['looking', 'preview', 'waiting', 'reading', 'done', 'failed', 'replaced'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export const importRow = z.object({
  id: importId,
  name: z.string().describe('file name'),
  size: count.describe('bytes'),
  added: time,
  state: z.enum(IMPORT_STATES),
  importer: importerName,
  importerTitle: z.string(),
  basis,
  source: z.string().optional().describe('absent until it is chosen'),
  finished: time.optional(),
  problem: z.string().optional().describe('why it could not be read, or not to its end'),
  records: count.describe('rows, lines or elements read so far'),
  refused: count.describe('records nothing was understood of'),
  observations: count,
  problems: count,
  changes: z
    .object({ added: count, gone: count, kept: count })
    .optional()
    .describe('facts, against the version of the same source before'),
});
export type ImportRow = z.infer<typeof importRow>;

const importProblem = z.object({
  code: problemCode,
  path: z.string().describe('place: "row 17, column F"'),
  text: z.string(),
});
export type ImportProblemShown = z.infer<typeof importProblem>;

const tableHead = z.object({
  columns: z.array(z.object({ title: z.string(), samples: z.array(z.string()), secret: z.boolean().optional() })),
  guessed: columnMapping,
  rows: z.array(z.array(z.string())).describe('first rows; cells of secrets are hidden'),
});
export const importPreview = z.object({
  table: tableHead.optional().describe('only of documents with columns'),
  mapping: columnMapping.optional(),
  records: count,
  refused: count,
  problems: count,
  byCode: z.array(z.object({ code: problemCode, meaning: z.string(), count })),
  firstProblems: z.array(importProblem),
  kinds: z.array(z.object({ kind: factKind, title: z.string(), facts: count })).describe('what will be understood'),
  facts: z
    .array(z.object({ subject: z.string(), title: z.string(), text: z.string(), path: z.string(), field: z.string() }))
    .describe('the first facts'),
  devices: count.describe('addresses and entries it speaks of'),
  whole: z.boolean().describe('whether all of it was looked at; counts are of the beginning otherwise'),
});
export type ImportPreview = z.infer<typeof importPreview>;

export const importDetail = importRow.extend({
  preview: importPreview.optional().describe('while nothing was imported yet'),
  kinds: z.array(z.object({ kind: factKind, title: z.string(), facts: count })),
  byCode: z.array(z.object({ code: problemCode, meaning: z.string(), count })),
  firstProblems: z.array(importProblem),
  mapping: columnMapping.optional(),
  devices: z
    .object({ known: count, onlyListed: count })
    .optional()
    .describe('devices it says something of; those that nobody met'),
});
export type ImportDetail = z.infer<typeof importDetail>;

const importSource = z.object({
  name: z.string(),
  importer: importerName,
  basis,
  versions: count,
  current: importId.optional(),
  mapping: columnMapping.optional(),
});
export type ImportSource = z.infer<typeof importSource>;

const told = z.object({
  fact: factId.optional().describe('evidence of it: GET /evidence/{fact}'),
  text: z.string(),
  said: saidBy,
  by: z.string().describe('protocol or importer'),
});
const contradiction = z.object({
  device: deviceId,
  label: z.string().describe('what the device is called'),
  kind: factKind,
  title: z.string(),
  imported: told,
  met: told,
  source: z.string().optional().describe('the source of the import that says it'),
});
export type ContradictionShown = z.infer<typeof contradiction>;

const id = z.object({ id: importId });
const uploadErrors = [
  'import.none-sent',
  'import.one-at-a-time',
  'import.bad-name',
  'import.cut-off',
  'import.empty',
  'import.too-large',
  'import.not-understood',
  'import.no-such-importer',
  'import.queue-full',
  'storage.full',
  'request.media-type',
] as const;

export const IMPORT_ROUTES = [
  route({
    name: 'listImporters',
    method: 'GET',
    path: '/importers',
    summary: 'Formats of documents that are understood',
    output: z.object({
      items: z.array(
        z.object({
          name: importerName,
          title: z.string(),
          spec: z.string(),
          basis,
          columns: z.boolean().describe('has columns that are mapped to fields'),
        }),
      ),
      fields: z.array(z.object({ name: assetField, title: z.string() })).describe('what a column may hold'),
    }),
    errors: [],
  }),
  route({
    name: 'listImportSources',
    method: 'GET',
    path: '/imports/sources',
    summary: 'Sources: what documents are versions of, each with its mapping',
    output: z.object({ items: z.array(importSource) }),
    errors: [],
  }),
  route({
    name: 'listImports',
    method: 'GET',
    path: '/imports',
    summary: 'Imports, the versions that were replaced too',
    query: z.strictObject({
      search: searchText.optional().describe('part of the name of file or source'),
      sort: z.enum(['added', 'name', 'source', 'records', 'problems']).default('added'),
      order: order.default('descending'),
      ...pageQuery,
    }),
    output: page(importRow),
    errors: ['request.bad-cursor'],
  }),
  route({
    name: 'addImport',
    method: 'POST',
    path: '/imports',
    summary: 'Upload one document; it is looked at, and nothing is imported until POST /imports/{id}/start',
    query: z.strictObject({ importer: importerName.optional().describe('where it is not to be recognised') }),
    body: z.object({ file: z.string().meta({ format: 'binary' }) }),
    sends: 'multipart/form-data',
    output: importDetail,
    status: 201,
    errors: uploadErrors,
  }),
  route({
    name: 'fetchImport',
    method: 'POST',
    path: '/imports/netbox',
    summary: 'Fetch devices, interfaces and addresses from the API of a NetBox; the token is used and not kept',
    body: z.strictObject({
      url: z
        .url({ protocol: /^https?$/ })
        .max(500)
        .describe('address of the NetBox'),
      token: z.string().min(1).max(500).optional(),
    }),
    output: importDetail,
    status: 201,
    errors: ['import.not-fetched', 'import.too-large', 'import.queue-full', 'storage.full'],
  }),
  route({
    name: 'getImport',
    method: 'GET',
    path: '/imports/:id',
    summary: 'One import: preview, or report of what was understood and what was not',
    params: id,
    output: importDetail,
    errors: ['import.not-found'],
  }),
  route({
    name: 'previewImport',
    method: 'POST',
    path: '/imports/:id/preview',
    summary: 'Look at an uploaded document again, with another mapping or as another format',
    params: id,
    body: z.strictObject({ importer: importerName.optional(), mapping: columnMapping.optional() }),
    output: importDetail,
    errors: ['import.not-found', 'import.not-in-preview', 'import.no-such-importer'],
  }),
  route({
    name: 'startImport',
    method: 'POST',
    path: '/imports/:id/start',
    summary: 'Import an uploaded document as the next version of a source',
    params: id,
    body: z.strictObject({ source: sourceName, mapping: columnMapping.optional() }),
    output: importRow,
    errors: ['import.not-found', 'import.not-in-preview', 'import.other-format', 'import.queue-full'],
  }),
  route({
    name: 'listImportProblems',
    method: 'GET',
    path: '/imports/:id/problems',
    summary: 'What was not understood, with its place',
    params: id,
    query: z.strictObject({ code: problemCode.optional(), ...pageQuery }),
    output: page(importProblem),
    errors: ['import.not-found', 'request.bad-cursor'],
  }),
  route({
    name: 'exportImportProblems',
    method: 'GET',
    path: '/imports/:id/problems/export',
    summary: 'The same as a CSV file',
    params: id,
    output: z.string().describe('the file'),
    answers: ['text/csv'],
    errors: ['import.not-found'],
  }),
  route({
    name: 'removeImport',
    method: 'DELETE',
    path: '/imports/:id',
    summary: 'Remove an import and everything that rests on it alone',
    params: id,
    output: z.object({ observations: count.describe('removed with it') }),
    errors: ['import.not-found'],
  }),
  route({
    name: 'listContradictions',
    method: 'GET',
    path: '/contradictions',
    summary: 'Where a document says otherwise than a device was met',
    query: z.strictObject({
      search: searchText.optional().describe('part of the name of the device or of a value'),
      kind: factKind.optional(),
      ...pageQuery,
    }),
    output: page(contradiction),
    errors: ['request.bad-cursor'],
  }),
] as const;
