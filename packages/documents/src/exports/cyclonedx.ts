// The inventory as a hardware bill of materials: CycloneDX 1.6 (ECMA-424), with the properties of its device taxonomy.
// A device is a component, its firmware and operating system and the modules behind it are components within.
import { DEVICE_ROLES } from '@interlock/model';
import { type ExportedDevice, type ExportedPart, type ExportOrigin, isoTime, labelOf } from './exported.ts';

interface Property {
  readonly name: string;
  readonly value: string;
}

/** In: devices and origin. Out: the JSON text, device by device. */
export async function* writeCycloneDx(
  devices: AsyncIterable<ExportedDevice>,
  origin: ExportOrigin,
): AsyncGenerator<string> {
  const head = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${origin.uuid}`,
    version: 1,
    metadata: {
      timestamp: isoTime(origin.time),
      tools: { components: [{ type: 'application', name: 'Interlock', version: origin.version }] },
      component: { type: 'platform', 'bom-ref': 'plant', name: origin.site },
    },
  };
  yield `${JSON.stringify(head).slice(0, -1)},"components":[`;
  let between = '\n';
  for await (const device of devices) {
    yield `${between}${JSON.stringify(deviceComponent(device))}`;
    between = ',\n';
  }
  yield '\n]}\n';
}

function deviceComponent(device: ExportedDevice) {
  const properties: Property[] = [
    ...identityProperties(device),
    ...device.addresses
      .filter(({ kind }) => kind === 'mac')
      .map(({ value }) => ({ name: 'cdx:device:macAddress', value })),
    ...device.addresses.filter(({ kind }) => kind !== 'mac').map(({ value }) => ({ name: 'interlock:ip', value })),
    ...text('cdx:device:function', device.role && DEVICE_ROLES[device.role]),
    ...text('interlock:zone', device.zone),
    ...text('interlock:level', device.level),
    ...text('interlock:firstSeen', device.first > 0 ? isoTime(device.first) : undefined),
    ...text('interlock:lastSeen', device.last > 0 ? isoTime(device.last) : undefined),
  ];
  return component(device, labelOf(device), properties, device.parts);
}

function partComponent(part: ExportedPart): object {
  const properties = [{ name: 'interlock:part', value: part.part }, ...identityProperties(part)];
  return component(part, part.name ?? part.model ?? part.part, properties, part.children);
}

type Identity = Omit<ExportedPart, 'part' | 'children'>;

function component(of: Identity, name: string, properties: readonly Property[], parts: readonly ExportedPart[]) {
  const within = [...softwareOf(of), ...parts.map(partComponent)];
  return {
    type: 'device',
    'bom-ref': of.id,
    ...(of.vendor === undefined ? {} : { manufacturer: { name: of.vendor } }),
    name: of.model ?? name,
    ...(of.hardwareVersion === undefined ? {} : { version: of.hardwareVersion }),
    ...(of.model === undefined || of.model === name ? {} : { description: name }),
    ...(within.length === 0 ? {} : { components: within }),
    ...(properties.length === 0 ? {} : { properties }),
  };
}

function softwareOf(of: Identity): object[] {
  return [
    ...(of.firmware === undefined
      ? []
      : [{ type: 'firmware', 'bom-ref': `${of.id}/firmware`, name: 'Firmware', version: of.firmware }]),
    ...(of.os === undefined ? [] : [{ type: 'operating-system', 'bom-ref': `${of.id}/os`, name: of.os }]),
  ];
}
function identityProperties(of: Identity): Property[] {
  return [
    ...text('interlock:name', of.name),
    ...text('cdx:device:serialNumber', of.serial),
    ...text('cdx:device:sku', of.orderNumber),
    ...text('interlock:location', of.location),
  ];
}
const text = (name: string, value: string | undefined): Property[] => (value === undefined ? [] : [{ name, value }]);
