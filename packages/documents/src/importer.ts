// What an importer is: one plain value that recognises a document by its first bytes and reads it into observations and
// problems, piece by piece, so that memory stays flat whatever the size.
import type { ColumnMapping, DocumentBasis, ImportProblem, Observation } from '@interlock/model';

/** A document as it comes in: pieces of any size. */
export type Chunks = AsyncIterable<Uint8Array>;

export interface ReadOptions {
  /** Name of the document, as people know it. */
  readonly document: string;
  /** Name of the source it is a version of: entries without an address are told apart by it. */
  readonly source: string;
  /** Milliseconds since 1970, for facts of documents that say no time. */
  readonly at: number;
  /** Which field each column holds, for documents with columns; guessed where absent. */
  readonly mapping?: ColumnMapping;
}

/** What came of a stretch of a document. */
export interface ImportBatch {
  readonly observations: readonly Observation[];
  readonly problems: readonly ImportProblem[];
  /** Rows, lines or elements read in this stretch, and how many of them nothing was understood of. */
  readonly records: number;
  readonly refused: number;
}

/** One column of a table, for the person who says what it holds. */
export interface TableColumn {
  readonly title: string;
  /** First cells that hold something; hidden where the title names a secret. */
  readonly samples: readonly string[];
  readonly secret?: true;
}
export interface TableHead {
  readonly columns: readonly TableColumn[];
  readonly guessed: ColumnMapping;
  /** First rows, cells in the order of the columns. */
  readonly rows: readonly (readonly string[])[];
}

export interface Importer {
  /** Provenance of what it says: `nmap`. Lower case, unique. */
  readonly name: string;
  /** For people: "nmap XML". */
  readonly title: string;
  /** The document that describes the format. */
  readonly spec: string;
  readonly basis: DocumentBasis;
  /** Whether a document is of this format. In: its first bytes (up to HEAD_BYTES) and its name. */
  readonly recognise: (head: Uint8Array, fileName: string) => boolean;
  /** Never throws for what a document holds; what was understood before a break is kept. */
  readonly read: (chunks: Chunks, options: ReadOptions) => AsyncGenerator<ImportBatch>;
  /** The columns of a document that is a table. */
  readonly columns?: (chunks: Chunks) => Promise<TableHead>;
}

/** First bytes an importer gets to recognise a document by. */
export const HEAD_BYTES = 16 * 1024;
/** Observations of one batch: a few megabytes. */
export const BATCH_OBSERVATIONS = 4_000;
/** Problems of one batch that are told one by one; a document of the wrong kind has one in every record. */
export const BATCH_PROBLEMS = 4_000;
