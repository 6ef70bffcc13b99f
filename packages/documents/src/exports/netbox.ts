// The inventory for NetBox's bulk import: one CSV file per kind of object, in a ZIP archive, numbered in the order in
// which they have to be imported because each names objects of those before it (NetBox 4.2 and later).
import { DEVICE_ROLES } from '@interlock/model';
import { zipSync } from 'fflate';
import { type ExportedDevice, type ExportedPart, type ExportOrigin, labelOf } from './exported.ts';

/** NetBox demands a manufacturer, a type and a role of every device; this says that we do not know. */
const UNKNOWN = 'Unknown';
/** Longest names NetBox takes for devices and interfaces, and for most others. */
const MAX_NAME = 64;
const MAX_TEXT = 100;
/** Colour of roles, which NetBox demands too: a neutral grey. */
const ROLE_COLOUR = '9e9e9e';

interface Table {
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: string[][];
}

/** In: devices and origin. Out: the bytes of the archive. */
export async function* writeNetBox(
  devices: AsyncIterable<ExportedDevice>,
  origin: ExportOrigin,
): AsyncGenerator<Uint8Array> {
  const tables = new Tables(origin.site);
  for await (const device of devices) tables.add(device);
  const encoder = new TextEncoder();
  const files = Object.fromEntries(tables.all().map((table) => [table.file, encoder.encode(csvOf(table))]));
  yield zipSync(files, { mtime: origin.time });
}

class Tables {
  readonly #sites: Table = { file: '1-sites.csv', columns: ['name', 'slug', 'status'], rows: [] };
  readonly #manufacturers: Table = { file: '2-manufacturers.csv', columns: ['name', 'slug'], rows: [] };
  readonly #types: Table = {
    file: '3-device-types.csv',
    columns: ['manufacturer', 'model', 'slug', 'part_number', 'u_height'],
    rows: [],
  };
  readonly #roles: Table = { file: '4-device-roles.csv', columns: ['name', 'slug', 'color'], rows: [] };
  readonly #devices: Table = {
    file: '5-devices.csv',
    columns: ['name', 'role', 'manufacturer', 'device_type', 'site', 'status', 'serial', 'description', 'comments'],
    rows: [],
  };
  readonly #items: Table = {
    file: '6-inventory-items.csv',
    columns: ['device', 'name', 'manufacturer', 'part_id', 'serial', 'description'],
    rows: [],
  };
  readonly #interfaces: Table = { file: '7-interfaces.csv', columns: ['device', 'name', 'type'], rows: [] };
  readonly #macs: Table = {
    file: '8-mac-addresses.csv',
    columns: ['mac_address', 'device', 'interface', 'is_primary'],
    rows: [],
  };
  readonly #ips: Table = {
    file: '9-ip-addresses.csv',
    columns: ['address', 'status', 'device', 'interface', 'is_primary'],
    rows: [],
  };
  readonly #site: string;
  readonly #names = new Set<string>();
  /** What was listed already, by table and name without regard to case, which NetBox has none for. */
  readonly #listed = new Set<string>();
  readonly #slugs = new Set<string>();

  constructor(site: string) {
    this.#site = site.slice(0, MAX_TEXT);
    this.#sites.rows.push([this.#site, this.#slug('site', this.#site), 'active']);
  }

  all(): readonly Table[] {
    const tables = [this.#sites, this.#manufacturers, this.#types, this.#roles, this.#devices, this.#items];
    return [...tables, this.#interfaces, this.#macs, this.#ips].filter(({ rows }) => rows.length > 0);
  }

  add(device: ExportedDevice): void {
    const name = this.#uniqueName(labelOf(device), device.id);
    const manufacturer = this.#manufacturer(device.vendor);
    const model = (device.model ?? UNKNOWN).slice(0, MAX_TEXT);
    if (this.#isNew('type', `${manufacturer}\0${model}`)) {
      const slug = this.#slug('type', `${manufacturer} ${model}`);
      this.#types.rows.push([manufacturer, model, slug, (device.orderNumber ?? '').slice(0, 50), '0']);
    }
    const role = device.role === undefined ? UNKNOWN : DEVICE_ROLES[device.role];
    if (this.#isNew('role', role)) this.#roles.rows.push([role, this.#slug('role', role), ROLE_COLOUR]);
    const versions = [
      device.firmware && `firmware ${device.firmware}`,
      device.hardwareVersion && `hardware ${device.hardwareVersion}`,
      device.os,
    ];
    const description = versions.filter((one) => one !== undefined && one !== '').join(', ');
    const comments = [`Interlock ${device.id}`, device.location, device.zone].filter((one) => one !== undefined);
    const serial = (device.serial ?? '').slice(0, 50);
    this.#devices.rows.push([
      name,
      role,
      manufacturer,
      model,
      this.#site,
      'active',
      serial,
      description.slice(0, 200),
      comments.join('; '),
    ]);
    for (const part of device.parts) this.#addItem(name, part);
    this.#addInterfaces(name, device);
  }

  #addItem(device: string, part: ExportedPart): void {
    const label = `${part.part}${part.name === undefined ? '' : ` ${part.name}`}`;
    this.#items.rows.push([
      device,
      label.slice(0, MAX_NAME),
      this.#manufacturer(part.vendor),
      (part.orderNumber ?? part.model ?? '').slice(0, 50),
      (part.serial ?? '').slice(0, 50),
      [part.model, part.firmware && `firmware ${part.firmware}`].filter(Boolean).join(', ').slice(0, 200),
    ]);
    for (const inner of part.children) this.#addItem(device, inner);
  }

  /** One interface per MAC address; IP addresses are put on the first, because nothing tells which has which. */
  #addInterfaces(device: string, { addresses }: ExportedDevice): void {
    const macs = addresses.filter(({ kind }) => kind === 'mac');
    const count = macs.length > 0 ? macs.length : addresses.length > 0 ? 1 : 0;
    for (let n = 0; n < count; n++) this.#interfaces.rows.push([device, `if${n}`, 'other']);
    for (const [n, { value }] of macs.entries()) this.#macs.rows.push([value.toUpperCase(), device, `if${n}`, 'true']);
    const primary = addresses.find(({ kind }) => kind === 'ipv4') ?? addresses.find(({ kind }) => kind === 'ipv6');
    for (const address of addresses) {
      if (address.kind === 'mac') continue;
      // The mask is not known: a host route says only that the address is there.
      const withMask = `${address.value}/${address.kind === 'ipv4' ? 32 : 128}`;
      this.#ips.rows.push([withMask, 'active', device, 'if0', address === primary ? 'true' : 'false']);
    }
  }

  #manufacturer(vendor = UNKNOWN): string {
    const name = vendor.slice(0, MAX_TEXT);
    if (this.#isNew('manufacturer', name)) this.#manufacturers.rows.push([name, this.#slug('manufacturer', name)]);
    return name;
  }
  #isNew(table: string, name: string): boolean {
    const key = `${table}\0${name.toLowerCase()}`;
    if (this.#listed.has(key)) return false;
    this.#listed.add(key);
    return true;
  }
  /** Names of devices are unique in a site. */
  #uniqueName(label: string, id: string): string {
    const name = label.slice(0, MAX_NAME);
    const unique = this.#names.has(name.toLowerCase()) ? `${label.slice(0, MAX_NAME - id.length - 1)} ${id}` : name;
    this.#names.add(unique.toLowerCase());
    return unique;
  }
  #slug(table: string, text: string): string {
    const plain = text
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, MAX_TEXT - 6);
    let slug = plain || 'x';
    for (let n = 2; this.#slugs.has(`${table}/${slug}`); n++) slug = `${plain || 'x'}-${n}`;
    this.#slugs.add(`${table}/${slug}`);
    return slug;
  }
}

/** RFC 4180. Read by NetBox, not by a spreadsheet: nothing is put before texts that look like formulas. */
const csvOf = ({ columns, rows }: Table): string =>
  [columns, ...rows].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
