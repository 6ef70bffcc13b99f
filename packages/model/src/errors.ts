// Every error the API and `interlock serve` can give, in one list: code, HTTP status, whose fault it is, what is said and
// what to do about it. The reference page, the OpenAPI description and the console's texts are made from it.

/** Whose fault: the caller's request, a device or its traffic, or Interlock and the machine it runs on. */
export type Whose = 'caller' | 'device' | 'us';

export interface ErrorDefinition {
  /** HTTP status; 0 for errors that keep the server from starting and never cross HTTP. */
  readonly status: number;
  readonly whose: Whose;
  /** What happened; `{name}` is filled in. */
  readonly template: string;
  /** What to do next. */
  readonly whatToDo: string;
}

export const ERRORS = {
  // The request.
  'request.invalid': {
    status: 400,
    whose: 'caller',
    template: 'The request is not as documented: {problem}',
    whatToDo: 'Correct it; /api/v1/openapi.json describes every field.',
  },
  'request.bad-cursor': {
    status: 400,
    whose: 'caller',
    template: 'This cursor does not belong to this list, its filters and its order.',
    whatToDo: 'Use a cursor only with the query it came from, or start again without one.',
  },
  'request.no-such-route': {
    status: 404,
    whose: 'caller',
    template: 'There is nothing at {method} {path}',
    whatToDo: '/api/v1/openapi.json lists every route.',
  },
  'request.too-large': {
    status: 413,
    whose: 'caller',
    template: 'The body of the request is larger than {limit} bytes.',
    whatToDo: 'Send less at once.',
  },
  'request.media-type': {
    status: 415,
    whose: 'caller',
    template: 'A body of type {type} is not understood here.',
    whatToDo: 'Send JSON (application/json), and captures as multipart/form-data with one file.',
  },
  'request.wrong-host': {
    status: 421,
    whose: 'caller',
    template: 'This server does not answer to the host name {host}',
    whatToDo: 'Open the console at the address that was printed when it started.',
  },
  'request.too-many': {
    status: 429,
    whose: 'caller',
    template: 'Too many requests; the next one is taken in {seconds} seconds.',
    whatToDo: 'Wait, then go on more slowly.',
  },
  // Session.
  'session.required': {
    status: 401,
    whose: 'caller',
    template: 'This needs somebody signed in.',
    whatToDo: 'Sign in with POST /api/v1/session.',
  },
  'session.wrong-password': {
    status: 401,
    whose: 'caller',
    template: 'That is not the password.',
    whatToDo: 'Try again, or set a new one on the machine itself with "interlock serve --set-password".',
  },
  'session.too-many-attempts': {
    status: 429,
    whose: 'caller',
    template: 'Too many attempts to sign in; the next one is taken in {seconds} seconds.',
    whatToDo: 'Wait, then try again.',
  },
  'session.csrf': {
    status: 403,
    whose: 'caller',
    template: 'The request does not carry the token of this session.',
    whatToDo: 'Ask GET /api/v1/session for the token and send it as header x-interlock-csrf together with the cookie.',
  },
  // Things that are not there.
  'device.not-found': {
    status: 404,
    whose: 'caller',
    template: 'There is no device {device}',
    whatToDo: 'It may have been joined with another one; search the inventory for one of its addresses.',
  },
  'fact.not-found': {
    status: 404,
    whose: 'caller',
    template: 'There is no fact {fact}',
    whatToDo: 'The capture it rested on may have been removed; load the device again.',
  },
  'capture.not-found': {
    status: 404,
    whose: 'caller',
    template: 'There is no capture {capture}',
    whatToDo: 'GET /api/v1/captures lists what there is.',
  },
  'frame.not-found': {
    status: 404,
    whose: 'caller',
    template: 'The capture has no frame {frame}',
    whatToDo: 'Frames are counted from 1; the capture says how many it has.',
  },
  'correction.not-found': {
    status: 404,
    whose: 'caller',
    template: 'There is no correction {correction}',
    whatToDo: 'GET /api/v1/corrections lists what there is.',
  },
  // Captures.
  'capture.none-sent': {
    status: 400,
    whose: 'caller',
    template: 'The request holds no file.',
    whatToDo: 'Send one capture as a part named "file" of a multipart/form-data body.',
  },
  'capture.one-at-a-time': {
    status: 400,
    whose: 'caller',
    template: 'The request holds more than one file.',
    whatToDo: 'Send each capture in a request of its own.',
  },
  'capture.bad-name': {
    status: 400,
    whose: 'caller',
    template: 'The file name cannot be used: {problem}',
    whatToDo: 'Send a plain file name without folders or control characters.',
  },
  'capture.cut-off': {
    status: 400,
    whose: 'caller',
    template: 'The upload ended before the whole file was received; nothing was kept.',
    whatToDo: 'Send it again.',
  },
  'capture.empty': {
    status: 422,
    whose: 'caller',
    template: 'The file is empty.',
    whatToDo: 'Send a capture with at least its header.',
  },
  'capture.not-a-capture': {
    status: 415,
    whose: 'caller',
    template: 'The file cannot be taken: {looksLike}.',
    whatToDo: 'Send a pcap or pcapng file, as it is or compressed with gzip or zstd.',
  },
  'capture.too-large': {
    status: 413,
    whose: 'caller',
    template: 'The capture is larger than {limit} bytes.',
    whatToDo: 'Cut it into pieces, or raise the limit with --max-upload when starting the server.',
  },
  'capture.expands-too-far': {
    status: 422,
    whose: 'caller',
    template: 'The file unpacks to more than {limit} bytes.',
    whatToDo: 'Send it unpacked and cut into pieces, or raise the limit with --max-upload when starting the server.',
  },
  'capture.queue-full': {
    status: 503,
    whose: 'us',
    template: '{waiting} captures are waiting to be analysed already.',
    whatToDo: 'Send it again when some of them are done.',
  },
  'capture.file-missing': {
    status: 410,
    whose: 'us',
    template: 'The file of capture {capture} is no longer in the data folder.',
    whatToDo: 'Upload the capture again to look at its frames.',
  },
  // Live captures.
  'live.not-found': {
    status: 404,
    whose: 'caller',
    template: 'There is no live capture {capture}',
    whatToDo: 'GET /api/v1/live lists what there is.',
  },
  'live.no-such-interface': {
    status: 422,
    whose: 'caller',
    template: 'This machine has no interface {interface}',
    whatToDo: 'GET /api/v1/interfaces, or "interlock interfaces", lists what there is.',
  },
  'live.no-tool': {
    status: 409,
    whose: 'us',
    template: 'Neither dumpcap nor tcpdump is installed on the machine of the server.',
    whatToDo: 'Install one: on Debian "sudo apt install wireshark-common", or "sudo apt install tcpdump".',
  },
  'live.not-permitted': {
    status: 409,
    whose: 'us',
    template: 'The server may not capture: {missing}',
    whatToDo: 'Grant the right once with the command that "interlock interfaces" and the page Live show.',
  },
  'live.already-running': {
    status: 409,
    whose: 'caller',
    template: 'A live capture runs on {interface} already.',
    whatToDo: 'Stop that one first.',
  },
  'live.too-many': {
    status: 409,
    whose: 'caller',
    template: '{running} live captures run already, and more would starve each other.',
    whatToDo: 'Stop one of them first.',
  },
  // Questions to devices.
  'question.no-such-subnet': {
    status: 404,
    whose: 'caller',
    template: 'No subnet {subnet} is allowed to be asked.',
    whatToDo: 'GET /api/v1/questions/subnets lists what is allowed.',
  },
  'question.no-such-run': {
    status: 404,
    whose: 'caller',
    template: 'There is no run {run}',
    whatToDo: 'GET /api/v1/questions/runs lists what there is.',
  },
  'question.bad-subnet': {
    status: 422,
    whose: 'caller',
    template: '{cidr} cannot be allowed: {problem}',
    whatToDo: 'Name a network as address and prefix length, as 10.1.0.0/24.',
  },
  'question.unknown': {
    status: 422,
    whose: 'caller',
    template: 'There is no question {question}',
    whatToDo: 'GET /api/v1/questions lists the questions that can be asked.',
  },
  'question.too-many-subnets': {
    status: 409,
    whose: 'caller',
    template: '{count} subnets are allowed already.',
    whatToDo: 'Take one back, or allow a larger one.',
  },
  'question.busy': {
    status: 409,
    whose: 'caller',
    template: 'Another run is asking devices.',
    whatToDo: 'Wait for its end or stop it: one device is asked at a time.',
  },
  'question.nobody': {
    status: 409,
    whose: 'caller',
    template: 'No device of {cidr} has anything left to be asked.',
    whatToDo: 'Ask also those that are known well, or allow more questions.',
  },
  // Imports.
  'import.not-found': {
    status: 404,
    whose: 'caller',
    template: 'There is no import {import}',
    whatToDo: 'GET /api/v1/imports lists what there is.',
  },
  'import.none-sent': {
    status: 400,
    whose: 'caller',
    template: 'The request holds no file.',
    whatToDo: 'Send one document as a part named "file" of a multipart/form-data body.',
  },
  'import.one-at-a-time': {
    status: 400,
    whose: 'caller',
    template: 'The request holds more than one file.',
    whatToDo: 'Send each document in a request of its own.',
  },
  'import.bad-name': {
    status: 400,
    whose: 'caller',
    template: 'The file name cannot be used: {problem}',
    whatToDo: 'Send a plain file name without folders or control characters.',
  },
  'import.cut-off': {
    status: 400,
    whose: 'caller',
    template: 'The upload ended before the whole file was received; nothing was kept.',
    whatToDo: 'Send it again.',
  },
  'import.empty': {
    status: 422,
    whose: 'caller',
    template: 'The file is empty.',
    whatToDo: 'Send a document that holds something.',
  },
  'import.too-large': {
    status: 413,
    whose: 'caller',
    template: 'The document is larger than {limit} bytes.',
    whatToDo: 'Cut it into pieces, or raise the limit with --max-upload when starting the server.',
  },
  'import.not-understood': {
    status: 415,
    whose: 'caller',
    template: 'The document is of no format that is understood.',
    whatToDo: 'GET /api/v1/importers lists the formats; name one with "importer" where it was not recognised.',
  },
  'import.no-such-importer': {
    status: 422,
    whose: 'caller',
    template: 'There is no importer {importer}',
    whatToDo: 'GET /api/v1/importers lists what there is.',
  },
  'import.not-in-preview': {
    status: 409,
    whose: 'caller',
    template: 'The import is {state}; only one that is in preview can be changed and started.',
    whatToDo: 'Upload the document again.',
  },
  'import.other-format': {
    status: 409,
    whose: 'caller',
    template: 'The source {source} consists of documents read by {importer}.',
    whatToDo: 'Choose another name for the source.',
  },
  'import.not-fetched': {
    status: 502,
    whose: 'caller',
    template: 'The NetBox at {url} cannot be read: {problem}',
    whatToDo: 'Check the address and the token, and that this machine can reach it.',
  },
  'import.queue-full': {
    status: 503,
    whose: 'us',
    template: '{waiting} documents are waiting to be looked at or imported already.',
    whatToDo: 'Send it again when some of them are done.',
  },
  // Corrections and the demo.
  'correction.unusable': {
    status: 422,
    whose: 'caller',
    template: 'The correction cannot be used: {problem}',
    whatToDo: 'Name addresses that are in the inventory.',
  },
  'demo.not-available': {
    status: 404,
    whose: 'us',
    template: 'The demo capture is not part of this installation.',
    whatToDo: 'Record it with "npm run lab", or upload a capture of your own.',
  },
  'demo.not-loaded': {
    status: 409,
    whose: 'caller',
    template: 'The demo plant is not loaded.',
    whatToDo: 'Nothing needs to be done.',
  },
  'demo.store-not-empty': {
    status: 409,
    whose: 'caller',
    template: 'The demo plant is loaded into an empty store only; this one holds {captures} captures.',
    whatToDo: 'Remove them first, or start another server with --data and an empty folder.',
  },
  // The machine.
  'storage.full': {
    status: 507,
    whose: 'us',
    template: 'There is no space left where the data folder is; nothing was kept.',
    whatToDo: 'Make space or remove captures, then send it again.',
  },
  'server.stopping': {
    status: 503,
    whose: 'us',
    template: 'The server is stopping.',
    whatToDo: 'Try again when it runs.',
  },
  'server.fault': {
    status: 500,
    whose: 'us',
    template: 'Something went wrong inside Interlock; the log holds it under {request}',
    whatToDo: 'Try again; if it happens again, report it with that part of the log.',
  },
  // What keeps the server from starting.
  'start.port-taken': {
    status: 0,
    whose: 'us',
    template: 'Port {port} on {host} is taken by another program.',
    whatToDo: 'Choose another one with --port, or end the program that uses it.',
  },
  'start.address-unusable': {
    status: 0,
    whose: 'caller',
    template: 'This machine cannot listen on {host} port {port}: {problem}',
    whatToDo: 'Choose an address of this machine with --host and a port with --port.',
  },
  'start.password-needed': {
    status: 0,
    whose: 'caller',
    template: 'Listening on {host} would open the console to the network, and no password is set.',
    whatToDo: 'Set one with "interlock serve --set-password", then start again.',
  },
  'start.password-too-short': {
    status: 0,
    whose: 'caller',
    template: 'A password needs at least {least} characters.',
    whatToDo: 'Choose a longer one; several words are good.',
  },
  'start.passwords-differ': {
    status: 0,
    whose: 'caller',
    template: 'The two passwords differ; nothing was changed.',
    whatToDo: 'Type the same one twice.',
  },
  'start.data-locked': {
    status: 0,
    whose: 'caller',
    template: 'The data folder {folder} is in use by another Interlock (process {process}).',
    whatToDo: 'End that one, or choose another folder with --data.',
  },
  'start.data-unusable': {
    status: 0,
    whose: 'us',
    template: 'The data folder {folder} cannot be used: {problem}',
    whatToDo: 'Choose a folder that can be written to with --data.',
  },
  'start.store-damaged': {
    status: 0,
    whose: 'us',
    template: 'The store {store} cannot be read: {problem}',
    whatToDo:
      'Restore it from a copy, or move it away and load the captures again; their files are in the data folder.',
  },
  'start.store-newer': {
    status: 0,
    whose: 'caller',
    template: 'The store was written by a newer Interlock (schema {found}; this version knows {known}).',
    whatToDo: 'Start the newer version, or choose another folder with --data.',
  },
  'start.database-locked': {
    status: 0,
    whose: 'us',
    template: 'The database at {address} is in use by another Interlock.',
    whatToDo: 'End that one, or choose another database with DATABASE_URL.',
  },
  'start.database-unreachable': {
    status: 0,
    whose: 'us',
    template: 'The database at {address} cannot be used: {problem}',
    whatToDo: 'Check DATABASE_URL and that PostgreSQL 15 or newer runs there.',
  },
  'start.capture-unreadable': {
    status: 0,
    whose: 'caller',
    template: 'The capture {file} cannot be loaded: {problem}',
    whatToDo: 'Correct the path, or leave it out.',
  },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof ERRORS;
/** Errors that a route may answer with. */
export type ApiErrorCode = { [C in ErrorCode]: (typeof ERRORS)[C]['status'] extends 0 ? never : C }[ErrorCode];
export type StartErrorCode = Exclude<ErrorCode, ApiErrorCode>;

type Placeholders<T extends string> = T extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;
/** What an error's text needs to be filled in with. */
export type ErrorValues<C extends ErrorCode> = {
  readonly [P in Placeholders<(typeof ERRORS)[C]['template']>]: string | number;
};

/** In: a code and what fills its text in. Out: the sentence that says what happened. */
export function errorMessage<C extends ErrorCode>(code: C, values: ErrorValues<C>): string {
  const texts = values as Readonly<Record<string, string | number>>;
  return ERRORS[code].template.replace(/\{(\w+)\}/g, (_, name: string) => String(texts[name] ?? ''));
}

/** Whether a text is an error code of this edition: a server may be newer than what talks to it. */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);
