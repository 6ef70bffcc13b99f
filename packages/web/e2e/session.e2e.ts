// Who may see the console, and what people see while the server is gone.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { passwordFile, setPassword } from '@interlock/server';
import { generateCapture } from '@interlock/server/testing';
import { expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { describeConsole, eventually, gone, readRows, shown, startConsole, takeIn } from './fixture.ts';
import { chassisCapture, gatewayCapture, twoStationsCapture } from './made-captures.ts';

const PASSWORD = 'five green presses';

/** What the browser reports of requests to a server that is stopping or gone. */
const UNREACHABLE =
  /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED_ENCODING|503 \(Service/;

const startWithPassword = async () => {
  const data = mkdtempSync(join(tmpdir(), 'interlock-password-'));
  await setPassword(passwordFile(data), PASSWORD);
  return startConsole({ data });
};

describeConsole('A console with a password', startWithPassword, (stage) => {
  const field = () => stage.page.getByLabel(/^Password/);
  const signIn = async (password = PASSWORD) => {
    await field().fill(password);
    await stage.page.keyboard.press('Enter');
  };
  const inside = () => stage.page.getByRole('heading', { name: 'No device yet' });

  test('asks for it first, refuses a wrong one, lets in with the right one, and out again', async () => {
    stage.expectReports(/401 \(Unauthorized\).*\/api\/v1\/session/);
    await stage.open('/inventory');
    await shown(field());
    expect(await stage.page.getByRole('navigation').count()).toBe(0);
    expect(await stage.page.getByRole('button', { name: 'Sign in' }).isDisabled()).toBe(true);
    await signIn('five red presses');
    await shown(stage.page.getByRole('alert').getByText('That is not the password.'));
    await expectAccessible(stage.page);
    await signIn();
    await shown(inside());
    await stage.page.reload();
    await shown(inside());
    await stage.page.getByRole('button', { name: 'Sign out' }).click();
    await shown(field());
    await stage.page.reload();
    await shown(field());
  });

  test('asks again where the session ended meanwhile, and goes on where one was', async () => {
    stage.expectReports(/401 \(Unauthorized\)/);
    await stage.open('/captures');
    await signIn();
    await shown(stage.page.getByRole('heading', { name: 'Drop captures here' }));
    await stage.page.context().clearCookies();
    await stage.page.getByRole('link', { name: 'Inventory' }).click();
    await shown(field());
    await signIn();
    await shown(inside());
  });
});

describeConsole('A console whose server is gone', startConsole, (stage) => {
  test('says so beside what it showed, and by itself shows what is new when the server is back', async () => {
    stage.expectReports(UNREACHABLE);
    const { data, address } = stage.server;
    await takeIn(stage.server, [['stations.pcap', twoStationsCapture()]]);
    await stage.open('/inventory');
    await shown(stage.page.getByRole('row').filter({ hasText: 'panel-left' }));
    await stage.server.close();
    await shown(stage.page.getByRole('banner').getByText('No answer'));
    await shown(stage.page.getByRole('row').filter({ hasText: 'panel-left' }));

    const back = await startConsole({ data, port: Number(new URL(address).port) });
    stage.use(back);
    await gone(stage.page.getByRole('banner').getByText('No answer'));
    await takeIn(back, [['later.pcap', generateCapture({ stations: 3, frames: 30, seed: 7 })]]);
    await eventually(() => stage.page.getByRole('main').getByRole('status').innerText()).toBe('5 devices');
    for (const { id } of (await back.get('listCaptures')).items) await back.get('removeCapture', { params: { id } });
    await back.settled();
  });

  test('goes on where somebody tries again after a request was lost', async () => {
    stage.expectReports(/ERR_FAILED/);
    const request = /\/api\/v1\/map/;
    await stage.page.route(request, (route) => route.abort());
    await stage.open('/map');
    const failed = stage.page.getByRole('alert');
    await shown(failed.getByText('The server does not answer.'));
    await stage.page.unroute(request);
    await failed.getByRole('button', { name: 'Try again' }).click();
    await gone(failed);
    await shown(stage.page.getByText('0 devices in'));
  });

  test('says so, and works on when the server is back', async () => {
    stage.expectReports(UNREACHABLE);
    const { data, address } = stage.server;
    const add = async (name: string, bytes: Uint8Array) => {
      const [chooser] = await Promise.all([
        stage.page.waitForEvent('filechooser'),
        stage.page.getByRole('button', { name: 'Add captures' }).click(),
      ]);
      const mimeType = 'application/octet-stream';
      await chooser.setFiles([{ name, mimeType, buffer: Buffer.from(bytes) }]);
    };
    await stage.open('/captures');
    await add('gateway.pcap', gatewayCapture());
    const captures = stage.page.getByRole('table', { name: 'Captures' });
    await shown(captures.getByRole('row').filter({ hasText: 'done' }));
    await stage.page.getByRole('link', { name: 'Inventory' }).click();
    const rows = () => readRows(stage.page.getByRole('region', { name: 'Devices' }).getByRole('table'));
    await eventually(async () => (await rows()).length).toBe(2);

    await stage.server.close();
    await stage.page.getByRole('link', { name: 'Map' }).click();
    const failed = stage.page.getByRole('alert');
    await shown(failed.getByText('The server does not answer.'));
    await failed.getByRole('button', { name: 'Try again' }).click();
    await shown(failed.getByText('The server does not answer.'));

    stage.use(await startConsole({ data, port: Number(new URL(address).port) }));
    await shown(stage.page.getByText('2 devices in'));
    await gone(failed);
    await stage.page.getByRole('link', { name: 'Captures' }).click();
    await shown(captures.getByRole('link', { name: 'gateway.pcap' }));

    // What changes something works as before, and what happens is told again.
    await add('chassis.pcap', chassisCapture());
    await eventually(async () => (await readRows(captures)).map((row) => `${row['File']} ${row['State']}`)).toContain(
      'chassis.pcap done',
    );
    await stage.page.getByRole('button', { name: 'Remove gateway.pcap' }).click();
    await stage.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await gone(captures.getByRole('link', { name: 'gateway.pcap' }));
    await stage.page.getByRole('link', { name: 'Inventory' }).click();
    await eventually(async () => (await rows()).length).toBe(2);
  });
});

describeConsole('A machine that is not on the internet', startConsole, (stage) => {
  test('shows the console all the same', async () => {
    await takeIn(stage.server, [['stations.pcap', twoStationsCapture()]]);
    await stage.open('/captures');
    await shown(stage.page.getByRole('link', { name: 'stations.pcap' }));
    // What browsers tell a page when the last network cable is pulled; the server on the machine itself answers on.
    await stage.page.evaluate(() => void window.dispatchEvent(new Event('offline')));
    await stage.page.getByRole('link', { name: 'Inventory' }).click();
    await shown(stage.page.getByRole('row').filter({ hasText: 'panel-left' }));
  });
});
