// Devices and their addresses from NetBox: the JSON of its API (a page, a list, or what the server fetched as lines) and
// the CSV that its lists export.
import type { Subject } from '@interlock/model';
import type { Chunks, ImportBatch, Importer, ReadOptions } from '../importer.ts';
import { isObject, type JsonObject, listField, objectField, textField } from '../json/object.ts';
import { readObjects } from '../json/read-json.ts';
import { Telling } from '../telling.ts';
import { hostnameValue, ipValue, macValue, textValue, wholeValue } from '../values.ts';
import { headText, isBinary } from './asset-list.ts';

/** Devices that are remembered to give interfaces and addresses to them. */
const MAX_REMEMBERED = 500_000;

export const netbox: Importer = {
  name: 'netbox',
  title: 'NetBox (JSON of the API)',
  spec: 'NetBox REST API, dcim and ipam',
  basis: 'list',
  recognise: (head) => {
    if (isBinary(head)) return false;
    const text = headText(head);
    return (
      /^\s*[[{]/.test(text) &&
      /"(device_type|device_role|dcim\/|primary_ip4?|"?results"?\s*:\s*\[\s*\{\s*"id"[^\n]*"url"\s*:\s*"[^"]*\/api\/)/.test(
        text,
      )
    );
  },
  read,
};

async function* read(chunks: Chunks, options: ReadOptions): AsyncGenerator<ImportBatch> {
  const reader = new NetBox(options);
  for await (const items of readObjects(chunks)) {
    for (const item of items) {
      if ('problem' in item) reader.telling.problem(item.problem, `object ${item.number}`, item.text);
      else reader.take(item.object, `object ${item.number}`);
      if (reader.telling.isFull) yield reader.telling.take();
    }
  }
  yield reader.telling.take();
}

class NetBox {
  readonly telling: Telling;
  readonly #source: string;
  /** Subject of a device or virtual machine, by kind and number. */
  readonly #subjects = new Map<string, Subject>();

  constructor(options: ReadOptions) {
    this.telling = new Telling(netbox, options);
    this.#source = options.source;
  }

  take(object: JsonObject, path: string): void {
    // A page of the API.
    const results = object['results'];
    if (Array.isArray(results)) {
      for (const [i, one] of results.entries())
        if (isObject(one)) this.#one(one, `${path}, results[${i}]`, endpointOf(one));
      return;
    }
    const inner = objectField(object, 'object');
    const endpoint = textField(object, 'endpoint');
    if (inner && endpoint !== undefined) this.#one(inner, path, endpoint);
    else this.#one(object, path, endpointOf(object));
  }

  #one(object: JsonObject, path: string, endpoint: string): void {
    const before = this.telling.said;
    if (endpoint.endsWith('/devices') || endpoint.endsWith('/virtual-machines')) this.#device(object, path, endpoint);
    else if (endpoint.endsWith('/interfaces')) this.#interface(object, path, endpoint);
    else if (endpoint === 'ipam/ip-addresses') this.#address(object, path);
    else if (endpoint === 'dcim/mac-addresses') this.#macAddress(object, path);
    else if (endpoint === 'dcim/inventory-items' || endpoint === 'dcim/modules') this.#item(object, path);
    else
      this.telling.problem(
        'kind.not-known',
        path,
        `objects of ${endpoint || 'an unknown kind'} say nothing of devices`,
      );
    this.telling.record(this.telling.said > before);
  }

  #device(object: JsonObject, path: string, endpoint: string): void {
    const { telling } = this;
    const name = textValue(textField(object, 'name')) ?? textValue(textField(object, 'display'));
    const serial = textValue(textField(object, 'serial'));
    const addresses = ['primary_ip', 'primary_ip4', 'primary_ip6', 'oob_ip'].flatMap((field) => {
      const text = textField(object, field, 'address') ?? textField(object, field);
      const found = text === undefined ? undefined : ipValue(text);
      return found ? [{ field, ...found }] : [];
    });
    const [first] = addresses;
    const id = textField(object, 'id');
    const entry = serial ?? name ?? (id === undefined ? undefined : `device ${id}`);
    const subject: Subject | undefined = first
      ? { ip: first.ip }
      : entry
        ? { entry: `${this.#source}/${entry}` }
        : undefined;
    if (!subject) {
      telling.problem('record.nothing', path, 'a device without name, serial number and address');
      return;
    }
    if (id !== undefined && this.#subjects.size < MAX_REMEMBERED)
      this.#subjects.set(`${endpoint.endsWith('/devices') ? 'device' : 'machine'} ${id}`, subject);
    for (const { ip, field, mask } of addresses) {
      telling.say(subject, 'address.listed-ip', ip, path, field);
      if (mask !== undefined) telling.say(subject, 'network.mask', mask, path, field);
    }
    const say = <
      K extends
        | 'device.vendor'
        | 'device.model'
        | 'device.order-number'
        | 'device.serial'
        | 'device.asset-id'
        | 'device.type'
        | 'device.os'
        | 'device.location'
        | 'device.life-cycle'
        | 'device.description'
        | 'device.friendly-label'
        | 'device.hostname'
        | 'device.contact',
    >(
      kind: K,
      value: string | undefined,
      field: string,
    ) => {
      const kept = textValue(value);
      if (kept !== undefined) telling.say(subject, kind, kept as never, path, field);
    };
    const host = hostnameValue(name);
    say(host === undefined ? 'device.friendly-label' : 'device.hostname', host ?? name, 'name');
    const type = objectField(object, 'device_type');
    say('device.vendor', named(type, 'manufacturer'), 'device_type.manufacturer');
    say('device.model', textField(type, 'model'), 'device_type.model');
    say('device.order-number', textField(type, 'part_number'), 'device_type.part_number');
    say('device.serial', serial, 'serial');
    say('device.asset-id', textField(object, 'asset_tag'), 'asset_tag');
    say('device.type', named(object, 'role') ?? named(object, 'device_role'), 'role');
    say('device.os', named(object, 'platform'), 'platform');
    say('device.life-cycle', textField(object, 'status', 'label') ?? textField(object, 'status'), 'status');
    const place = [named(object, 'site'), named(object, 'location'), named(object, 'rack')].filter(Boolean).join(', ');
    say('device.location', place, 'site, location, rack');
    say('device.contact', named(object, 'tenant'), 'tenant');
    say('device.description', textField(object, 'description') || textField(object, 'comments'), 'description');
  }

  /** The device an object belongs to. */
  #ownerOf(object: unknown): Subject | undefined {
    const device = textField(object, 'device', 'id');
    const machine = textField(object, 'virtual_machine', 'id');
    return this.#subjects.get(device === undefined ? `machine ${machine}` : `device ${device}`);
  }
  #interface(object: JsonObject, path: string, endpoint: string): void {
    const owner = this.#ownerOf(object);
    const mac = macValue(
      textField(object, 'mac_address') ?? textField(object, 'primary_mac_address', 'mac_address') ?? '',
    );
    const vlan = wholeValue(textField(object, 'untagged_vlan', 'vid'), 1, 4094);
    if (!owner) {
      if (mac !== undefined)
        this.telling.problem('record.nothing', path, `an interface of ${endpoint} whose device is not in the document`);
      return;
    }
    if (mac !== undefined) this.telling.say(owner, 'address.listed-mac', mac, path, 'mac_address');
    if (vlan !== undefined) this.telling.say(owner, 'network.vlan', vlan, path, 'untagged_vlan');
  }
  #macAddress(object: JsonObject, path: string): void {
    const owner = this.#ownerOf(objectField(object, 'assigned_object'));
    const mac = macValue(textField(object, 'mac_address') ?? '');
    if (owner && mac !== undefined) this.telling.say(owner, 'address.listed-mac', mac, path, 'mac_address');
  }
  #address(object: JsonObject, path: string): void {
    const found = ipValue(textField(object, 'address') ?? '');
    if (!found) {
      this.telling.problem(
        'value.address',
        path,
        `"${(textField(object, 'address') ?? '').slice(0, 60)}" is no address`,
      );
      return;
    }
    const owner = this.#ownerOf(objectField(object, 'assigned_object')) ?? { ip: found.ip };
    this.telling.say(owner, 'address.listed-ip', found.ip, path, 'address');
    const name = hostnameValue(textField(object, 'dns_name'));
    if (name !== undefined) this.telling.say({ ip: found.ip }, 'dns.answer', name, path, 'dns_name');
  }
  #item(object: JsonObject, path: string): void {
    const owner = this.#ownerOf(object);
    const name = textValue(textField(object, 'name') ?? textField(object, 'module_bay', 'name'));
    if (!owner || name === undefined) return;
    const part: Subject = { ...owner, part: `listed:${name.replace(/[>#]/g, ' ')}` };
    for (const [field, kind] of ITEM_FIELDS) {
      const value = textValue(field === 'manufacturer' ? named(object, field) : textField(object, field));
      if (value !== undefined) this.telling.say(part, kind, value, path, field);
    }
  }
}
const ITEM_FIELDS = [
  ['name', 'device.module-name'],
  ['manufacturer', 'device.vendor'],
  ['part_id', 'device.order-number'],
  ['serial', 'device.serial'],
  ['asset_tag', 'device.asset-id'],
] as const;

/** The name of a nested object, by whichever of its fields this version has. */
const named = (object: unknown, field: string): string | undefined =>
  textField(object, field, 'name') ?? textField(object, field, 'display') ?? textField(object, field);

/** The list an object is from, by its own address or by the fields that only such objects have. */
function endpointOf(object: JsonObject): string {
  const url = /\/api\/([a-z-]+\/[a-z-]+)\//.exec(textField(object, 'url') ?? '')?.[1];
  if (url !== undefined) return url;
  if ('device_type' in object || 'device_role' in object) return 'dcim/devices';
  if ('address' in object && 'assigned_object_type' in object) return 'ipam/ip-addresses';
  if ('mac_address' in object) return 'dcim/interfaces';
  return listField(object, 'results').length > 0 ? 'page' : '';
}
