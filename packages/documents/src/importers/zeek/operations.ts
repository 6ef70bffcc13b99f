// What Zeek's industrial logs call functions, sorted into the vocabulary of operations. A function that is not known is
// none: guessing whether something changes a process helps nobody.
import type { OperationKind } from '@interlock/model';

/** Tried in this order on the name of a function in lower case; the graver reading of a name stands first. */
const KINDS: readonly (readonly [RegExp, OperationKind])[] = [
  [/firmware|flash/, 'firmware'],
  [/download|upload|program|insert|\bblock\b|\blogic\b|transfer/, 'logic'],
  [/\b(stop|start|restart|reset|cold|warm|hot|run)\b|reinitialize|plc control|operating mode/, 'mode'],
  [/\bfile\b|delete/, 'file'],
  [/authenticat|log ?in|log ?out|password|credential|activate ?session/, 'authentication'],
  [
    /set attribute|write attribute|time sync|set (clock|time)|assign|configur|enable|disable|communication control/,
    'configure',
  ],
  [/write|force|\boperate|\bselect\b|set (multi )?variab|set ?value|mask|crob/, 'write'],
  [/setup|\bopen|close|connect|(un)?register session|session|create|forward|establish/, 'session'],
  [
    /diagnos|identi|szl|who|i.am\b|i.have\b|report|loop|counter|status|event log|capabilit|list (services|interfaces)/,
    'diagnostic',
  ],
  [/read|\bget|subscribe|browse|monitor|publish|poll|integrity/, 'read'],
];

/** In: the name of a function as a log has it: "READ_COILS", "Setup Communication". Out: it in plain words and its kind. */
export function operationOf(
  name: string | undefined,
): { readonly what: string; readonly kind: OperationKind } | undefined {
  if (name === undefined) return undefined;
  const what = name
    .replace(/^(request|response): */i, '')
    .replace(/_/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
  if (what === '' || /^(response|ack|unknown)/.test(what)) return undefined;
  const kind = KINDS.find(([pattern]) => pattern.test(what))?.[1];
  return kind === undefined ? undefined : { what, kind };
}
