// What people already have: exports of other tools, asset lists, and what makers publish, read into observations.
export * from './importer.ts';
export { IMPORTERS, importerFor, importerNamed } from './importers/index.ts';
