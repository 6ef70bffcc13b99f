// The tables as Kysely sees them. The same on both engines: whole numbers, floating-point times in milliseconds since
// 1970, texts that sort by code point, JSON kept as text. `migrations.ts` creates them.
import type { Generated, Kysely, Transaction } from 'kysely';

export interface CaptureTable {
  /** SHA-256 of the file as received, hex; of a live capture a number of its own that looks the same. */
  id: string;
  name: string;
  /** `file` or `live`. */
  kind: string;
  size: number;
  added: number;
  state: string;
  demo: number;
  problem: string | null;
  unpacked: number;
  frames: number;
  first_time: number | null;
  last_time: number | null;
  /** "pcapng, zstd". */
  format: string;
  /** JSON array of names. */
  link_types: string;
  /** Version of the engine whose stretches are stored; a capture is never a mixture of two. */
  engine: string | null;
  observations: number;
  troubles: number;
}
/** What a capture of kind `live` has besides. */
export interface LiveTable {
  capture: string;
  interface: string;
  /** 1: it goes on when the server starts again. */
  wanted: number;
  state: string;
  reason: string | null;
  tool: string | null;
  started: number;
  ended: number | null;
  /** When it was last known how it is doing. */
  updated: number;
  last_frame: number | null;
  /** JSON. */
  counters: string;
}
/** The exactly-once key: a stretch of a capture that is stored is here, and never stored again. */
export interface StretchTable {
  capture: string;
  stretch: number;
}
/** What facts rest on: a capture, or a person, a document, a rule. */
export interface OriginTable {
  id: Generated<number>;
  /** `capture`, `person`, `document` or `rule`. */
  kind: string;
  /** SHA-256 of the capture, or the identifier of what else it is; unique. */
  name: string;
  /** JSON: the rest of the provenance. */
  detail: string;
  made: number;
}
/** Equal observations are one fact, whatever capture they were met in. */
export interface FactTable {
  id: Generated<number>;
  /** 32 hex digits made of everything below; see `fact-key.ts`. */
  key: string;
  kind: string;
  subject: string;
  /** JSON, keys in order; of conversations without the counters. */
  value: string;
  said: string;
  protocol: string;
  source: string;
}
/** That a fact was met in one origin: when, how often, in which frames, and for conversations how much. */
export interface SightingTable {
  fact: number;
  origin: number;
  first_time: number | null;
  last_time: number | null;
  count: number;
  /** Frame numbers, ascending, joined by commas; the first MAX_FRAMES_KEPT count, there may be more. */
  frames: string;
  packets_sent: number | null;
  packets_received: number | null;
  bytes_sent: number | null;
  bytes_received: number | null;
  /** Place in the document, where the origin is one. */
  path: string | null;
}
/** What documents are versions of. */
export interface ImportSourceTable {
  name: string;
  importer: string;
  basis: string;
  /** JSON: field by title of the column. */
  mapping: string | null;
  /** The import whose observations count. */
  current: string | null;
}
export interface ImportTable {
  id: string;
  name: string;
  sha256: string;
  size: number;
  added: number;
  state: string;
  importer: string;
  basis: string;
  source: string | null;
  /** JSON. */
  mapping: string | null;
  preview: string | null;
  problem: string | null;
  finished: number | null;
  records: number;
  refused: number;
  problems: number;
  observations: number;
  /** JSON: facts added, gone and kept against the version before. */
  changes: string | null;
}
/** The first problems of an import, in the order of the document. */
export interface ImportProblemTable {
  import: string;
  n: number;
  code: string;
  path: string;
  text: string;
}
export interface ImportProblemCountTable {
  import: string;
  code: string;
  count: number;
}
/** Small things by name: how often observations changed, and up to which change the inventory was computed. */
export interface SettingTable {
  key: string;
  value: number;
}

/** Computed from the observations and replaced as a whole; nothing below is ever edited. */
export interface DeviceTable {
  /** Short number inside this edition of the inventory. */
  n: number;
  id: string;
  name: string | null;
  vendor: string | null;
  model: string | null;
  order_number: string | null;
  firmware: string | null;
  hardware_version: string | null;
  serial: string | null;
  os: string | null;
  location: string | null;
  role: string | null;
  level: string;
  zone: string | null;
  outside: number;
  sureness: number;
  first_time: number;
  last_time: number;
  /** JSON arrays of what a row shows. */
  addresses: string;
  address_count: number;
  services: string;
  service_count: number;
  parts: number;
  peers: number;
  exposures: number;
  origin: string;
  listed: number;
  contradictions: number;
  /** What others call it. */
  label: string;
  /** Lower-case text of everything that can be searched for. */
  search: string;
  /** JSON: reasons, parts, subjects. */
  detail: string;
  /** Texts to sort by: lower case, numbers filled up; empty where not known. */
  sort_name: string;
  sort_vendor: string;
  sort_model: string;
  sort_order_number: string;
  sort_firmware: string;
  sort_hardware_version: string;
  sort_serial: string;
  sort_os: string;
  sort_role: string;
  sort_addresses: string;
  sort_zone: string;
  sort_level: string;
  sort_location: string;
  sort_services: string;
}
export interface DeviceAddressTable {
  device: number;
  kind: string;
  value: string;
}
export interface DeviceServiceTable {
  device: number;
  transport: string;
  port: number;
  protocol: string | null;
}
export interface DeviceFactTable {
  device: number;
  /** Identifier of the part behind the device that it is told of; empty for the device itself. */
  part: string;
  fact: number;
}
/** What documents say of a device otherwise than it was met. */
export interface DeviceContradictionTable {
  n: number;
  device: number;
  kind: string;
  imported_fact: number | null;
  met_fact: number | null;
  imported_text: string;
  met_text: string;
  imported_by: string;
  met_by: string;
  met_said: string;
  /** Lower-case text of the values and the device's name. */
  search: string;
}
export interface DeviceCaptureTable {
  device: number;
  capture: string;
}
export interface ConversationTable {
  id: number;
  from_device: number;
  to_device: number;
  transport: string;
  port: number;
  protocol: string | null;
  packets_sent: number;
  packets_received: number;
  bytes_sent: number;
  bytes_received: number;
  first_time: number;
  last_time: number;
  /** JSON array: numbers of the first facts it rests on. */
  facts: string;
}
export interface OperationTable {
  id: number;
  from_device: number;
  to_device: number;
  protocol: string;
  what: string;
  kind: string;
  detail: string | null;
  accepted: number | null;
  count: number;
  /** JSON array. */
  frames: string;
  first_time: number;
  last_time: number;
  /** JSON array: numbers of the first facts it rests on. */
  facts: string;
}

/** A subnet whose devices may be asked. */
export interface QuestionSubnetTable {
  id: string;
  cidr: string;
  /** JSON array of names. */
  questions: string;
  author: string;
  added: number;
}
export interface QuestionRunTable {
  id: string;
  cidr: string;
  author: string;
  state: string;
  /** Milliseconds between two requests. */
  pause: number;
  started: number;
  ended: number | null;
  devices: number;
  done: number;
  sent: number;
  answers: number;
  capture: string | null;
  problem: string | null;
}
export interface QuestionAskedTable {
  run: string;
  n: number;
  device: string;
  name: string;
  ip: string;
  question: string;
  sent: number;
  answers: number;
  problem: string | null;
}

export interface Schema {
  capture: CaptureTable;
  live: LiveTable;
  stretch: StretchTable;
  origin: OriginTable;
  fact: FactTable;
  sighting: SightingTable;
  setting: SettingTable;
  device: DeviceTable;
  device_address: DeviceAddressTable;
  device_service: DeviceServiceTable;
  device_fact: DeviceFactTable;
  device_capture: DeviceCaptureTable;
  device_contradiction: DeviceContradictionTable;
  import_source: ImportSourceTable;
  import: ImportTable;
  import_problem: ImportProblemTable;
  import_problem_count: ImportProblemCountTable;
  question_subnet: QuestionSubnetTable;
  question_run: QuestionRunTable;
  question_asked: QuestionAskedTable;
  conversation: ConversationTable;
  operation: OperationTable;
}

export type StoreEngine = 'sqlite' | 'postgresql';
/** A connection to read or write through; a transaction is one too. */
export type Database = Kysely<Schema> | Transaction<Schema>;
