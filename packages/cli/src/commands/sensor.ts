// `interlock sensor`: captures an interface into a data folder, says how it is doing, and ends in order when told to.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InventoryState, LiveRow } from '@interlock/model/api';
import { ERRORS } from '@interlock/model/errors';
import { ApiProblem, findRight, StartProblem, startSensor } from '@interlock/server';
import { EXIT } from '../exit-codes.ts';
import type { SensorCommandOptions } from '../main.ts';

/** A line of text this often, and whenever state or number of devices change. */
const LINE_MILLISECONDS = 10_000;

/** In: the options of the command line. Out: exit code, after the sensor has ended. */
export async function sensor(options: SensorCommandOptions): Promise<number> {
  const data = options.store ? options.data : mkdtempSync(join(tmpdir(), 'interlock-sensor-'));
  const say = options.json ? sayJson : textLines();
  try {
    const ended = untilSignal();
    const running = await startSensor({
      data,
      interface: options.interface,
      ...(process.env['DATABASE_URL'] && options.store ? { databaseUrl: process.env['DATABASE_URL'] } : {}),
      onProgress: say,
      onFault: (fault) => console.error(`interlock: ${fault}`),
    });
    await ended;
    await running.stop();
    return EXIT.ok.code;
  } catch (error) {
    return explain(error, options.interface);
  } finally {
    if (!options.store) rmSync(data, { recursive: true, force: true });
  }
}

async function explain(error: unknown, name: string): Promise<number> {
  if (error instanceof StartProblem) {
    console.error(`interlock: ${error.message}\n${error.whatToDo}`);
    if (error.code === 'start.data-locked')
      console.error('Where "interlock serve" runs on it, live captures are started in its console, on the page Live.');
    return EXIT.notStarted.code;
  }
  if (!(error instanceof ApiProblem)) throw error;
  console.error(`interlock: ${error.message}\n${ERRORS[error.code].whatToDo}`);
  if (error.code !== 'live.not-permitted' && error.code !== 'live.no-tool') return EXIT.usage.code;
  const { right } = await findRight(name);
  if (right.command) console.error(`\n    ${right.command}\n`);
  return EXIT.notPermitted.code;
}

/** Resolves at the first signal; a second one ends the process where it stands, which the store survives. */
function untilSignal(): Promise<void> {
  return new Promise((done) => {
    let ending = false;
    const end = () => {
      if (ending) process.exit(130);
      ending = true;
      done();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  });
}

function sayJson(live: LiveRow, inventory: InventoryState): void {
  console.log(JSON.stringify({ time: Date.now(), devices: inventory.devices, ...live }));
}

/** One line when something changed, else now and then. */
function textLines(): (live: LiveRow, inventory: InventoryState) => void {
  let told = Number.NEGATIVE_INFINITY;
  let before = '';
  return (live, { devices }) => {
    const { state, reason, counters } = live;
    const what = `${state} ${reason ?? ''} ${devices} ${live.storage} ${counters.kernelDrops} ${counters.gaps}`;
    if (what === before && performance.now() - told < LINE_MILLISECONDS) return;
    before = what;
    told = performance.now();
    const parts = [
      `${live.interface} ${reason ? `${state}: ${reason}` : state}`,
      `${devices} devices`,
      `${counters.frames} frames`,
      `${live.framesPerSecond.toFixed(0)}/s`,
      `${((live.bytesPerSecond * 8) / 1e6).toFixed(1)} Mbit/s`,
      `${counters.kernelDrops} dropped`,
      ...(counters.gaps > 0 ? [`${counters.gaps} gaps of ${(counters.gapMilliseconds / 1000).toFixed(1)} s`] : []),
      ...(live.storage === 'ok' ? [] : [live.storage === 'full' ? 'NO SPACE LEFT' : 'no space for evidence']),
    ];
    console.log(`${new Date().toISOString().slice(11, 19)}  ${parts.join(' · ')}`);
  };
}
