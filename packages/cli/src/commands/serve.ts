// `interlock serve`: starts the server, says where the console is, and ends it in order when told to.
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { passwordFile, type RunningServer, StartProblem, setPassword, startServer } from '@interlock/server';
import { EXIT } from '../exit-codes.ts';
import type { ServeOptions } from '../main.ts';

/** Bytes of a mebibyte, the unit of --max-upload. */
const MIB = 1024 ** 2;
/** What may come out of a packed upload, as a multiple of what may be sent. */
const UNPACKED_TIMES = 8;

/** In: the options of the command line. Out: exit code, after the server has ended. */
export async function serve(options: ServeOptions): Promise<number> {
  const port = Number(options.port);
  const maxUpload = options.maxUpload === undefined ? undefined : Number(options.maxUpload) * MIB;
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    return usage(`--port needs a number from 0 to 65535, not "${options.port}"`);
  if (maxUpload !== undefined && !(maxUpload >= MIB))
    return usage(`--max-upload needs a number of MiB from 1, not "${options.maxUpload}"`);
  try {
    if (options.setPassword) {
      const password = await askPassword();
      mkdirSync(options.data, { recursive: true, mode: 0o700 });
      await setPassword(passwordFile(options.data), password);
      console.error('interlock: the password is set; whoever is signed in stays so until the server starts anew');
      return EXIT.ok.code;
    }
    const server = await startServer({
      data: options.data,
      host: options.host,
      port,
      demo: options.demo,
      ...(options.capture ? { captures: options.capture } : {}),
      ...(process.env['DATABASE_URL'] ? { databaseUrl: process.env['DATABASE_URL'] } : {}),
      ...(maxUpload === undefined ? {} : { maxUpload, maxUnpacked: maxUpload * UNPACKED_TIMES }),
    });
    console.log(`Interlock: the console is at ${server.address}   (Ctrl+C ends it)`);
    await endOnSignal(server);
    return EXIT.ok.code;
  } catch (error) {
    if (!(error instanceof StartProblem)) throw error;
    console.error(`interlock: ${error.message}\n${error.whatToDo}`);
    return error.code === 'start.capture-unreadable' ? EXIT.unreadable.code : EXIT.notStarted.code;
  }
}

function usage(problem: string): number {
  console.error(`interlock: ${problem}`);
  return EXIT.usage.code;
}

/** Ends the server at the first signal; a second one ends the process where it stands, which the store survives. */
function endOnSignal(server: RunningServer): Promise<void> {
  return new Promise((done) => {
    let ending = false;
    const end = () => {
      if (ending) process.exit(130);
      ending = true;
      void server.close().then(done);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  });
}

/** Asks twice on a terminal, without showing what is typed; from a pipe it takes the first line. */
async function askPassword(): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: process.stdin.isTTY === true });
  const ask = async (question: string): Promise<string> => {
    process.stderr.write(question);
    const line = await lines.question('');
    process.stderr.write('\n');
    return line;
  };
  try {
    const password = await ask('New password: ');
    if (process.stdin.isTTY && (await ask('Again: ')) !== password)
      throw new StartProblem('start.passwords-differ', {});
    return password;
  } finally {
    lines.close();
  }
}
