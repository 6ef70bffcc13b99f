// Names, types and values of MMS variables. In IEC 61850 devices the name plates of the device (`LPHD1$DC$PhyNam`) and of
// a logical device (`LLN0$DC$NamPlt`) say who made it; read as a whole they are structures, whose type says what is what.
import type { Reader } from '../../reader.ts';
import { statedText } from '../../stated.ts';
import { type Element, findElement, readElement, tagOf } from './layers.ts';

/** Characters of a name: 32 per identifier by ISO 9506-2, 129 in IEC 61850-8-1 edition 2. */
const MAX_NAME = 256;
/** Variables of one request whose names are looked at. */
const MAX_NAMES = 64;
/** Nesting of types and values: five in the agreements met, ten allowed for. */
const MAX_DEPTH = 10;
/** Components of one structure: a whole logical node has some dozens of data. */
const MAX_COMPONENTS = 512;

export interface ObjectName {
  /** Empty for a name of the device as a whole or of the association. */
  readonly domain: string;
  readonly item: string;
}
export interface Variables {
  readonly names: readonly ObjectName[];
  /** False where only the parts of variables or a list of them by name are meant, so that values cannot be placed. */
  readonly isPlain: boolean;
}

const nameText = (reader: Reader): string => reader.text(Math.min(reader.left, MAX_NAME));

/** An ObjectName: of the device, of a domain, or of the association. */
export function readObjectName(choice: Element | undefined): ObjectName | undefined {
  if (!choice) return undefined;
  const { id, body } = choice;
  if (id === 0x80 || id === 0x82) return { domain: '', item: nameText(body) };
  if (id !== 0xa1) return undefined;
  const domain = findElement(body, 0x1a);
  const item = findElement(body, 0x1a);
  return domain && item ? { domain: nameText(domain), item: nameText(item) } : undefined;
}

/** A VariableAccessSpecification: a list of variables, or the name of such a list. */
export function readVariables(choice: Element | undefined): Variables {
  const names: ObjectName[] = [];
  if (choice?.id === 0xa1) {
    const name = readObjectName(readElement(choice.body));
    return { names: name ? [name] : [], isPlain: false };
  }
  if (choice?.id !== 0xa0) return { names, isPlain: false };
  let isPlain = true;
  while (choice.body.left > 0 && names.length < MAX_NAMES) {
    const variable = readElement(choice.body);
    const specification = variable && readElement(variable.body);
    const name = specification?.id === 0xa0 ? readObjectName(readElement(specification.body)) : undefined;
    if (!name || !variable || variable.body.left > 0) isPlain = false;
    if (name) names.push(name);
  }
  return { names, isPlain };
}

/** "IED1LD0/CSWI1$CO$Pos$Oper". */
export const formatName = ({ domain, item }: ObjectName): string => (domain ? `${domain}/${item}` : item);

/** Names shown of one request; the others are counted. */
const SHOWN_NAMES = 4;
export function describeNames(names: readonly ObjectName[]): string {
  const shown = names.slice(0, SHOWN_NAMES).map(formatName).join(', ');
  return names.length > SHOWN_NAMES ? `${shown} and ${names.length - SHOWN_NAMES} more` : shown;
}

/** Whether a name is one of IEC 61850-8-1: a logical node, mostly with the functional constraint of what is meant. */
export const isIec61850 = (item: string): boolean =>
  /^(?:LLN0|[A-Za-z]\w*?[A-Z]{4}\d*)(?:\$(?:ST|MX|SP|SV|CF|DC|SG|SE|SR|OR|BL|EX|CO|US|MS|RP|BR|LG|GO|GS)(?:\$|$))/.test(
    item,
  ) || item === 'LLN0';

// ------------------------------------------------------------------ types

/** Components of a structure by name, in their order; undefined where the type is no structure. */
export interface StructureType {
  readonly names: readonly string[];
  readonly types: readonly (StructureType | undefined)[];
}

/** A TypeSpecification (ISO 9506-2 clause 14.4.2). */
export function readType(choice: Element | undefined, depth = 0): StructureType | undefined {
  if (choice?.id !== 0xa2 || depth >= MAX_DEPTH) return undefined;
  const components = findElement(choice.body, 0xa1);
  if (!components) return undefined;
  const names: string[] = [];
  const types: (StructureType | undefined)[] = [];
  while (components.left > 0 && names.length < MAX_COMPONENTS) {
    const component = findElement(components, 0x30);
    if (!component) break;
    let name = '';
    let type: StructureType | undefined;
    while (component.left > 0) {
      const field = readElement(component);
      if (field?.id === 0x80) name = nameText(field.body);
      else if (field?.id === 0xa1) type = readType(readElement(field.body), depth + 1);
    }
    names.push(name);
    types.push(type);
  }
  return { names, types };
}

/** The type at the end of a path of component names. */
export function typeAt(type: StructureType | undefined, path: readonly string[]): StructureType | undefined {
  let found = type;
  for (const name of path) {
    const at = found?.names.indexOf(name) ?? -1;
    found = at < 0 ? undefined : found?.types[at];
  }
  return found;
}

// ------------------------------------------------------------------ name plates

export type PlateKind =
  | 'device.vendor'
  | 'device.model'
  | 'device.serial'
  | 'device.firmware'
  | 'device.hardware-version'
  | 'device.software'
  | 'device.location'
  | 'goose.id'
  | 'sv.id'
  | 'iec61850.name-space';
export interface PlateFact {
  readonly kind: PlateKind;
  readonly value: string;
  readonly source: string;
}

/** Attributes of the device name plate (IEC 61850-7-3 clause 7.9.2), with what each is. */
const DEVICE_PLATE: Readonly<Record<string, PlateKind>> = {
  vendor: 'device.vendor',
  hwRev: 'device.hardware-version',
  swRev: 'device.firmware',
  serNum: 'device.serial',
  model: 'device.model',
  location: 'device.location',
};
/** Attributes of the logical device's name plate (clause 7.9.3). Its software is that of the logical device. */
const LOGICAL_PLATE: Readonly<Record<string, PlateKind>> = {
  vendor: 'device.vendor',
  swRev: 'device.software',
};
/** Name spaces, which logical nodes and data give besides their logical device (clause 7.9, IEC 61850-7-1 clause 14). */
const NAME_SPACES: Readonly<Record<string, PlateKind>> = {
  ldNs: 'iec61850.name-space',
  lnNs: 'iec61850.name-space',
  cdcNs: 'iec61850.name-space',
  dataNs: 'iec61850.name-space',
};
/** Identifiers in the control blocks of what the device multicasts (IEC 61850-8-1 tables 40 and IEC 61850-9-2 table 10). */
const CONTROL_BLOCKS: Readonly<Record<string, PlateKind>> = { GoID: 'goose.id', MsvID: 'sv.id', UsvID: 'sv.id' };
const MAX_VALUE = 255;

/**
 * Names whose values hold a plate or a control block, or a part of one: the logical node, its description, the plate, an
 * attribute.
 */
const PLATE_NAME =
  /^(?:LLN0|\w*LPHD\d*)(?:\$(?:DC|EX)(?:\$(?:NamPlt|PhyNam)(?:\$\w+)?)?|\$(?:GO|MS|US)(?:\$\w+(?:\$\w+)?)?)?$/;
const NAME_SPACE_NAME = /\$EX\$\w+\$(?:ld|ln|cdc|data)Ns$/;
export const isPlateName = (item: string): boolean => PLATE_NAME.test(item) || NAME_SPACE_NAME.test(item);

/** Values of one answer that are looked at. */
const MAX_VALUES = 4096;

/** In: what a read of this name gave, and the type of it if it is known. Out: what the plates in it state. */
export function readPlates(item: string, value: Element, type: StructureType | undefined): PlateFact[] {
  const facts: PlateFact[] = [];
  let budget = MAX_VALUES;
  const visit = (path: string, element: Element, of: StructureType | undefined, depth: number): void => {
    if (--budget < 0) return;
    const tag = tagOf(element.id);
    if (tag !== STRUCTURE) {
      if (tag === VISIBLE_STRING || tag === MMS_STRING) addFact(path, element, facts);
      return;
    }
    if (depth >= MAX_DEPTH) return;
    for (let i = 0; element.body.left > 0; i++) {
      const component = readElement(element.body);
      if (!component) return;
      // The vendor is the one attribute that every plate begins with (IEC 61850-7-3); others may be left out.
      const name = of ? of.names[i] : i === 0 && /\$DC\$(?:NamPlt|PhyNam)$/.test(path) ? 'vendor' : undefined;
      if (name) visit(`${path}$${name}`, component, of?.types[i], depth + 1);
    }
  };
  visit(item, value, type, 0);
  return facts;
}
const STRUCTURE = 2;
const VISIBLE_STRING = 10;
const MMS_STRING = 16;

function addFact(path: string, { id, body }: Element, facts: PlateFact[]): void {
  const [node = '', constraint = '', plate = '', attribute = '', ...deeper] = path.split('$');
  if (deeper.length > 0) return;
  let kinds: Readonly<Record<string, PlateKind>> | undefined;
  if (constraint === 'EX') kinds = NAME_SPACES;
  else if (/^(?:GO|MS|US)$/.test(constraint)) kinds = CONTROL_BLOCKS;
  else if (plate === 'PhyNam' && node.includes('LPHD')) kinds = DEVICE_PLATE;
  else if (plate === 'NamPlt' && node === 'LLN0') kinds = LOGICAL_PLATE;
  const kind = kinds && Object.hasOwn(kinds, attribute) ? kinds[attribute] : undefined;
  if (!kind) return;
  const raw = body.text(Math.min(body.left, MAX_VALUE), tagOf(id) === MMS_STRING ? 'utf8' : 'latin1');
  const value = statedText(raw);
  if (value) facts.push({ kind, value, source: `${plate}.${attribute}` });
}
