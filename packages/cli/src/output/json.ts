// The inventory as JSON, in the format that `model/inspect-output.ts` describes.
import type { Device, DeviceFact, DevicePart } from '@interlock/model';
import type { Inspection } from '../commands/inspect.ts';
import { version } from '../version.ts';

/** The value of INSPECT_FORMAT in `model/inspect-output.ts`, which is not loaded here because it brings zod. */
const FORMAT = 1;

/** In: what was read. Out: JSON text with a line break at its end. */
export function toJson({ captures, inventory, troubles }: Inspection): string {
  const output = {
    format: FORMAT,
    interlock: version,
    captures: captures.map(({ file, frames, bytes, first, last, problem }) => ({
      file,
      frames,
      bytes,
      first,
      last,
      problem,
    })),
    devices: inventory.devices.map(deviceOf),
    operations: inventory.operations,
    conversations: inventory.conversations,
    troubles,
  };
  return `${JSON.stringify(output, null, 1)}\n`;
}

const deviceOf = (device: Device) => ({
  id: device.id,
  ...device.summary,
  role: device.role?.value,
  level: device.level.value,
  zone: device.zone,
  outside: device.outside,
  sureness: Number(device.sureness.toFixed(3)),
  first: device.first,
  last: device.last,
  addresses: device.addresses,
  facts: device.facts.map(factOf),
  children: device.children.map(partOf),
  joined: device.joined.map((reason) => reason.text),
});

const partOf = (part: DevicePart): object => ({
  id: part.id,
  part: part.part,
  ...part.summary,
  addresses: part.addresses,
  facts: part.facts.map(factOf),
  children: part.children.map(partOf),
});

const factOf = ({ kind, value, protocol, source, said, frames, capture, count, first, last }: DeviceFact) => ({
  kind,
  value,
  protocol,
  source,
  said,
  frames,
  capture,
  count,
  first,
  last,
});
