// Where a fact comes from. Whoever asks "why?" follows this to the frame, the line of a document or the person.

/** Who said it: traffic, the maker's signed declaration, a person, another tool, or a conclusion of our own. */
export const SAID_BY = ['seen', 'declared', 'attested', 'imported', 'derived'] as const;
export type SaidBy = (typeof SAID_BY)[number];

/** How many frame numbers a fact keeps: the first ones prove it, more would only weigh. */
export const MAX_FRAMES_KEPT = 8;

export interface FromCapture {
  readonly from: 'capture';
  /** SHA-256 of the capture's bytes as received, hex; absent while it is not stored (command line, streams). */
  readonly capture?: string;
  readonly protocol: string;
  /** Message and field in the standard's words: "SZL 0x001C", "option 12". */
  readonly source: string;
  /** Frame numbers counted from 1 over the whole capture, ascending, at most MAX_FRAMES_KEPT. */
  readonly frames: readonly number[];
}
/**
 * What a document rests on itself: a `list` says what should be there, a `scan` asked devices, a `monitor` watched
 * traffic as Interlock does.
 */
export const DOCUMENT_BASES = ['list', 'scan', 'monitor'] as const;
export type DocumentBasis = (typeof DOCUMENT_BASES)[number];

export interface FromDocument {
  readonly from: 'document';
  /** Its name, as people know it: "Assets hall 3.xlsx". */
  readonly document: string;
  /** Place in it, as its format counts: "row 17, column F", "line 204", "/nmaprun/host[3]"; the first one of several. */
  readonly path: string;
  /** Who read it: "nmap", "asset-list"; see the importers in `documents`. */
  readonly importer: string;
  /** Field in the document's own words: "Seriennummer", "hostnames/hostname". */
  readonly field: string;
  readonly basis: DocumentBasis;
}
export interface FromPerson {
  readonly from: 'person';
  readonly author: string;
  readonly reason?: string;
}
export interface FromRule {
  readonly from: 'rule';
  readonly rule: string;
}
export type Provenance = FromCapture | FromDocument | FromPerson | FromRule;
