// What every test of the console stands on: a real Chromium, a real server on loopback with the built console, a fresh
// page per test, and a watch over it: no error on its console, no policy violated, no other host asked.
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { startPlantServer, startTestServer, type TestServer } from '@interlock/server/testing';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';

const CONSOLE = join(import.meta.dirname, '../dist');

/** Hangs end here; two busy cores need tens of seconds for the slowest page. */
const PATIENCE = 45_000;
const FLAGS = [
  '--no-sandbox', // has none where tests run as root, as in containers
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // WebGL without a graphics processor, for the map.
  '--enable-unsafe-swiftshader',
];

function findChromium(): string | undefined {
  const folders = ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter).filter(Boolean)];
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return folders
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
const CHROMIUM = findChromium();

/** Screens the console is made for, and a narrow one. */
export const SCREENS = {
  usual: { width: 1280, height: 800 },
  wide: { width: 1920, height: 1080 },
  narrow: { width: 640, height: 900 },
} as const;

export interface Stage {
  readonly server: TestServer;
  /** A page of this test's own: nothing is remembered from another test. */
  readonly page: Page;
  /** Opens an address of the console: `/inventory?vendor=Siemens`. */
  open(path: string): Promise<void>;
  /** A further tab of the same browser, watched as the first one. */
  newTab(): Promise<Page>;
  /** This test makes the browser report such a failure on purpose: a request that is refused, a server that is gone. */
  expectReports(pattern: RegExp): void;
  /** Another server from now on; the one before is ended when the tests of this group are done. */
  use(server: TestServer): void;
}

/** A test server with the built console; demo plant only where asked for. */
export const startConsole = (options: Parameters<typeof startTestServer>[0] = {}): Promise<TestServer> =>
  startTestServer({ console: CONSOLE, ...options });

/** The same with a plant made up by rule instead of captures. */
export const startConsoleWithPlant = (devices: number): Promise<TestServer> =>
  startPlantServer({ devices }, { console: CONSOLE });

/** The server with the demo plant, analysed. */
export async function startConsoleWithDemo(): Promise<TestServer> {
  const server = await startConsole({ demo: true });
  await server.settled();
  return server;
}

/** Hands captures to the server as the console does, and waits until they are analysed. Out: their identifiers. */
export async function takeIn(
  server: TestServer,
  captures: readonly (readonly [name: string, bytes: Uint8Array])[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const [name, bytes] of captures) {
    const { output, error } = await server.upload(bytes, name);
    if (!output) throw new Error(`${name} was refused: ${error?.code} ${error?.message}`);
    ids.push(output.capture.id);
  }
  await server.settled();
  return ids;
}

/** In: how to start the server that the tests of this group share. Without Chromium they are reported as skipped. */
export function describeConsole(name: string, start: () => Promise<TestServer>, tests: (stage: Stage) => void): void {
  describe.skipIf(!CHROMIUM)(CHROMIUM ? name : `${name} (no Chromium is installed)`, () => {
    const servers: TestServer[] = [];
    let browser: Browser | undefined;
    let context: BrowserContext | undefined;
    let page: Page | undefined;
    let watch: Watch | undefined;
    const there = <T>(thing: T | undefined): T => {
      if (thing === undefined) throw new Error('only inside a test');
      return thing;
    };
    const stage: Stage = {
      get server() {
        return there(servers.at(-1));
      },
      get page() {
        return there(page);
      },
      async open(path) {
        await stage.page.goto(`${stage.server.address}${path}`);
      },
      newTab: () => there(context).newPage(),
      expectReports: (pattern) => there(watch).expect(pattern),
      use: (server) => void servers.push(server),
    };

    beforeAll(async () => {
      if (!existsSync(join(CONSOLE, 'index.html'))) throw new Error('the console is not built: run "npm test"');
      servers.push(await start());
      browser = await chromium.launch({ executablePath: there(CHROMIUM), args: FLAGS, timeout: PATIENCE });
    });
    beforeEach(async () => {
      context = await there(browser).newContext({
        viewport: SCREENS.usual,
        locale: 'en-GB',
        timezoneId: 'UTC',
        reducedMotion: 'reduce', // what fades or slides would be met half way
      });
      context.setDefaultTimeout(PATIENCE);
      watch = await watchOver(context, () => servers.map((server) => server.address));
      page = await context.newPage();
    });
    afterEach(async ({ task }) => {
      if (task.result?.state === 'fail')
        console.error(`the page at the failure, ${page?.url()}\n${await page?.locator('body').ariaSnapshot()}`);
      const reports = there(watch).reports();
      await context?.close();
      expect(reports, 'what the browser complained of').toEqual([]);
    });
    afterAll(async () => {
      await browser?.close();
      for (const server of servers) await server.end();
    });
    tests(stage);
  });
}

interface Watch {
  expect(pattern: RegExp): void;
  /** What was complained of and not expected, and what was expected and did not come. */
  reports(): string[];
}

/** Collects errors on the console, exceptions, violations of the content security policy, requests to other hosts. */
async function watchOver(context: BrowserContext, addresses: () => readonly string[]): Promise<Watch> {
  const found: string[] = [];
  const expected: RegExp[] = [];
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy violated: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile ?? ''}`);
    });
  });
  context.on('console', (message) => {
    const driver = message.text().includes('GL Driver Message'); // how slow WebGL is without a graphics processor
    if (!driver && (message.type() === 'error' || message.type() === 'warning'))
      found.push(`${message.type()}: ${message.text()} ${message.location().url}`);
  });
  context.on('weberror', (error) => void found.push(`exception: ${error.error().stack ?? error.error().message}`));
  context.on('request', (request) => {
    const url = request.url();
    const ours = addresses().some((address) => url.startsWith(`${address}/`));
    if (!ours && !/^(data|blob|about):/.test(url)) found.push(`request to another host: ${url}`);
  });
  return {
    expect: (pattern) => void expected.push(pattern),
    reports: () => [
      ...found.filter((report) => !expected.some((pattern) => pattern.test(report))),
      ...expected
        .filter((pattern) => !found.some((report) => pattern.test(report)))
        .map((pattern) => `expected and not reported: ${pattern}`),
    ],
  };
}

/** Waits until a value is as wanted: `await eventually(() => rows.count()).toBe(3)`. */
export const eventually = <T>(value: () => Promise<T> | T) =>
  expect.poll(() => value(), { timeout: PATIENCE, interval: 100 });

/** Waits until something can be seen. */
export const shown = (locator: Locator): Promise<void> => locator.waitFor({ state: 'visible' });
/** Waits until something cannot be seen any more. */
export const gone = (locator: Locator): Promise<void> => locator.waitFor({ state: 'hidden' });

/** The rows of a table that are in the page: what stands in each cell, by the title of its column. */
export const readRows = (table: Locator): Promise<Record<string, string>[]> =>
  table.evaluate((element) => {
    const titles = [...element.querySelectorAll('thead th')].map(
      (head) => (head.querySelector('button') ?? head).textContent?.trim() ?? '',
    );
    return [...element.querySelectorAll('tbody tr:not([aria-hidden])')].map((row) =>
      Object.fromEntries(
        [...row.querySelectorAll('td')].map((cell, i) => [titles[i] ?? '', (cell as HTMLElement).innerText.trim()]),
      ),
    );
  });
