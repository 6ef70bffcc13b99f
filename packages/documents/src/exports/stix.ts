// The inventory as STIX 2.1 (OASIS): an infrastructure object per device, its addresses as observables, and that it
// consists of them. Nothing here says that a device is bad: the type is one of the neutral ones.
import { DEVICE_ROLES, type DeviceRole } from '@interlock/model';
import { type ExportedAddress, type ExportedDevice, type ExportOrigin, isoTime, labelOf } from './exported.ts';
import { nameUuid } from './name-uuid.ts';

/** Namespace that STIX gives to identifiers made of an observable's own properties (section 2.9). */
const OBSERVABLES = '00abedb4-aa42-466c-9c01-fed23315a9b7';
/** Our own, for identifiers that stay the same from export to export. */
const INTERLOCK = '6f0c8a5e-3d5b-4c58-9a3f-1f0d2b7c9e11';

/** The open vocabulary of infrastructure types (section 10.10), as far as it has words for plants. */
const TYPES: Readonly<Partial<Record<DeviceRole, string>>> = {
  firewall: 'firewall',
  router: 'routers-switches',
  'network-switch': 'routers-switches',
  'access-point': 'routers-switches',
  workstation: 'workstation',
  'engineering-station': 'workstation',
};

/** In: devices and origin. Out: the text of one bundle, object by object. */
export async function* writeStix(devices: AsyncIterable<ExportedDevice>, origin: ExportOrigin): AsyncGenerator<string> {
  const now = isoTime(origin.time);
  const creator = `identity--${nameUuid(INTERLOCK, 'interlock')}`;
  const common = (type: string, name: string) => ({
    type,
    spec_version: '2.1',
    id: `${type}--${nameUuid(INTERLOCK, name)}`,
    created_by_ref: creator,
    created: now,
    modified: now,
  });
  yield `{"type":"bundle","id":"bundle--${origin.uuid}","objects":[\n`;
  const { created_by_ref: _, ...identity } = common('identity', 'interlock');
  yield JSON.stringify({ ...identity, name: `Interlock ${origin.version}`, identity_class: 'system' });
  const told = new Set<string>();
  for await (const device of devices) {
    const infrastructure = {
      ...common('infrastructure', `device ${device.id}`),
      name: labelOf(device),
      ...describe(device),
      infrastructure_types: [(device.role && TYPES[device.role]) ?? 'undefined'],
      ...(device.first > 0 ? { first_seen: isoTime(device.first), last_seen: isoTime(device.last) } : {}),
    };
    yield `,\n${JSON.stringify(infrastructure)}`;
    for (const address of device.addresses) {
      const observable = observableOf(address);
      if (!told.has(observable.id)) {
        told.add(observable.id);
        yield `,\n${JSON.stringify(observable)}`;
      }
      const relation = {
        ...common('relationship', `device ${device.id} ${observable.id}`),
        relationship_type: 'consists-of',
        source_ref: infrastructure.id,
        target_ref: observable.id,
      };
      yield `,\n${JSON.stringify(relation)}`;
    }
  }
  yield '\n]}\n';
}

function observableOf({ kind, value }: ExportedAddress) {
  const type = kind === 'mac' ? 'mac-addr' : kind === 'ipv4' ? 'ipv4-addr' : 'ipv6-addr';
  // The identifier is made of the canonical JSON of the properties that identify it (section 2.9): its value alone.
  return { type, spec_version: '2.1', id: `${type}--${nameUuid(OBSERVABLES, JSON.stringify({ value }))}`, value };
}

function describe(device: ExportedDevice): { readonly description?: string } {
  const { vendor, model, orderNumber, firmware, hardwareVersion, serial, os, location, zone } = device;
  const said = { vendor, model, 'order number': orderNumber, firmware, 'hardware version': hardwareVersion };
  const more = { serial, 'operating system': os, role: device.role && DEVICE_ROLES[device.role], location, zone };
  const lines = Object.entries({ ...said, ...more }).filter(([, value]) => value !== undefined);
  return lines.length === 0 ? {} : { description: lines.map(([name, value]) => `${name}: ${value}`).join('; ') };
}
