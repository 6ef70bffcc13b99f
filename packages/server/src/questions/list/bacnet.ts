import { concat, hex, type Question, type QuestionRequest, viewOf } from '../question.ts';

/** Device object with the instance that every device takes for its own (ASHRAE 135-2020 clause 15.5). */
const WILDCARD = (8 << 22) | 0x3fffff;
/** Property identifiers (clause 21). */
const PROPERTIES: readonly (readonly [name: string, number: number])[] = [
  ['object-name', 77],
  ['vendor-name', 121],
  ['vendor-identifier', 120],
  ['model-name', 70],
  ['firmware-revision', 44],
  ['application-software-version', 12],
  ['serial-number', 372],
  ['description', 28],
  ['location', 58],
];

/** Confirmed ReadProperty (clause 15.5) behind NPDU "expecting reply" and BVLC original unicast (annex J). */
function readProperty(invoke: number, object: number, property: number): Uint8Array {
  const id = property < 256 ? [0x19, property] : [0x1a, property >> 8, property & 0xff];
  const body = [0x01, 0x04, 0x00, 0x05, invoke, 0x0c, 0x0c, object >>> 24, (object >> 16) & 0xff, (object >> 8) & 0xff];
  const all = Uint8Array.from([...body, object & 0xff, ...id]);
  return concat(Uint8Array.from([0x81, 0x0a, 0, all.length + 4]), all);
}

/** The device object that a device named: in an I-Am, or in its answer to the read of object-identifier. */
function deviceObject(answers: readonly Uint8Array[]): number {
  for (const answer of answers) {
    const view = viewOf(answer);
    // An application tagged object identifier (0xc4) of type device.
    for (let at = 6; at + 5 <= answer.length; at++)
      if (answer[at] === 0xc4 && view.getUint32(at + 1) >>> 22 === 8) return view.getUint32(at + 1);
  }
  return WILDCARD;
}

const reads: readonly QuestionRequest[] = PROPERTIES.map(([name, property], at) => ({
  what: `read ${name} of the device object`,
  bytes: (answers) => readProperty(at + 2, deviceObject(answers), property),
}));

export const bacnet: Question = {
  name: 'bacnet-device',
  title: 'BACnet who-is and properties of the device',
  tells: 'instance, name, vendor, model, firmware, serial number',
  spec: 'ASHRAE 135-2020 clauses 16.10 and 15.5',
  transport: 'udp',
  port: 47_808,
  tries: [
    [
      { what: 'who-is', bytes: () => hex('81 0a 00 08 01 00 10 08') },
      { what: 'read object-identifier of the device object', bytes: () => readProperty(1, WILDCARD, 75) },
      ...reads,
    ],
  ],
};
