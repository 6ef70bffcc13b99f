// WiZ lamps: programs and lamps exchange plain JSON, in which lamps tell module, firmware and address.
import type { OperationKind } from '@interlock/model';
import { type JsonObject, objectAt, parseJson, textOf } from '../../json.ts';
import { protocol } from '../../protocol.ts';
import { statedMac, statedText } from '../../stated.ts';

interface Wiz {
  readonly method: string;
  /** What a lamp answers, or tells by itself. */
  readonly told: JsonObject | undefined;
}

/** Longest message; settings of a lamp have up to 800 bytes. */
const MAX_MESSAGE = 4096;

export const wiz = protocol({
  name: 'wiz',
  title: 'WiZ lamps',
  spec: 'WiZ local control (no public document)',
  depth: 'functions',
  on: { udp: [38899, 38900] },
  tells: ['device.vendor', 'device.model', 'device.firmware', 'address.announced-mac', 'operation'],

  read(reader): Wiz | undefined {
    if (reader.peek() !== 0x7b) return undefined;
    const document = objectAt(parseJson(reader.text(Math.min(reader.left, MAX_MESSAGE), 'utf8')));
    const method = document ? textOf(document, 'method') : '';
    if (!document || !/^[a-z][A-Za-z]{2,30}$/.test(method)) return undefined;
    const told = objectAt(document, 'result') ?? (TOLD_BY_LAMPS.has(method) ? objectAt(document, 'params') : undefined);
    return { method, told };
  },

  observe({ method, told }, say, { sender, receiver, toGroup }) {
    if (told) {
      const mac = statedMac(textOf(told, 'mac'));
      if (mac === '') return;
      say.fact(sender, 'device.vendor', 'WiZ', method);
      say.fact(sender, 'address.announced-mac', mac, `${method}, mac`);
      say.fact(sender, 'device.model', statedText(textOf(told, 'moduleName')), `${method}, moduleName`);
      say.fact(sender, 'device.firmware', statedText(textOf(told, 'fwVersion')), `${method}, fwVersion`);
      return;
    }
    const operation = OPERATIONS[method];
    if (operation && !toGroup) say.operation(operation[0], operation[1], { from: sender, to: receiver });
  },
});

const TOLD_BY_LAMPS = new Set(['firstBeat', 'syncPilot', 'syncSystemConfig']);
const OPERATIONS: Readonly<Record<string, readonly [string, OperationKind]>> = {
  getPilot: ['read the light', 'read'],
  getSystemConfig: ['read the settings', 'diagnostic'],
  setPilot: ['set the light', 'write'],
  setState: ['set the light', 'write'],
  pulse: ['make it pulse', 'write'],
  setSystemConfig: ['change the settings', 'configure'],
  setUserConfig: ['change the settings', 'configure'],
  registration: ['register', 'session'],
  reboot: ['reboot', 'mode'],
  reset: ['reset', 'mode'],
};
