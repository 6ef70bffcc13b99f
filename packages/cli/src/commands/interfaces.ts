// `interlock interfaces`: what can be captured on this machine, and which right is missing, with the command that grants it.
import type { CaptureInterface } from '@interlock/model/api';
import { findRight, listInterfaces } from '@interlock/server';
import { EXIT } from '../exit-codes.ts';

const STATES: Readonly<Record<CaptureInterface['state'], string>> = { up: 'up', 'no-link': 'no link', down: 'down' };

/** Out: exit code; not the one for success where capturing is not permitted. */
export async function interfaces(options: { json?: true }): Promise<number> {
  const items = listInterfaces();
  const { right } = await findRight(items.find(({ state }) => state !== 'down')?.name ?? 'lo');
  if (options.json) console.log(JSON.stringify({ right, interfaces: items }, null, 1));
  else {
    const rows = items.map(({ name, kind, state, mac, addresses, speed }) => [
      name,
      kind,
      STATES[state],
      speed === undefined ? '' : `${speed} Mbit/s`,
      mac ?? '',
      addresses.join(' '),
    ]);
    for (const line of columns([['INTERFACE', 'KIND', 'STATE', 'SPEED', 'MAC', 'ADDRESSES'], ...rows]))
      console.log(line);
    console.log();
    if (right.granted) console.log(`${right.tool} may capture on them.`);
    else {
      console.log(`Nothing can be captured: ${right.missing ?? ''}.`);
      if (right.command) console.log(`This grants it:\n\n    ${right.command}\n`);
    }
  }
  return right.granted ? EXIT.ok.code : EXIT.notPermitted.code;
}

/** Rows as lines with columns as wide as their longest cell. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, n) => Math.max(...rows.map((row) => (row[n] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, n) => cell.padEnd(widths[n] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
