// Sparkplug B: payloads in Protocol Buffers under topics of a fixed form. Birth certificates of edge nodes and of devices
// behind them list all metrics, among them make, model and firmware; commands name the metrics to be written.
import { cleanText, type Reader } from '../../reader.ts';
import { addStatement, type Meaning, type Statement, type StatementOf } from './statements.ts';

/** `spBv1.0/group/type/edge node[/device]` (Sparkplug 3.0 section 4.1), or the state of a host application. */
export interface SparkplugTopic {
  readonly type: string;
  /** Group and edge node. */
  readonly node: string;
  /** Group, edge node, and device where there is one. */
  readonly path: string;
}

const TOPIC = /^spBv1\.0\/([^/]+)\/(N(?:BIRTH|DEATH|DATA|CMD)|D(?:BIRTH|DEATH|DATA|CMD))\/([^/]+)(?:\/([^/]+))?$/;
const STATE_TOPIC = /^(?:spBv1\.0\/)?STATE\/[^/]+$/;
/** Longest path that is told. */
const MAX_PATH = 200;

export function sparkplugTopic(topic: string): SparkplugTopic | undefined {
  if (!topic.startsWith('spB') && !topic.startsWith('STATE/')) return undefined;
  if (STATE_TOPIC.test(topic)) return { type: 'STATE', node: '', path: '' };
  const [, group = '', type = '', edge = '', device] = TOPIC.exec(topic) ?? [];
  // A device is named where the type is of one, and nowhere else.
  if (type === '' || type.startsWith('D') !== (device !== undefined)) return undefined;
  const node = cleanText(`${group}/${edge}`, MAX_PATH);
  return { type, node, path: device === undefined ? node : cleanText(`${node}/${device}`, MAX_PATH) };
}

/** Metrics of one message that are looked at; a large edge node has some thousands. */
const MAX_METRICS = 5000;
/** Names of metrics of a command that are told. */
const MAX_NAMES = 5;

export function readSparkplug(
  { type, path }: SparkplugTopic,
  reader: Reader,
): { readonly statements: readonly Statement[]; readonly command: string } {
  const isBirth = type === 'NBIRTH' || type === 'DBIRTH';
  const isCommand = type === 'NCMD' || type === 'DCMD';
  if (!isBirth && !isCommand) return NOTHING;
  const statements: Statement[] = [];
  const names: string[] = [];
  const part = { who: 'part', scheme: 'sparkplug', id: path.replaceAll('>', '_') } as const;
  const of: StatementOf = type === 'NBIRTH' ? { who: 'publisher', elsewhere: part } : part;
  const addMetric = ({ name, value }: Metric) => {
    if (isCommand && name !== '' && names.length < MAX_NAMES) names.push(name);
    const meaning = isBirth && value !== '' ? meaningOf(name) : undefined;
    if (meaning !== undefined) addStatement(statements, of, meaning, value, `${type}, metric ${name}`);
  };
  for (let metrics = 0; reader.left > 0 && metrics < MAX_METRICS; metrics++) {
    const { field, content } = readField(reader);
    if (field === METRIC && content) addMetric(readMetric(content));
  }
  return { statements, command: names.join(', ') };
}
const NOTHING = { statements: [], command: '' };

interface Metric {
  readonly name: string;
  readonly value: string;
}
const MAX_NAME = 200;

function readMetric(reader: Reader): Metric {
  let name = '';
  let value = '';
  while (reader.left > 0) {
    const { field, content } = readField(reader);
    if (!content) continue;
    if (field === METRIC_NAME) name = cleanText(content.text(content.left, 'utf8'), MAX_NAME);
    else if (field === METRIC_STRING) value = content.text(content.left, 'utf8');
  }
  return { name, value };
}

/** One field of a message in Protocol Buffers: its number, and a reader on its content where it has a length. */
function readField(reader: Reader): { readonly field: number; readonly content?: Reader } {
  const key = readVarint(reader);
  const field = Math.floor(key / 8);
  switch (key % 8) {
    case 0:
      readVarint(reader);
      return { field };
    case 1:
      reader.skip(8);
      return { field };
    case 2:
      return { field, content: reader.sub(readVarint(reader)) };
    case 5:
      reader.skip(4);
      return { field };
    default:
      reader.ok = false;
      return { field };
  }
}

/** Numbers beyond 53 bits lose digits, which no length or field number has. */
function readVarint(reader: Reader): number {
  let value = 0;
  for (let at = 0; at < 10; at++) {
    const byte = reader.u8();
    value += (byte & 0x7f) * 128 ** at;
    if (byte < 0x80) return value;
  }
  reader.ok = false;
  return 0;
}

/** `Properties/Hardware Make` and its like: what the metric is about, then its name. */
const ABOUT = /^(?:(?:node|device|edge|asset|gateway)[ _]?)?(?:propert(?:y|ies)|info(?:rmation)?|hardware)\//i;

function meaningOf(name: string): Meaning | undefined {
  const key = name
    .slice(name.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/[^a-z\d]/g, '');
  return ABOUT.test(name) || key.startsWith('hardwarem') ? MEANINGS[key] : undefined;
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  hardwaremake: 'vendor',
  make: 'vendor',
  manufacturer: 'vendor',
  vendor: 'vendor',
  vendorname: 'vendor',
  hardwaremodel: 'model',
  model: 'model',
  modelname: 'model',
  productname: 'model',
  partnumber: 'order',
  ordernumber: 'order',
  catalognumber: 'order',
  productcode: 'code',
  hardwareserial: 'serial',
  hardwareserialnumber: 'serial',
  serial: 'serial',
  serialnumber: 'serial',
  hardwareversion: 'hardware',
  hwversion: 'hardware',
  hardwarerevision: 'hardware',
  fw: 'firmware',
  fwversion: 'firmware',
  firmware: 'firmware',
  firmwareversion: 'firmware',
  firmwarerevision: 'firmware',
  swversion: 'software',
  softwareversion: 'software',
  os: 'os',
  osversion: 'osBuild',
  hostname: 'hostname',
  location: 'location',
  description: 'description',
  mac: 'mac',
  macaddress: 'mac',
};

/** Field numbers (Sparkplug 3.0 section 6.4.1). */
const METRIC = 2;
const METRIC_NAME = 1;
const METRIC_STRING = 15;
