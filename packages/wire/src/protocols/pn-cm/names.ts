// Names for PROFINET's calls, commands and records (IEC 61158-6-10, 5.2.1), and what each is to the device.
import type { OperationKind } from '@interlock/model';

interface Done {
  readonly what: string;
  readonly kind: OperationKind;
}

const CALLS: Readonly<Record<number, Done>> = {
  0: { what: 'connect PROFINET device', kind: 'session' },
  1: { what: 'release PROFINET device', kind: 'session' },
  2: { what: 'read record', kind: 'diagnostic' },
  3: { what: 'write record', kind: 'configure' },
  4: { what: 'control PROFINET device', kind: 'session' },
  5: { what: 'read record', kind: 'diagnostic' },
};
export const CONNECT = 0;
export const callOf = (operation: number): Done =>
  CALLS[operation] ?? { what: `PROFINET call ${operation}`, kind: 'session' };

/** Commands by their bit. */
const COMMANDS: readonly string[] = [
  'end of parameters',
  'application ready',
  'release',
  'done',
  'ready for companion',
  'ready for RT class 3',
  'begin of parameters',
];
export const commandName = (bits: number): string => COMMANDS.filter((_, bit) => bits & (1 << bit)).join(', ');

const RECORDS: Readonly<Record<number, string>> = {
  32768: 'ExpectedIdentificationData for one subslot',
  32769: 'RealIdentificationData for one subslot',
  32778: 'DiagnosisData for one subslot',
  32810: 'PDPortDataReal',
  32896: 'PDInterfaceDataReal',
  45040: 'I&M0',
  45041: 'I&M1',
  45042: 'I&M2',
  45043: 'I&M3',
  45044: 'I&M4',
  45045: 'I&M5',
  57344: 'ExpectedIdentificationData',
  57345: 'RealIdentificationData',
  57346: 'ModuleDiffBlock',
  57408: 'several records',
  61440: 'RealIdentificationData',
  63536: 'log book',
  63552: 'I&M0FilterData',
  63553: 'PDRealData',
  63554: 'PDExpectedData',
};
/** "I&M0", or "record 0x0001": those below 0x8000 mean what the module's maker says. */
export const recordName = (index: number): string =>
  RECORDS[index] ?? `record 0x${index.toString(16).padStart(4, '0')}`;

export const CONTROLLER = 'PROFINET IO controller';
/** What kind of relation a controller opens (5.2.4.2). */
export const AR_ROLES: Readonly<Record<number, string>> = {
  1: CONTROLLER,
  6: 'PROFINET IO supervisor',
  16: CONTROLLER,
  32: CONTROLLER,
};
