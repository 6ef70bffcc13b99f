// The inventory as CSV after RFC 4180, one line per device or part behind it, for the spreadsheet of whoever asked.
import type { DevicePart, DeviceSummary } from '@interlock/model';
import type { Inspection } from '../commands/inspect.ts';

const COLUMNS = [
  'id',
  'part of',
  'name',
  'vendor',
  'model',
  'order number',
  'firmware',
  'hardware version',
  'serial',
  'operating system',
  'location',
  'role',
  'level',
  'zone',
  'ip addresses',
  'mac addresses',
  'services',
  'first seen',
  'last seen',
  'sureness',
];

/** In: what was read. Out: CSV text with CRLF line ends, header first. */
export function toCsv({ inventory }: Inspection): string {
  const lines = [COLUMNS];
  for (const device of inventory.devices) {
    const of = (kind: 'mac' | 'ip') =>
      device.addresses
        .filter((address) => (address.kind === 'mac') === (kind === 'mac'))
        .map((address) => address.value)
        .join(' ');
    const services = device.facts
      .filter((fact) => fact.kind === 'service.offered')
      .map((fact) => {
        const { transport, port, protocol } = fact.value as { transport: string; port: number; protocol?: string };
        return `${protocol ?? '?'} ${transport}/${port}`;
      });
    lines.push([
      device.id,
      '',
      ...summaryCells(device.summary),
      device.role?.value ?? '',
      device.level.value,
      device.zone ?? '',
      of('ip'),
      of('mac'),
      [...new Set(services)].join('; '),
      isoTime(device.first),
      isoTime(device.last),
      device.sureness.toFixed(2),
    ]);
    addParts(lines, device.id, device.children);
  }
  return lines.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

function addParts(lines: string[][], parent: string, parts: readonly DevicePart[]): void {
  for (const part of parts) {
    lines.push([part.id, parent, ...summaryCells(part.summary), '', '', part.part, '', '', '', '', '', '']);
    addParts(lines, part.id, part.children);
  }
}

const summaryCells = (s: DeviceSummary): string[] =>
  [s.name, s.vendor, s.model, s.orderNumber, s.firmware, s.hardwareVersion, s.serial, s.os, s.location].map(
    (value) => value ?? '',
  );

const isoTime = (ms: number): string =>
  Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : '';

/** Names come from the wire: a cell that a spreadsheet would run as a formula is marked as text (OWASP, CSV injection). */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
