// `interlock`: reads the arguments and loads the command that was asked for, nothing else.
import { Command, CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';
import { version } from './version.ts';

const exitCodes = () =>
  `\nExit codes:\n${Object.values(EXIT)
    .map(({ code, meaning }) => `  ${code}  ${meaning}`)
    .join('\n')}\n`;

const program = new Command('interlock')
  .description('What is connected in a plant, from a copy of its traffic')
  .version(version)
  .showHelpAfterError('(interlock --help shows what there is)')
  .exitOverride();

program
  .command('inspect')
  .description('print the inventory of one or more captures, and what could not be read')
  .argument('<file...>', 'capture files (pcap, pcapng; also gzip or zstd), "-" for standard input')
  .option('--json', 'print JSON (docs/reference/inspect.schema.json)')
  .option('--csv', 'print CSV, one line per device')
  .option('--facts', 'also print every fact of every device')
  .option('--no-progress', 'no progress bar on a terminal')
  .addHelpText('after', exitCodes)
  .action(async (files: string[], options: { json?: true; csv?: true; facts?: true; progress: boolean }) => {
    const { inspect } = await import('./commands/inspect.ts');
    process.exitCode = await inspect(files, options);
  });

program
  .command('serve')
  .description('serve the console and its API')
  .option('--capture <file...>', 'analyse these captures instead of the demo plant')
  .option('--data <folder>', 'where the store is kept', 'interlock-data')
  .option('--host <address>', 'address to listen on; other than loopback only with a password', '127.0.0.1')
  .option('--port <number>', 'port to listen on', '8472')
  .option('--max-upload <MiB>', 'largest capture that may be uploaded, in MiB')
  .option('--no-demo', 'leave an empty store empty')
  .option('--set-password', 'ask for a new password for the console, store its hash, and end')
  .action(async (options: ServeOptions) => {
    const { serve } = await import('./commands/serve.ts');
    process.exitCode = await serve(options);
  });

program
  .command('interfaces')
  .description('list what can be captured, and which right is missing')
  .option('--json', 'print JSON')
  .action(async (options: { json?: true }) => {
    const { interfaces } = await import('./commands/interfaces.ts');
    process.exitCode = await interfaces(options);
  });

program
  .command('sensor')
  .description('capture what happens on an interface into a data folder, until it is ended (Ctrl+C)')
  .requiredOption('--interface <name>', 'interface to capture ("interlock interfaces" lists them)')
  .option('--data <folder>', 'where the store is kept, the same as for serve', 'interlock-data')
  .option('--no-store', 'keep nothing: what was learnt goes when it ends')
  .option('--json', 'print a line of JSON a second')
  .action(async (options: SensorCommandOptions) => {
    const { sensor } = await import('./commands/sensor.ts');
    process.exitCode = await sensor(options);
  });

program
  .command('import')
  .description('take in what people already have: asset lists, scans, logs of other monitors')
  .argument(
    '<file>',
    'CSV, XLSX, nmap XML, Zeek, Suricata EVE, NetBox JSON, CycloneDX, Nessus, OpenVAS; also gzip or zstd',
  )
  .option('--source <name>', 'what the file is a version of; the next one of the same name takes its place')
  .option('--mapping <title=field...>', 'what columns hold, or a JSON file that says so; guessed otherwise')
  .option('--importer <name>', 'read it as this format instead of recognising it')
  .option('--data <folder>', 'where the store is kept, the same as for serve', 'interlock-data')
  .option('--dry-run', 'only say what would be understood')
  .option('--json', 'print JSON')
  .addHelpText('after', exitCodes)
  .action(async (file: string, options: ImportCommandOptions) => {
    const { importDocument } = await import('./commands/import.ts');
    process.exitCode = await importDocument(file, options);
  });

program
  .command('protocols')
  .description('list the protocols that are understood, and how far')
  .option('--json', 'print JSON')
  .action(async (options: { json?: true }) => {
    const { protocols } = await import('./commands/protocols.ts');
    process.exitCode = protocols(options);
  });

export interface ServeOptions {
  readonly capture?: string[];
  readonly data: string;
  readonly host: string;
  readonly port: string;
  readonly demo: boolean;
  readonly maxUpload?: string;
  readonly setPassword?: true;
}

export interface ImportCommandOptions {
  readonly source?: string;
  readonly mapping?: string[];
  readonly importer?: string;
  readonly data: string;
  readonly dryRun?: true;
  readonly json?: true;
}

export interface SensorCommandOptions {
  readonly interface: string;
  readonly data: string;
  readonly store: boolean;
  readonly json?: true;
}

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok.code : EXIT.usage.code;
  else {
    console.error(`interlock: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    console.error('interlock: this is a fault of Interlock itself; what was printed before it holds');
    process.exitCode = EXIT.fault.code;
  }
}
