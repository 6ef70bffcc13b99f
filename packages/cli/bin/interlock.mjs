#!/usr/bin/env node
// The launcher: plain JavaScript for any Node from 20 on. Interlock itself is TypeScript that Node runs as it stands from
// 22.18 on; an older one hands over to the Node that the project pins.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import v8 from 'node:v8';

const here = dirname(fileURLToPath(import.meta.url));
const main = join(here, '../src/main.ts');
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  // A run over a file is short and touches every protocol. Measured: they are not worth the optimising compiler until they
  // are really hot (8 % of the CPU time for a million packets), and facts that are handed on at once need not be taken
  // for long-lived (60 MB for a million flows). A server is neither short nor of one kind.
  if (major >= 26 && process.argv[2] === 'inspect')
    for (const flag of ['--invocation-count-for-turbofan=50000', '--no-allocation-site-pretenuring'])
      v8.setFlagsFromString(flag);
  module.enableCompileCache?.(); // parsed and stripped sources are kept: half of a short run is reading code otherwise
  await import(main);
} else {
  const pinned = join(here, '../../../node_modules/node/bin/node');
  if (!existsSync(pinned)) {
    console.error(
      `interlock: Node ${process.versions.node} is too old to run Interlock by itself; run "npm ci" in its folder once to install the pinned one`,
    );
    process.exit(1);
  }
  const child = spawn(
    pinned,
    ['--disable-warning=ExperimentalWarning', fileURLToPath(import.meta.url), ...process.argv.slice(2)],
    { stdio: 'inherit' },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`interlock: the pinned Node does not start: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 130 : 1)));
}
