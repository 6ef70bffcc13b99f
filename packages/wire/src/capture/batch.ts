// Records of a capture as columns over one chunk buffer: the currency between reading files and reading headers.

/** Records handed over at a time: enough for the processor to overlap cache misses of the flow table, small enough for L1. */
export const BATCH_RECORDS = 256;

/** Bytes come from outside through this: a file, a pipe, a decompressor. Reading ahead and limits are its owner's. */
export interface ByteSource {
  /**
   * Fills `into` from `at`, at most `length` bytes. Returns how many were read, 0 at the end. May answer at once
   * (files) or later (pipes); the caller awaits only promises. A fault of the source ends it: it returns 0 and `fault` says why.
   */
  read(into: Uint8Array, at: number, length: number): number | Promise<number>;
  /** Why the source ended before its end, in plain words: "gzip stream damaged at byte 4711". */
  readonly fault?: string | undefined;
}

/** Up to BATCH_RECORDS records. Valid until the next batch is asked for. */
export interface RecordBatch {
  /** The buffer the records lie in; `view` and `bytes` are of the same memory. */
  view: DataView;
  bytes: Uint8Array;
  count: number;
  /** Number of the first record, counted from 1 over the whole capture; the others follow without a gap. */
  firstFrame: number;
  /** First byte and end of the captured bytes, as positions in `view`. */
  readonly at: Uint32Array;
  readonly end: Uint32Array;
  /** Length on the wire, which may be more than was captured. */
  readonly wireLength: Uint32Array;
  /** Milliseconds since 1970, with fractions; NaN where the capture has no time (pcapng SPB). */
  readonly time: Float64Array;
  /** Link type (the tcpdump.org LINKTYPE registry) of the interface of each record. */
  readonly linkType: Uint16Array;
}

export function newRecordBatch(): RecordBatch {
  return {
    view: new DataView(new ArrayBuffer(0)),
    bytes: new Uint8Array(0),
    count: 0,
    firstFrame: 1,
    at: new Uint32Array(BATCH_RECORDS),
    end: new Uint32Array(BATCH_RECORDS),
    wireLength: new Uint32Array(BATCH_RECORDS),
    time: new Float64Array(BATCH_RECORDS),
    linkType: new Uint16Array(BATCH_RECORDS),
  };
}

/** Something wrong with the capture itself, told as a `capture.damaged` observation. */
export interface CaptureTrouble {
  /** Stable name: `pcap.record-too-long`, `pcapng.block-cut-off`, `source.gzip`. */
  readonly code: string;
  /** Number of the last frame before it. */
  readonly frame: number;
  /** Bytes from the start of the (decompressed) capture. */
  readonly offset: number;
  readonly detail?: string;
}

/** A name that the capture itself gives for an address (name resolution block). */
export interface CaptureName {
  readonly ip: string;
  readonly name: string;
  /** Number of the last frame before it. */
  readonly frame: number;
}
/** What the writer of a capture says of one interface at the end (interface statistics block); what it does not say is absent. */
export interface CaptureStatistics {
  readonly interface: number;
  /** Frames that the interface received, and that interface and operating system had no room for. */
  readonly received?: number;
  readonly droppedByInterface?: number;
  readonly droppedBySystem?: number;
}
/** A comment somebody left in the capture: of a frame, or, with `frame` 0, of the whole of it. */
export interface CaptureComment {
  readonly frame: number;
  readonly text: string;
}
