// What printers answer when they are asked who they are: PJL `INFO`, ZPL `~HI`, and variables of label printers.
import { statedMac, statedText } from '../../stated.ts';

const MEANINGS = {
  model: 'device.model',
  serial: 'device.serial',
  firmware: 'device.firmware',
  label: 'device.friendly-label',
  type: 'device.type',
  mac: 'address.announced-mac',
} as const;
type Meaning = keyof typeof MEANINGS;
export const PRINTER_KINDS = Object.values(MEANINGS);

export interface AnswerFact {
  readonly kind: (typeof MEANINGS)[Meaning];
  readonly value: string;
  readonly source: string;
}

/** In: one answer, and the variable it is of where it has no name. Out: what it says of the printer. */
export function readAnswer(text: string, variable: string): AnswerFact[] {
  const facts: AnswerFact[] = [];
  const add = (meaning: Meaning, raw: string, source: string) => {
    const value = meaning === 'mac' ? statedMac(raw) : statedText(raw, 128);
    if (value !== '') facts.push({ kind: MEANINGS[meaning], value, source });
  };
  if (text.startsWith('"')) {
    const meaning = VARIABLES.find(([name]) => name.test(variable))?.[1];
    if (meaning) add(meaning, text.slice(1, -1), 'SGD variable');
  } else if (text.startsWith('\x02')) {
    // Model, version, dots per millimetre, memory (ZPL II Programming Guide, host identification).
    const [model = '', firmware = '', dots = '', memory = ''] = text.slice(1, -1).split(',');
    if (!/^\d{1,2}$/.test(dots) || !/^\d+\s*KB?$/i.test(memory) || !/^V?\d|^[A-Z]+\d/.test(firmware)) return facts;
    add('model', model.replace(/^ZTC | ZPL$/g, ''), 'ZPL host identification');
    add('firmware', firmware, 'ZPL host identification');
    add('type', 'Label printer', 'ZPL host identification');
  } else readPjl(text, add);
  return facts;
}

const VARIABLES: readonly (readonly [RegExp, Meaning])[] = [
  [/^device\.product_name$/, 'model'],
  [/^device\.unique_id$/, 'serial'],
  [/^device\.friendly_name$/, 'label'],
  [/^appl\.name$/, 'firmware'],
  [/^(?:internal_wired|external_wired|wlan|interface\.network\.active)\.(?:ip\.)?mac_addr$/, 'mac'],
];

const PJL_NAMES: Readonly<Record<string, Meaning>> = {
  productname: 'model',
  productserialnumber: 'serial',
  serialnumber: 'serial',
  firmwaredatecode: 'firmware',
  firmwareversion: 'firmware',
};

function readPjl(text: string, add: (meaning: Meaning, raw: string, source: string) => void): void {
  const what = /^@PJL INFO (ID|PRODINFO|CONFIG)\s*\r?\n/i.exec(text);
  if (!what) return;
  const lines = text.slice(what[0].length, -1).split(/\r?\n/, 200);
  const source = `PJL INFO ${what[1]?.toUpperCase()}`;
  if (what[1]?.toUpperCase() === 'ID') {
    // Some answer with the model alone, others with model and date of the firmware.
    add('model', /^"?([^":]{2,80})/.exec(lines[0]?.trim() ?? '')?.[1] ?? '', source);
    add('type', 'Printer', source);
    return;
  }
  for (const line of lines) {
    const [, name = '', value = ''] = /^\s*([\w ]{4,40}?)\s*=\s*"?([^"]*)"?\s*$/.exec(line) ?? [];
    const key = name.replace(/ /g, '').toLowerCase();
    const meaning = Object.hasOwn(PJL_NAMES, key) ? PJL_NAMES[key] : undefined;
    if (meaning) add(meaning, value, source);
  }
}
