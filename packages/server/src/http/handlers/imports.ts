// Handlers of imports: formats, uploads and their preview, the import itself, its report, and contradictions.
import { Readable } from 'node:stream';
import { IMPORTERS } from '@interlock/documents';
import { ASSET_FIELD_NAMES, ASSET_FIELDS, IMPORT_PROBLEMS } from '@interlock/model';
import { problem } from '../../api-problem.ts';
import { csvCell } from '../../export/rows.ts';
import { fetchNetBox } from '../../import/netbox.ts';
import type { Context, Handlers } from '../context.ts';
import { uploadOf } from '../upload.ts';

type ImportRoute =
  | 'listImporters'
  | 'listImportSources'
  | 'listImports'
  | 'addImport'
  | 'fetchImport'
  | 'getImport'
  | 'previewImport'
  | 'startImport'
  | 'listImportProblems'
  | 'exportImportProblems'
  | 'removeImport'
  | 'listContradictions';

export function importHandlers({ store, imports }: Context): Handlers<ImportRoute> {
  const existing = async (id: string) => {
    const detail = await store.imports.detail(id);
    if (!detail) throw problem('import.not-found', { import: id });
    return detail;
  };

  return {
    async listImporters() {
      return {
        items: IMPORTERS.map(({ name, title, spec, basis, columns }) => ({
          name,
          title,
          spec,
          basis,
          columns: columns !== undefined,
        })),
        fields: ASSET_FIELD_NAMES.map((name) => ({ name, title: ASSET_FIELDS[name].title })),
      };
    },

    async listImportSources() {
      return { items: await store.imports.sources() };
    },

    listImports: ({ query }) => store.imports.list(query),

    async addImport({ query, request }) {
      const { name, bytes } = await uploadOf(request, 'import');
      const detail = await imports.receive({ name, bytes, importer: query.importer });
      request.log.info(
        { event: 'document uploaded', import: detail.id, importer: detail.importer },
        'document uploaded',
      );
      return detail;
    },

    async fetchImport({ body, request }) {
      const { url, token } = body;
      const fetched = fetchNetBox(url, token);
      const detail = await imports.receive({
        name: `${new URL(url).host}.netbox.jsonl`,
        bytes: fetched,
        importer: 'netbox',
      });
      request.log.info({ event: 'document fetched', import: detail.id, from: new URL(url).host }, 'document fetched');
      return detail;
    },

    getImport: ({ params }) => existing(params.id),

    previewImport: ({ params, body }) => imports.lookAgain(params.id, body.importer, body.mapping),

    async startImport({ params, body, request }) {
      const row = await imports.start(params.id, body.source, body.mapping);
      request.log.info({ event: 'import started', import: row.id, source: body.source }, 'import started');
      return row;
    },

    async listImportProblems({ params, query }) {
      await existing(params.id);
      return store.imports.problems(params.id, query);
    },

    async exportImportProblems({ params, reply }) {
      const { name } = await existing(params.id);
      const file = name.replace(/[^\w.-]+/g, '_').slice(0, 100);
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="not-understood-${file}.csv"`)
        .send(Readable.from(problemsAsCsv(store.imports.eachProblem(params.id))));
    },

    async removeImport({ params, request }) {
      await existing(params.id);
      const observations = await imports.remove(params.id);
      request.log.info({ event: 'import removed', import: params.id }, 'import removed');
      return { observations };
    },

    listContradictions: ({ query }) => store.imports.contradictions(query),
  };
}

/** Begins with the mark by which Excel knows UTF-8. */
async function* problemsAsCsv(pages: ReturnType<Context['store']['imports']['eachProblem']>): AsyncGenerator<string> {
  yield '\ufeffPlace,Code,Meaning,What is not understood\r\n';
  for await (const page of pages)
    yield page
      .map(({ path, code, text }) => `${[path, code, IMPORT_PROBLEMS[code], text].map(csvCell).join(',')}\r\n`)
      .join('');
}
