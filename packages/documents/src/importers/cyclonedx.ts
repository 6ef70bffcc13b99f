// Hardware bills of materials of CycloneDX, as JSON or XML: devices with maker, model, serial number and the components
// inside them. A bill names no addresses; its devices are found by their serial numbers.
import type { Subject } from '@interlock/model';
import type { Chunks, ImportBatch, Importer, ReadOptions } from '../importer.ts';
import { isObject, type JsonObject, listField, objectField, textField } from '../json/object.ts';
import { readObjects } from '../json/read-json.ts';
import { Telling } from '../telling.ts';
import { hostnameValue, ipValue, macValue, textValue, timeValue } from '../values.ts';
import { child, children, readElements, textOf, type XmlElement } from '../xml/elements.ts';
import { headText, isBinary } from './asset-list.ts';

/** Levels of components inside components. */
const MAX_DEPTH = 16;

export const cyclonedxJson: Importer = {
  name: 'cyclonedx-json',
  title: 'CycloneDX hardware BOM (JSON)',
  spec: 'ECMA-424 (CycloneDX 1.6), hardware bill of materials',
  basis: 'list',
  recognise: (head) =>
    !isBinary(head) && /^\s*\{/.test(headText(head)) && /"bomFormat"\s*:\s*"CycloneDX"/.test(headText(head)),
  read: readJson,
};
export const cyclonedxXml: Importer = {
  name: 'cyclonedx-xml',
  title: 'CycloneDX hardware BOM (XML)',
  spec: 'ECMA-424 (CycloneDX 1.6), hardware bill of materials',
  basis: 'list',
  recognise: (head) => !isBinary(head) && /<(\w+:)?bom[^>]*cyclonedx\.org/.test(headText(head)),
  read: readXml,
};

/** A component, whichever form it came in. */
interface Component {
  readonly type: string;
  readonly get: (field: string) => string | undefined;
  readonly properties: readonly (readonly [name: string, value: string])[];
  readonly components: readonly Component[];
}

async function* readJson(chunks: Chunks, options: ReadOptions): AsyncGenerator<ImportBatch> {
  const telling = new Telling(cyclonedxJson, options);
  for await (const items of readObjects(chunks)) {
    for (const item of items) {
      if ('problem' in item) telling.problem(item.problem, 'document', item.text);
      else {
        const at = timeValue(textField(item.object, 'metadata', 'timestamp'));
        const own = objectField(objectField(item.object, 'metadata'), 'component');
        const components = listField(item.object, 'components')
          .filter(isObject)
          .map((one) => ofJson(one));
        sayBill(telling, options.source, own && ofJson(own), components, at);
      }
      if (telling.isFull) yield telling.take();
    }
  }
  yield telling.take();
}

async function* readXml(chunks: Chunks, options: ReadOptions): AsyncGenerator<ImportBatch> {
  const telling = new Telling(cyclonedxXml, options);
  for await (const items of readElements(chunks, new Set(['bom']))) {
    for (const item of items) {
      if ('problem' in item) telling.problem(item.problem, item.path, item.text);
      else {
        const metadata = child(item.element, 'metadata');
        const own = child(metadata, 'component');
        const components = children(child(item.element, 'components'), 'component').map((one) => ofXml(one));
        sayBill(telling, options.source, own && ofXml(own), components, timeValue(textOf(metadata, 'timestamp')));
      }
    }
  }
  yield telling.take();
}

const ofJson = (object: JsonObject, depth = 0): Component => ({
  type: textField(object, 'type') ?? '',
  get: (field) =>
    field === 'manufacturer' || field === 'supplier'
      ? (textField(object, field, 'name') ?? textField(object, field))
      : textField(object, field),
  properties: listField(object, 'properties').flatMap((one): [string, string][] => {
    const [name, value] = [textField(one, 'name'), textField(one, 'value')];
    return name !== undefined && value !== undefined ? [[name, value]] : [];
  }),
  components:
    depth >= MAX_DEPTH
      ? []
      : listField(object, 'components')
          .filter(isObject)
          .map((one) => ofJson(one, depth + 1)),
});
const ofXml = (element: XmlElement, depth = 0): Component => ({
  type: element.attributes['type'] ?? '',
  get: (field) =>
    field === 'manufacturer' || field === 'supplier'
      ? (textOf(element, field, 'name') ?? textOf(element, field))
      : (element.attributes[field] ?? textOf(element, field)),
  properties: children(child(element, 'properties'), 'property').map((one) => [
    one.attributes['name'] ?? '',
    one.text.trim(),
  ]),
  components:
    depth >= MAX_DEPTH ? [] : children(child(element, 'components'), 'component').map((one) => ofXml(one, depth + 1)),
});

/** The thing the bill is of, with its components as parts; or, of a list of devices, each device. */
function sayBill(
  telling: Telling,
  source: string,
  own: Component | undefined,
  components: readonly Component[],
  at: number | undefined,
): void {
  const devices = components.filter(({ type }) => type === 'device');
  if (own && isDevice(own)) {
    const subject = subjectOf(own, source, own.get('bom-ref') ?? 'device');
    sayComponent(telling, subject, own, '/metadata/component', at);
    sayParts(telling, subject, components, '/components', at);
    return;
  }
  if (devices.length === 0) telling.problem('kind.not-known', '/components', 'a bill of materials without a device');
  for (const [i, component] of components.entries()) {
    const path = `/components[${i}]`;
    if (component.type !== 'device') {
      telling.problem(
        'kind.not-known',
        path,
        `a component of type ${component.type.slice(0, 60) || 'none'} outside of a device`,
      );
      telling.record(false);
      continue;
    }
    const subject = subjectOf(component, source, component.get('bom-ref') ?? String(i));
    sayComponent(telling, subject, component, path, at);
    sayParts(telling, subject, component.components, `${path}/components`, at);
  }
}
const isDevice = ({ type }: Component): boolean => type === 'device' || type === 'firmware' || type === 'platform';

function sayParts(
  telling: Telling,
  owner: Subject,
  components: readonly Component[],
  path: string,
  at: number | undefined,
): void {
  for (const [i, component] of components.entries()) {
    const place = `${path}[${i}]`;
    const name = textValue(component.get('name'));
    if (name === undefined) {
      telling.problem('record.nothing', place, 'a component without a name');
      telling.record(false);
      continue;
    }
    if (component.type === 'firmware') {
      // The firmware of a device is listed as a component beside its boards.
      const version = textValue(component.get('version'));
      if (version !== undefined)
        telling.say(owner, owner.part ? 'device.firmware' : 'device.firmware', version, place, 'version', at);
      telling.record(version !== undefined);
      continue;
    }
    const step = `listed:${(textValue(component.get('bom-ref')) ?? `${name} ${i}`).replace(/[>#]/g, ' ')}`;
    const part: Subject = { ...owner, part: owner.part ? `${owner.part}>${step}` : step };
    telling.say(part, 'device.module-name', name, place, 'name', at);
    sayComponent(telling, part, component, place, at);
    sayParts(telling, part, component.components, `${place}/components`, at);
  }
}

/** Names of properties that tell what a device is: those of CycloneDX's own taxonomy and what people write. */
const PROPERTIES: readonly (readonly [
  RegExp,
  'serial' | 'mac' | 'ip' | 'firmware' | 'order' | 'asset' | 'location' | 'hardware' | 'hostname',
])[] = [
  [/serial/, 'serial'],
  [/mac/, 'mac'],
  [/(^|[:._ -])ip(v[46])?([:._ -]|$|addr)|ipaddress/, 'ip'],
  [/firmware/, 'firmware'],
  [/order|part.?number|catalog|mlfb|sku/, 'order'],
  [/asset/, 'asset'],
  [/location|site|zone/, 'location'],
  [/hardware.?(version|revision)/, 'hardware'],
  [/host.?name/, 'hostname'],
];
const KIND_OF = {
  serial: 'device.serial',
  firmware: 'device.firmware',
  order: 'device.order-number',
  asset: 'device.asset-id',
  location: 'device.location',
  hardware: 'device.hardware-version',
} as const;
const propertyOf = (name: string) => PROPERTIES.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1];

function subjectOf(component: Component, source: string, fallback: string): Subject {
  let ip: string | undefined;
  let mac: string | undefined;
  let serial: string | undefined;
  for (const [name, value] of component.properties) {
    const what = propertyOf(name);
    if (what === 'ip') ip ??= ipValue(value)?.ip;
    else if (what === 'mac') mac ??= macValue(value);
    else if (what === 'serial') serial ??= textValue(value);
  }
  if (ip !== undefined || mac !== undefined) return { ...(ip ? { ip } : {}), ...(mac ? { mac } : {}) };
  return { entry: `${source}/${serial ?? fallback}` };
}

function sayComponent(
  telling: Telling,
  subject: Subject,
  component: Component,
  path: string,
  at: number | undefined,
): void {
  const said = telling.said;
  const say = <
    K extends
      | 'device.vendor'
      | 'device.model'
      | 'device.hardware-version'
      | 'device.description'
      | 'device.cpe'
      | 'device.order-number',
  >(
    kind: K,
    field: string,
  ): void => {
    const value = textValue(component.get(field));
    if (value !== undefined) telling.say(subject, kind, value as never, path, field, at);
  };
  const maker = ['manufacturer', 'supplier', 'publisher'].find(
    (field) => textValue(component.get(field)) !== undefined,
  );
  if (maker !== undefined) say('device.vendor', maker);
  say('device.model', 'name');
  say('device.hardware-version', 'version');
  say('device.description', 'description');
  say('device.cpe', 'cpe');
  for (const [name, raw] of component.properties) {
    const what = propertyOf(name);
    const value = textValue(raw);
    if (what === undefined || value === undefined) continue;
    const field = `property ${name.slice(0, 100)}`;
    if (what === 'ip' || what === 'mac') {
      const address = what === 'ip' ? ipValue(value)?.ip : macValue(value);
      if (address === undefined) telling.problem('value.address', path, `"${value.slice(0, 60)}" is no address`);
      else telling.say(subject, what === 'ip' ? 'address.listed-ip' : 'address.listed-mac', address, path, field, at);
    } else if (what === 'hostname') {
      const host = hostnameValue(value);
      if (host !== undefined) telling.say(subject, 'device.hostname', host, path, field, at);
    } else telling.say(subject, KIND_OF[what], value, path, field, at);
  }
  telling.record(telling.said > said);
}
