// What sits behind the device's address: modules in slots, units behind a gateway, routed BACnet devices.
import type { DevicePartShown } from '@interlock/model/api';
import { Empty } from '../ui/states.tsx';
import { FactTable, type ShowWhy } from './facts.tsx';

/** `scheme:id` in the words of people (PART_SCHEMES of the model). */
function placeOf(part: string): string {
  const [scheme = '', id = ''] = part.split(':');
  switch (scheme) {
    case 'modbus-unit':
      return `Modbus unit ${id}`;
    case 'cip':
      return id.startsWith('1/') ? `Slot ${id.slice(2)}` : `CIP port ${id.replace('/', ', address ')}`;
    case 's7-slot':
      return `Rack ${id.replace('/', ', slot ')}`;
    case 'bacnet-device':
      return `BACnet network ${id.replace('/', ', address ')}`;
    case 'pn-submodule':
      return `PROFINET ${id}`;
    default:
      return part;
  }
}

export function Parts({ parts, why }: { parts: readonly DevicePartShown[]; why: ShowWhy }) {
  if (parts.length === 0) return <Empty title="Nothing was seen behind this device's addresses" />;
  return (
    <ul className="parts">
      {parts.map((part) => (
        <li key={part.id}>
          <details open={parts.length <= 4}>
            <summary>
              <b>{placeOf(part.part)}</b>{' '}
              {[part.name, part.vendor, part.orderNumber ?? part.model, part.firmware, part.serial]
                .filter(Boolean)
                .join(' · ')}
            </summary>
            <FactTable facts={part.facts} why={why} />
            {part.children.length > 0 && <Parts parts={part.children} why={why} />}
          </details>
        </li>
      ))}
    </ul>
  );
}
