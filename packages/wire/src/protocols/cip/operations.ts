// What a CIP request does, in words and by kind. Objects of the standard first, then those of Logix controllers, whose
// numbers other makers may use for other things; what is in neither is named by class and service.
import type { OperationKind } from '@interlock/model';
import {
  type CipRequest,
  CONNECTION_MANAGER,
  EXECUTE_PCCC,
  FORWARD_CLOSE,
  FORWARD_OPEN,
  LARGE_FORWARD_OPEN,
  PCCC,
} from './message.ts';
import { CLASSES, SERVICES } from './names.ts';
import { pcccFunction } from './pccc.ts';

export interface CipOperation {
  readonly what: string;
  readonly kind: OperationKind;
}
const is = (what: string, kind: OperationKind): CipOperation => ({ what, kind });

/** Objects that carry process values: what is set there moves something. */
const PROCESS = new Set([
  0x04, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0e, 0x1d, 0x1e, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x29,
  0x2a, 0x2c, 0x2d, 0x31, 0x32, 0x33, 0x42, 0x44,
]);
/** Objects of a Logix program and its parts: making, changing or removing one changes the logic. */
const LOGIC: Readonly<Record<number, string>> = {
  104: 'program',
  105: 'I/O module',
  106: 'program data',
  107: 'symbol',
  108: 'template',
  109: 'routine',
  110: 'I/O map',
  112: 'task',
  126: 'module connection',
};
/** Other objects of Rockwell Automation that are known by name: those of drives. */
const ROCKWELL_OBJECTS: Readonly<Record<number, string>> = {
  146: 'DPI Device',
  147: 'DPI Parameter',
  151: 'DPI Fault',
  159: 'Host DPI Parameter',
};
/** Objects that engineering tools read when they go online with a Logix controller. */
const CONTROLLER_OBJECTS: ReadonlySet<number> = new Set([
  0x64, 0x66, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f, 0x70, 0x72, 0x73, 0x74, 0x77, 0x7e, 0x7f, 0x8c, 0x8d,
  0x8e, 0xa2, 0xa3, 0xac, 0xb0, 0xb1, 0xb2, 0x304, 0x317, 0x31a, 0x32b, 0x32d, 0x331, 0x332, 0x334, 0x338,
]);
/** From here to 0xc7 every maker has classes of its own (CIP volume 1, table 4-8.1); also from 0x300 to 0x4ff. */
const FIRST_VENDOR_CLASS = 0x64;
const LAST_VENDOR_CLASS = 0xc7;
const isVendorClass = (classId: number): boolean =>
  (classId >= FIRST_VENDOR_CLASS && classId <= LAST_VENDOR_CLASS) || (classId >= 0x300 && classId <= 0x4ff);

/** Services of single objects, by class and service. */
const OF_CLASS: Readonly<Record<number, CipOperation>> = {
  261: is('reset device', 'mode'),
  1620: is('open connection', 'session'),
  1627: is('open connection', 'session'),
  1614: is('close connection', 'session'),
  1622: is('read connection data', 'diagnostic'),
  1623: is('search connection data', 'diagnostic'),
  1626: is('read connection owner', 'diagnostic'),
  14155: is('begin file upload', 'file'),
  14156: is('begin file download', 'file'),
  14157: is('begin partial file read', 'file'),
  14158: is('begin partial file write', 'file'),
  14159: is('upload file', 'file'),
  14160: is('download file', 'file'),
  14161: is('clear file', 'file'),
  14597: is('reset safety device', 'mode'),
  3915: is('read parameter text', 'diagnostic'),
  23883: is('begin security configuration', 'configure'),
  23885: is('end security configuration', 'configure'),
  63052: is('read and clear Ethernet counters', 'configure'),
};

/** Services of Logix controllers (classes of Rockwell Automation), by class and service. */
const OF_LOGIX: Readonly<Record<number, CipOperation>> = {
  27215: is('upload program data', 'logic'),
  27216: is('download program data', 'logic'),
  27980: is('upload routine', 'logic'),
  29771: is('take edit lock', 'session'),
  29772: is('release edit lock', 'session'),
  35587: is('read clock', 'diagnostic'),
  35585: is('read clock', 'diagnostic'),
  35598: is('read clock', 'diagnostic'),
  35588: is('set clock', 'configure'),
  35600: is('set clock', 'configure'),
  36357: is('reset controller', 'mode'),
  36358: is('start controller', 'mode'),
  36359: is('stop controller', 'mode'),
  41293: is('transfer firmware', 'firmware'),
  41291: is('begin firmware update', 'firmware'),
  45644: is('read tags', 'read'),
};

/** Services on symbols and tags of Logix controllers (publication 1756-PM020). */
const OF_TAGS: Readonly<Record<number, CipOperation>> = {
  76: is('read tag', 'read'),
  77: is('write tag', 'write'),
  78: is('read-modify-write tag', 'write'),
  82: is('read tag fragment', 'read'),
  83: is('write tag fragment', 'write'),
  85: is('list tags', 'diagnostic'),
};

const SYMBOL = 0x6b;
const FIRMWARE = 0xa1;
/** Rockwell's service that lists the instances of a class. */
const LIST_INSTANCES = 0x4b;

/** A vendor's service with more data than an offset and a length carries something to the device. */
const MOST_DATA_OF_A_QUESTION = 8;

/** Names once made, by class and service; there are a few hundred in a large plant. */
const made = new Map<number, CipOperation>();
const MAX_MADE = 4096;

/**
 * What a request does; undefined for wrappers, whose contents are told one by one.
 * `logix` says whether vendor classes may be taken for those of Rockwell Automation.
 */
export function cipOperation(request: CipRequest, logix: boolean): CipOperation | undefined {
  const { service, path } = request;
  if (request.services || request.routed) return undefined;
  if (path.hasSymbol || path.classId === SYMBOL) {
    const onTag = OF_TAGS[service];
    if (onTag && (logix || path.hasSymbol)) return onTag;
  }
  const key = path.classId < 0 ? service : path.classId * 0x100 + service;
  const known = OF_CLASS[key] ?? (logix ? OF_LOGIX[key] : undefined);
  if (known) return known;
  if (service === EXECUTE_PCCC && path.classId === PCCC) return pcccOperation(request);
  const asked = service >= 0x32 && request.size > MOST_DATA_OF_A_QUESTION;
  const listed = service === LIST_INSTANCES && path.instance <= 0;
  const cacheKey = ((key * 2 + (asked ? 1 : 0)) * 2 + (listed ? 1 : 0)) * 2 + (logix ? 1 : 0);
  let operation = made.get(cacheKey);
  if (!operation) {
    operation = nameOperation(service, path.classId, logix, asked, listed);
    if (made.size < MAX_MADE) made.set(cacheKey, operation);
  }
  return operation;
}

function pcccOperation(request: CipRequest): CipOperation {
  const { pccc } = request;
  const named = pccc && pcccFunction(pccc);
  if (named) return named;
  if (!pccc) return is('PCCC command', 'diagnostic');
  const functionCode = pccc.functionCode < 0 ? '' : ` function ${hexNumber(pccc.functionCode)}`;
  return is(`PCCC command ${hexNumber(pccc.command)}${functionCode}`, 'configure');
}

const hexNumber = (number: number): string => `0x${number.toString(16).padStart(2, '0')}`;

const GETS: ReadonlySet<number> = new Set([0x01, 0x03, 0x0e, 0x11, 0x18]);
const READ_CONTROLLER = is('read controller data', 'diagnostic');
const READ_VENDOR_OBJECTS = is("read maker's own objects", 'diagnostic');

function nameOperation(
  service: number,
  classId: number,
  logix: boolean,
  carriesData: boolean,
  lists: boolean,
): CipOperation {
  const logic = logix ? LOGIC[classId] : undefined;
  const rockwell = logix ? ROCKWELL_OBJECTS[classId] : undefined;
  const name = logic ?? rockwell ?? CLASSES[classId] ?? (classId < 0 ? 'object' : `Class (${hexNumber(classId)})`);
  const process = PROCESS.has(classId);
  // Engineering tools ask a controller for hundreds of its objects when they go online: that is one thing they do.
  if (isVendorClass(classId) && GETS.has(service))
    return logix && CONTROLLER_OBJECTS.has(classId) ? READ_CONTROLLER : READ_VENDOR_OBJECTS;
  switch (service) {
    case 0x01:
    case 0x03:
    case 0x0e:
    case 0x11:
    case 0x18:
      return is(`read ${name}`, process ? 'read' : 'diagnostic');
    case 0x02:
    case 0x04:
    case 0x10:
    case 0x19:
    case 0x1a:
    case 0x1b:
      return is(`set ${name}`, process ? 'write' : logic ? 'logic' : 'configure');
    case 0x05:
      return is(`reset ${name}`, isVendorClass(classId) ? 'configure' : 'mode');
    case 0x06:
      return is(`start ${name}`, 'mode');
    case 0x07:
      return is(`stop ${name}`, 'mode');
    case 0x08:
      return is(`create ${name}`, logic ? 'logic' : 'configure');
    case 0x09:
      return is(`delete ${name}`, logic ? 'logic' : 'configure');
    case 0x0d:
      return is(`apply ${name}`, logic ? 'logic' : 'configure');
    case 0x15:
      return is(`restore ${name}`, 'configure');
    case 0x16:
      return is(`save ${name}`, 'configure');
  }
  const general = SERVICES[service];
  if (general) return is(`${general} ${name}`, 'diagnostic');
  if (logix && lists) return is(`list ${name}`, 'diagnostic');
  const what = `${name} service (${hexNumber(service)})`;
  if (logix && classId === FIRMWARE) return is(what, 'firmware');
  // The effect of a vendor's own service is not known: one that carries data is taken for a change.
  return is(what, carriesData ? (logic ? 'logic' : 'configure') : 'diagnostic');
}

/** Ways to reset the Identity object (CIP volume 1, table 5A-2.5). */
const RESETS: Readonly<Record<number, string>> = {
  0: 'restart',
  1: 'restart with factory settings',
  2: 'restart with factory settings except communication',
};

/** What a request touches, where it changes something and says so. */
export function cipDetail(request: CipRequest, kind: OperationKind): string | undefined {
  if (kind === 'read' || kind === 'diagnostic') return undefined;
  const { path, service, pccc } = request;
  if (pccc?.address) return pccc.address;
  if (path.symbol !== '') return path.symbol;
  if (path.classId === 0x01 && service === 0x05) return RESETS[request.first < 0 ? 0 : request.first];
  if (kind === 'session' || kind === 'firmware' || kind === 'logic' || kind === 'file') return undefined;
  const attribute = request.attributes[0];
  // Most objects have one instance; which one is set matters where each is another output or axis.
  const hasInstance = path.instance > 1 || (path.instance === 1 && PROCESS.has(path.classId));
  const instance = hasInstance ? `instance ${path.instance}` : undefined;
  if (attribute === undefined) return instance;
  return instance === undefined ? `attribute ${attribute}` : `${instance} attribute ${attribute}`;
}

/** Whether a request opens or closes a connection, which says nothing of the object it is addressed to. */
export const isConnectionService = ({ service, path }: CipRequest): boolean =>
  path.classId === CONNECTION_MANAGER &&
  (service === FORWARD_OPEN || service === LARGE_FORWARD_OPEN || service === FORWARD_CLOSE);
