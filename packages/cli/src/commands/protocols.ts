// `interlock protocols`: what is understood, and how far.
import { PROTOCOLS } from '@interlock/wire';
import { EXIT } from '../exit-codes.ts';

/** Out: exit code. Prints one line per protocol, or JSON with the fact kinds each may tell. */
export function protocols(options: { json?: true }): number {
  const rows = PROTOCOLS.map(({ name, title, spec, depth, on, recognise, tells }) => ({
    name,
    title,
    spec,
    depth,
    on,
    recognised: recognise !== undefined,
    tells,
  }));
  if (options.json) console.log(JSON.stringify(rows, null, 1));
  else {
    const width = Math.max(...rows.map((row) => row.name.length));
    const depthWidth = Math.max(...rows.map((row) => row.depth.length));
    for (const { name, depth, title, spec } of rows)
      console.log(`${name.padEnd(width)}  ${depth.padEnd(depthWidth)}  ${title} (${spec})`);
  }
  return EXIT.ok.code;
}
