// The captures as people handle them: the demo plant taken away and brought back; files chosen or dropped, watched, looked
// into, refused with a reason, and removed with all that rests on them.
import { gzipSync } from 'node:zlib';
import { generateCapture } from '@interlock/server/testing';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  describeConsole,
  eventually,
  gone,
  readRows,
  type Stage,
  shown,
  startConsole,
  startConsoleWithDemo,
  takeIn,
} from './fixture.ts';
import { chassisCapture, gatewayCapture, malformedCapture } from './made-captures.ts';

const file = (name: string, bytes: Uint8Array) => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(bytes),
});

function capturesOf(stage: Stage) {
  const table = (page: Page = stage.page) => page.getByRole('table', { name: 'Captures' });
  return {
    table,
    row: (name: string) => table().getByRole('row').filter({ hasText: name }),
    state: async (name: string) =>
      (await table().count()) === 0
        ? undefined
        : (await readRows(table())).find((row) => row['File']?.startsWith(name))?.['State'],
    uploads: () => stage.page.getByRole('list', { name: 'Uploads' }),
    /** Chooses files as the dialog of the system gives them. */
    async choose(...files: ReturnType<typeof file>[]): Promise<void> {
      const [chooser] = await Promise.all([
        stage.page.waitForEvent('filechooser'),
        stage.page.getByRole('button', { name: 'Add captures' }).click(),
      ]);
      await chooser.setFiles(files);
    },
    /** Drops files onto the page as a file manager does. */
    async drop(...files: ReturnType<typeof file>[]): Promise<void> {
      const given = files.map(({ name, buffer }) => ({ name, base64: buffer.toString('base64') }));
      const transfer = await stage.page.evaluateHandle((all) => {
        const data = new DataTransfer();
        for (const { name, base64 } of all)
          data.items.add(new File([Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))], name));
        return data;
      }, given);
      const place = stage.page.getByRole('searchbox', { name: 'Search captures' });
      await place.dispatchEvent('dragover', { dataTransfer: transfer });
      await place.dispatchEvent('drop', { dataTransfer: transfer });
    },
  };
}

describeConsole('The demo plant', startConsoleWithDemo, (stage) => {
  test('is labelled, goes with one click, and is brought back from an empty store', async () => {
    const captures = capturesOf(stage);
    await stage.open('/');
    const note = stage.page.getByRole('note');
    await shown(note.getByText('This is the demo plant'));
    await shown(stage.page.getByRole('banner').getByText('Demo plant'));
    const devices = (await stage.server.get('listDevices')).total;
    const status = stage.page.getByRole('main').getByRole('status');
    await eventually(() => status.innerText()).toBe(`${devices} devices`);
    await note.getByRole('button', { name: 'Remove the demo' }).click();
    await gone(note);
    await shown(stage.page.getByRole('heading', { name: 'No device yet' }));
    await stage.page.getByRole('link', { name: 'Add a capture' }).click();
    await shown(stage.page.getByRole('heading', { name: 'Drop captures here' }));
    await stage.page.getByRole('button', { name: 'load the demo plant' }).click();
    await eventually(() => captures.state('demo.pcap')).toBe('done');
    await shown(note.getByText('This is the demo plant'));
    await shown(captures.row('demo.pcap').getByText('demo', { exact: true }));
    await stage.page.getByRole('link', { name: 'Inventory' }).click();
    await eventually(() => status.innerText()).toBe(`${devices} devices`);
  });
});

describeConsole('Captures', startConsole, (stage) => {
  const captures = capturesOf(stage);
  const open = async () => {
    await stage.open('/captures');
    await shown(stage.page.getByRole('button', { name: 'Add captures' }));
  };

  test('are chosen, analysed, and tell what they contained', async () => {
    await open();
    await captures.choose(
      file('hall 1.pcap', generateCapture({ stations: 6, frames: 60, seed: 3 })),
      file('hall 2.pcap.gz', gzipSync(generateCapture({ stations: 4, frames: 40, seed: 4 }))),
    );
    await eventually(() => captures.state('hall 1.pcap')).toBe('done');
    await eventually(() => captures.state('hall 2.pcap.gz')).toBe('done');
    await gone(captures.uploads());
    expect((await readRows(captures.table())).map((row) => [row['File'], row['Frames']])).toEqual(
      expect.arrayContaining([
        ['hall 1.pcap', '60'],
        ['hall 2.pcap.gz', '40'],
      ]),
    );
    await captures.table().getByRole('link', { name: 'hall 2.pcap.gz' }).click();
    await shown(stage.page.getByRole('heading', { name: 'hall 2.pcap.gz', level: 2 }));
    await eventually(() => stage.page.getByRole('main').innerText()).toMatch(/Devices\s+4, 4 of them only here/);
    const contents = await stage.page.getByRole('main').innerText();
    expect(contents).toMatch(/Format\s+pcap, gzip/);
    expect(contents).toMatch(/Frames\s+40/);
    const protocols = await readRows(stage.page.getByRole('table', { name: 'Protocols' }));
    expect(protocols.map((row) => row['Protocol'])).toEqual(expect.arrayContaining(['arp', 'lldp']));
    await stage.page.getByRole('link', { name: 'Its devices' }).click();
    await eventually(() => stage.page.getByRole('main').getByRole('status').innerText()).toBe('4 devices of 10');
  });

  test('a file is dropped onto the page; the same bytes again change nothing', async () => {
    await open();
    await captures.drop(file('dropped.pcap', chassisCapture()));
    await eventually(() => captures.state('dropped.pcap')).toBe('done');
    await captures.drop(file('again.pcap', chassisCapture()));
    await shown(captures.uploads().getByText('Was here already: nothing changed.'));
    expect(await captures.state('again.pcap')).toBeUndefined();
    await captures.uploads().getByRole('button', { name: 'Close' }).click();
    await gone(captures.uploads());
  });

  test('show how far they are sent, and are stopped half way', async () => {
    await open();
    const line = await stage.page.context().newCDPSession(stage.page);
    await line.send('Network.enable');
    const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 300_000 };
    await line.send('Network.emulateNetworkConditions', slow);
    await captures.choose(file('long.pcap', generateCapture({ stations: 20, frames: 60_000, seed: 8 })));
    const bar = captures.uploads().getByRole('progressbar', { name: 'Sending long.pcap' });
    await eventually(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(0);
    await captures.uploads().getByRole('button', { name: 'Cancel' }).click();
    await gone(captures.uploads());
    expect(await captures.state('long.pcap')).toBeUndefined();
    await line.detach();
  });

  test('many at once: each waits its turn, and it is told that they are being analysed', async () => {
    await open();
    await stage.page.evaluate(() => {
      const seen = new Set<string>();
      Object.assign(window, { seen });
      new MutationObserver(() => {
        for (const word of ['waiting', 'analysing', 'being analysed', 'done'])
          if (document.body.innerText.includes(word)) seen.add(word);
        if (document.querySelector('[aria-label^="Analysing"]')) seen.add('analysing');
      }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    });
    const names = Array.from({ length: 8 }, (_, i) => `shift ${i + 1}.pcap`);
    await captures.drop(
      ...names.map((name, i) => file(name, generateCapture({ stations: 30, frames: 6_000, seed: 20 + i }))),
    );
    for (const name of names) await eventually(() => captures.state(name)).toBe('done');
    const seen = await stage.page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen]);
    expect(seen).toEqual(expect.arrayContaining(['being analysed', 'done']));
    expect(seen.includes('waiting') || seen.includes('analysing')).toBe(true);
    await gone(stage.page.getByRole('banner').getByText('being analysed'));
  });

  test('a file that is no capture is refused with what it looks like', async () => {
    stage.expectReports(/415/);
    await open();
    await captures.choose(file('manual.pdf', new TextEncoder().encode('%PDF-1.7\n1 0 obj')));
    const said = captures.uploads().getByRole('alert');
    await shown(said.getByText('a PDF document'));
    await shown(said.getByText('Send a pcap or pcapng file'));
    expect(await captures.state('manual.pdf')).toBeUndefined();
  });

  test('a capture that was cut off says where, and what was before is read', async () => {
    const whole = generateCapture({ stations: 5, frames: 50, seed: 5 });
    await open();
    await captures.choose(file('cut off.pcap', whole.subarray(0, whole.length - 30)));
    await eventually(() => captures.state('cut off.pcap')).toMatch(/^damaged/i);
    expect((await readRows(captures.table())).find((row) => row['File'] === 'cut off.pcap')).toMatchObject({
      Frames: '49',
    });
    await captures.table().getByRole('link', { name: 'cut off.pcap' }).click();
    const trouble = await readRows(stage.page.getByRole('table', { name: 'Trouble' }));
    expect(trouble[0]).toMatchObject({ What: 'Damaged capture', Code: 'pcap.record-cut-off' });
    await eventually(() => stage.page.getByRole('main').innerText()).toMatch(/Devices\s+5,/);
  });

  test('a message that breaks off is listed, and leads to its frame', async () => {
    await open();
    await captures.choose(file('malformed.pcap', malformedCapture()));
    await eventually(() => captures.state('malformed.pcap')).toBe('done');
    await captures.table().getByRole('link', { name: 'malformed.pcap' }).click();
    const trouble = stage.page.getByRole('table', { name: 'Trouble' });
    await shown(trouble);
    expect((await readRows(trouble))[0]).toMatchObject({ What: 'Malformed traffic', Code: 'modbus.cut-short' });
    await trouble.getByRole('button', { name: '2', exact: true }).click();
    const frame = stage.page.getByRole('region', { name: 'Frame 2' });
    await shown(frame);
    expect(await frame.innerText()).toContain('Meterworks');
  });

  test('search finds captures by their names', async () => {
    await takeIn(stage.server, [['gateway of line 7.pcap', gatewayCapture()]]);
    await open();
    await stage.page.keyboard.press('/');
    await stage.page.keyboard.type('line 7');
    await eventually(async () => (await readRows(captures.table())).map((row) => row['File'])).toEqual([
      'gateway of line 7.pcap',
    ]);
    await stage.page.getByRole('searchbox', { name: 'Search captures' }).fill('no such file');
    await shown(stage.page.getByRole('heading', { name: 'No capture has such a name' }));
  });

  test('one is removed after asking, and its devices go with it', async () => {
    const bytes = generateCapture({ stations: 3, frames: 30, seed: 77 });
    const [id] = await takeIn(stage.server, [['to be removed.pcap', bytes]]);
    const before = (await stage.server.get('listDevices')).total;
    await open();
    await stage.page.getByRole('button', { name: 'Remove to be removed.pcap' }).click();
    const dialog = stage.page.getByRole('dialog', { name: 'Remove to be removed.pcap?' });
    await shown(dialog.getByText('3 of the 3 devices it shows'));
    await dialog.getByRole('button', { name: 'Keep it' }).click();
    await gone(dialog);
    await shown(captures.row('to be removed.pcap'));
    await stage.page.getByRole('button', { name: 'Remove to be removed.pcap' }).click();
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await gone(dialog);
    await gone(captures.row('to be removed.pcap'));
    await stage.page.getByRole('link', { name: 'Inventory' }).click();
    await eventually(() => stage.page.getByRole('main').getByRole('status').innerText()).toBe(`${before - 3} devices`);
    stage.expectReports(/404/);
    await stage.open(`/captures/${id}`);
    await shown(stage.page.getByRole('alert').getByText('There is no capture'));
  });
});
