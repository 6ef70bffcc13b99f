// Where a device stands in the plant, after the Purdue model: by its role, and where that is open by whom it talks with.
import type { Concluded, DeviceRole, PlantLevel, Reason } from '@interlock/model';
import { DEVICE_ROLES } from '@interlock/model';
import { INDUSTRIAL_PROTOCOLS, type RoleView } from './role-view.ts';

/** Absent: the role is found on every level, as switches and servers are. */
const LEVEL_OF_ROLE: Readonly<Partial<Record<DeviceRole, PlantLevel>>> = {
  drive: 'field',
  'remote-io': 'field',
  sensor: 'field',
  plc: 'control',
  rtu: 'control',
  'protection-relay': 'control',
  gateway: 'control',
  'communication-module': 'control',
  'building-controller': 'control',
  hmi: 'supervision',
  'engineering-station': 'supervision',
  historian: 'supervision',
  workstation: 'enterprise',
  printer: 'enterprise',
  phone: 'enterprise',
  'media-player': 'enterprise',
  'consumer-device': 'enterprise',
};
/** In: a device's view and role. Out: its level with the reason; `unknown` where nothing tells. */
export function levelOf(view: RoleView, role: Concluded<DeviceRole> | undefined): Concluded<PlantLevel> {
  if (view.outside) return concluded('outside', 0.9, 'its address is a public one behind a router');
  const served = INDUSTRIAL_PROTOCOLS.find((protocol) => view.serves.has(protocol) || view.offers.has(protocol));
  const used = INDUSTRIAL_PROTOCOLS.find((protocol) => view.uses.has(protocol));
  const level = role && LEVEL_OF_ROLE[role.value];
  if (role && level) {
    if (level === 'enterprise' && used !== undefined)
      return concluded('supervision', 0.6, `it uses ${used} of controllers, whatever else it is`);
    return concluded(level, role.sureness, `its role: ${DEVICE_ROLES[role.value]}`);
  }
  if (served !== undefined) return concluded('control', 0.5, `it serves ${served}`);
  if (used !== undefined) return concluded('supervision', 0.5, `it uses ${used} of controllers`);
  return { value: 'unknown', sureness: 0, reasons: [] };
}

const concluded = (value: PlantLevel, sureness: number, text: string): Concluded<PlantLevel> => {
  const reason: Reason = { text, facts: [] };
  return { value, sureness, reasons: [reason] };
};
