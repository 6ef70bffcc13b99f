// Everything that can be shown, in both colour schemes and three widths, without a violation of WCAG 2.2 A and AA that axe
// can find.
import { test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { describeConsole, type Stage, shown, startConsole, startConsoleWithDemo, takeIn } from './fixture.ts';
import { chassisCapture, malformedCapture } from './made-captures.ts';

const buttonOf = (stage: Stage) => (name: string | RegExp) =>
  stage.page.getByRole('button', { name, exact: true }).first();

describeConsole('Everybody can use', startConsoleWithDemo, (stage) => {
  const button = buttonOf(stage);
  const inventory = async (query = '') => {
    await stage.open(`/inventory${query}`);
    await shown(stage.page.getByRole('row').nth(1));
  };
  const press = async (): Promise<string> =>
    (await stage.server.get('listDevices', { query: { service: ['s7comm'] } })).items[0]?.id ?? '';

  test('the inventory', async () => {
    await inventory();
    await expectAccessible(stage.page);
  });

  test('its filters, its choice of columns, its export, the sheet of keys', async () => {
    await inventory('?role=plc'); // what is behind them was looked at whole
    await button('Filter Vendor').click();
    await shown(stage.page.getByRole('checkbox').first());
    await expectAccessible(stage.page);
    await stage.page.keyboard.press('Escape');
    await button('Columns').click();
    await shown(stage.page.getByRole('checkbox', { name: 'Order number' }));
    await expectAccessible(stage.page);
    await stage.page.keyboard.press('Escape');
    await button('Export').click();
    await shown(stage.page.getByRole('menuitem').first());
    await expectAccessible(stage.page);
    await stage.page.keyboard.press('Escape');
    await button('Keys').click();
    await shown(stage.page.getByRole('dialog', { name: 'Keys' }));
    await expectAccessible(stage.page);
  });

  test('an inventory in which nothing matches', async () => {
    await stage.open('/inventory?search=nothing+is+called+like+this');
    await shown(stage.page.getByRole('heading', { name: 'No device matches' }));
    await expectAccessible(stage.page);
  });

  for (const tab of ['identity', 'services', 'conversations', 'operations', 'why'])
    test(`a device: ${tab}`, async () => {
      await stage.open(`/devices/${await press()}?tab=${tab}`);
      await shown(
        stage.page
          .getByRole('tabpanel')
          .getByRole(tab === 'why' ? 'listitem' : 'row')
          .first(),
      );
      await expectAccessible(stage.page);
    });

  test('the evidence of a fact', async () => {
    await stage.open(`/devices/${await press()}`);
    await button(/^Why IP address claimed/).click();
    await shown(stage.page.getByRole('region', { name: /^Frame \d+$/ }));
    await expectAccessible(stage.page);
  });

  test('the dialogs for a name and for joining', async () => {
    await stage.open(`/devices/${await press()}`);
    await button('Name').click();
    await shown(stage.page.getByRole('dialog'));
    await expectAccessible(stage.page);
    await stage.page.keyboard.press('Escape');
    await button('Join or split').click();
    await shown(stage.page.getByRole('radio').first());
    await expectAccessible(stage.page);
  });

  test('the map, as picture and as table', async () => {
    const device = await press();
    await stage.open(`/map?selected=${device}`);
    await shown(stage.page.getByRole('complementary', { name: /^About/ }));
    await expectAccessible(stage.page);
    await stage.open(`/map?table=true&focus=${device}`);
    await shown(stage.page.getByRole('row').nth(2));
    await expectAccessible(stage.page);
  });

  test('a page that is not there', async () => {
    await stage.open('/nowhere');
    await shown(stage.page.getByRole('heading', { name: 'There is no such page' }));
    await expectAccessible(stage.page);
  });
});

describeConsole('Everybody can use', startConsole, (stage) => {
  const button = buttonOf(stage);

  test('an empty store', async () => {
    await stage.open('/inventory');
    await shown(stage.page.getByRole('heading', { name: 'No device yet' }));
    await expectAccessible(stage.page);
    await stage.open('/map');
    await shown(stage.page.getByRole('heading', { name: 'Nothing to draw yet' }));
    await expectAccessible(stage.page);
  });

  test('interfaces and live captures', async () => {
    await stage.open('/live');
    await shown(stage.page.getByRole('table', { name: 'Interfaces' }));
    await shown(stage.page.getByRole('heading', { name: 'Nothing was captured yet' }));
    await expectAccessible(stage.page);
  });

  test('captures, one that was refused and one about to be removed', async () => {
    stage.expectReports(/415/);
    await takeIn(stage.server, [
      ['cut off.pcap', chassisCapture().slice(0, -20)],
      ['malformed.pcap', malformedCapture()],
    ]);
    await stage.open('/captures');
    await shown(stage.page.getByRole('row').filter({ hasText: 'cut off.pcap' }));
    await stage.page
      .getByLabel('Capture files')
      .setInputFiles([{ name: 'manual.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n') }]);
    await shown(stage.page.getByRole('alert'));
    await expectAccessible(stage.page);
    await button('Remove malformed.pcap').click();
    await shown(stage.page.getByRole('dialog').getByText('observations'));
    await expectAccessible(stage.page);
  });

  test('what a capture contained, its troubles and a frame of it; parts of a device', async () => {
    const { items } = await stage.server.get('listCaptures', { query: { search: 'malformed' } });
    await stage.open(`/captures/${items[0]?.id}`);
    await stage.page.getByRole('table', { name: 'Trouble' }).getByRole('button').first().click();
    await shown(stage.page.getByRole('region', { name: /^Frame/ }));
    await expectAccessible(stage.page);
    const { items: devices } = await stage.server.get('listDevices', { query: { model: ['1756-EN2T/B'] } });
    await stage.open(`/devices/${devices[0]?.id}?tab=parts`);
    await shown(stage.page.getByText('Slot 0'));
    await expectAccessible(stage.page);
  });

  test('an error', async () => {
    stage.expectReports(/404/);
    await stage.open('/devices/d000000000000');
    await shown(stage.page.getByRole('alert'));
    await expectAccessible(stage.page);
  });
});
