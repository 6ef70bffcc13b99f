// The inventory for a person at a terminal: one line per device, the parts behind it indented, then what was read.
import { DEVICE_ROLES, type Device, type DeviceFact, type DevicePart, FACTS } from '@interlock/model';
import type { Inspection } from '../commands/inspect.ts';

interface Column {
  readonly title: string;
  /** Narrower than this it is cut, with an ellipsis. */
  readonly atMost: number;
}
const COLUMNS: readonly Column[] = [
  { title: 'ADDRESS', atMost: 39 },
  { title: 'MAC', atMost: 17 },
  { title: 'NAME', atMost: 28 },
  { title: 'VENDOR', atMost: 26 },
  { title: 'MODEL', atMost: 30 },
  { title: 'FIRMWARE', atMost: 14 },
  { title: 'SERIAL', atMost: 20 },
  { title: 'ROLE', atMost: 20 },
];
/** Columns given up first on a narrow terminal, by index. */
const GIVEN_UP_FIRST = [1, 7, 6, 5];

/** In: what was read, and the width of the terminal. Out: lines of text. */
export function toText({ captures, inventory }: Inspection, options: { facts: boolean; columns: number }): string {
  const inside = inventory.devices.filter((device) => !device.outside);
  const outside = inventory.devices.filter((device) => device.outside);
  const blocks = [...inside, ...outside].map((device) => ({
    rows: deviceRows(device),
    facts: options.facts ? factLines(device) : [],
  }));
  const out: string[] = [];
  if (blocks.length > 0) {
    const shown = chooseColumns(
      blocks.flatMap((block) => block.rows),
      options.columns,
    );
    out.push(
      line(
        COLUMNS.map((column) => column.title),
        shown,
      ),
    );
    for (const block of blocks) {
      for (const row of block.rows) out.push(line(row, shown));
      out.push(...block.facts);
    }
    out.push('');
  }
  const frames = captures.reduce((sum, capture) => sum + capture.frames, 0);
  const first = Math.min(...captures.flatMap((capture) => capture.first ?? []));
  const last = Math.max(...captures.flatMap((capture) => capture.last ?? []));
  const parts = inventory.devices.reduce((sum, device) => sum + countParts(device.children), 0);
  out.push(
    [
      count(inside.length, 'device'),
      ...(parts > 0 ? [`${count(parts, 'part')} behind them`] : []),
      ...(outside.length > 0 ? [`${outside.length} outside the plant`] : []),
      count(frames, 'frame'),
      ...(Number.isFinite(first) && Number.isFinite(last) ? [`${shortTime(first)} to ${shortTime(last)} UTC`] : []),
    ].join(' · '),
  );
  return `${out.join('\n')}\n`;
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
const shortTime = (ms: number): string =>
  Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString().slice(0, 16).replace('T', ' ') : '?';
const countParts = (parts: readonly DevicePart[]): number =>
  parts.reduce((sum, part) => sum + 1 + countParts(part.children), 0);

function deviceRows(device: Device): string[][] {
  const all = device.addresses.filter((address) => address.kind !== 'mac').map((address) => address.value);
  // Every interface has a link-local address (RFC 4291 section 2.5.6); it is shown where there is no other.
  const others = all.filter((ip) => !ip.startsWith('fe80:'));
  const ips = others.length > 0 ? others : all;
  const macs = device.addresses.filter((address) => address.kind === 'mac').map((address) => address.value);
  ips.sort((a, b) => Number(a.includes(':')) - Number(b.includes(':'))); // IPv4 first: it is what people know their devices by
  const { summary } = device;
  const role = device.role ? DEVICE_ROLES[device.role.value] : '';
  const rows = [
    [
      ips[0] ?? '',
      macs[0] ?? '',
      summary.name,
      summary.vendor,
      summary.orderNumber ?? summary.model,
      summary.firmware,
      summary.serial,
      role,
    ].map((v) => v ?? ''),
  ];
  for (let i = 1; i < Math.max(ips.length, macs.length); i++)
    rows.push([ips[i] ?? '', macs[i] ?? '', '', '', '', '', '', '']);
  addPartRows(rows, device.children, 1);
  return rows;
}

function addPartRows(rows: string[][], parts: readonly DevicePart[], depth: number): void {
  for (const { part, summary, children } of parts) {
    const where = `${'  '.repeat(depth)}└ ${part}`;
    rows.push(
      [
        where,
        '',
        summary.name,
        summary.vendor,
        summary.orderNumber ?? summary.model,
        summary.firmware,
        summary.serial,
        '',
      ].map((v) => v ?? ''),
    );
    addPartRows(rows, children, depth + 1);
  }
}

/** Widths of the columns that fit; 0 for those left out: empty ones always, then the least needed. */
function chooseColumns(rows: readonly (readonly string[])[], columns: number): number[] {
  const widths = COLUMNS.map(({ title, atMost }, i) => {
    const longest = rows.reduce((max, row) => Math.max(max, (row[i] ?? '').length), 0);
    return longest === 0 ? 0 : Math.min(atMost, Math.max(title.length, longest));
  });
  const total = () => widths.reduce((sum, width) => sum + (width > 0 ? width + 2 : 0), 0);
  for (const i of GIVEN_UP_FIRST) if (total() > columns) widths[i] = 0;
  return widths;
}

const line = (cells: readonly string[], widths: readonly number[]): string =>
  cells
    .flatMap((value, i) => {
      const width = widths[i] ?? 0;
      return width === 0 ? [] : [(value.length > width ? `${value.slice(0, width - 1)}…` : value).padEnd(width)];
    })
    .join('  ')
    .trimEnd();

function factLines(device: Device): string[] {
  const all: DeviceFact[] = [...device.facts, ...partFacts(device.children)];
  return all
    .filter((fact) => FACTS[fact.kind]?.group !== 'behaviour')
    .map((fact) => {
      const value = typeof fact.value === 'object' ? JSON.stringify(fact.value) : String(fact.value);
      const frames = fact.frames.length > 0 ? `  frame ${fact.frames[0]}` : '';
      return `    ${FACTS[fact.kind]?.title ?? fact.kind}: ${value}  [${fact.protocol}, ${fact.source}${frames}]`;
    });
}
const partFacts = (parts: readonly DevicePart[]): DeviceFact[] =>
  parts.flatMap((part) => [...part.facts, ...partFacts(part.children)]);
