// One device as people look into it: what it is and who told it, down to the bytes; whom it talks to and what was done to
// it; what sits behind it; and a person's word against what was concluded.
import type { FactKind } from '@interlock/model';
import type { DeviceDetail, DeviceRow } from '@interlock/model/api';
import { beforeAll, expect, test } from 'vitest';
import {
  describeConsole,
  eventually,
  gone,
  readRows,
  shown,
  startConsole,
  startConsoleWithDemo,
  takeIn,
} from './fixture.ts';
import { ADAPTER, chassisCapture, GATEWAY, gatewayCapture, twoStationsCapture } from './made-captures.ts';

describeConsole('A device of the demo plant', startConsoleWithDemo, (stage) => {
  let rows: readonly DeviceRow[] = [];
  let details: readonly DeviceDetail[] = [];
  beforeAll(async () => {
    rows = (await stage.server.get('listDevices')).items;
    details = await Promise.all(rows.map(({ id }) => stage.server.get('getDevice', { params: { id } })));
  });
  /** The press is the controller that was stopped. */
  const thePress = async (): Promise<DeviceDetail> => {
    for (const device of details) {
      const { items } = await stage.server.get('listOperations', {
        params: { id: device.id },
        query: { direction: 'done to it', kind: ['mode'] },
      });
      if (items.some(({ what }) => what.endsWith('stop'))) return device;
    }
    throw new Error('nothing was stopped in the demo plant');
  };
  const openDevice = async (device: { readonly id: string }, query = '') => {
    await stage.open(`/devices/${device.id}${query}`);
    await shown(stage.page.getByRole('tab', { name: 'Identity' }));
  };
  const evidence = () => stage.page.getByRole('dialog', { name: 'Why?' });
  /** The bytes that are marked in the frame that is shown, by their place in it. */
  const markedBytes = () =>
    evidence()
      .locator('pre')
      .evaluate((dump) => {
        const found: Record<number, number> = {};
        for (const line of dump.children) {
          const [start, ...cells] = [...line.children];
          cells.slice(0, 16).forEach((cell, i) => {
            const colour = getComputedStyle(cell).backgroundColor;
            if (colour !== 'rgba(0, 0, 0, 0)')
              found[Number.parseInt(start?.textContent ?? '', 16) + i] = Number.parseInt(cell.textContent ?? '', 16);
          });
        }
        return found;
      });
  const asText = (bytes: Record<number, number>): string =>
    Object.values(bytes)
      .map((byte) => String.fromCharCode(byte))
      .join('');

  test('is opened from the inventory and says what it is', async () => {
    const press = await thePress();
    await stage.open('/inventory');
    await stage.page
      .getByRole('row')
      .filter({ hasText: press.serial ?? '' })
      .click();
    await shown(stage.page.getByRole('heading', { name: press.name ?? '', level: 2 }));
    const fact = (name: string) =>
      stage.page.getByRole('term').filter({ hasText: name }).first().locator('xpath=following-sibling::dd');
    expect(await fact('Serial number').innerText()).toBe(press.serial);
    expect(await fact('Firmware').innerText()).toBe(press.firmware);
    const addresses = await fact('Addresses').innerText();
    for (const { value } of press.addresses) expect(addresses).toContain(value);
  });

  test('every fact names its sources and leads to its evidence', async () => {
    const press = await thePress();
    await openDevice(press);
    for (const fact of press.facts.filter(({ group }) => group === 'identity'))
      for (const value of fact.values) {
        const why = stage.page.getByRole('button', { name: `Why ${fact.title} ${value.text}?`, exact: true });
        await eventually(() => why.count()).toBe(value.sources.length);
        const told = await stage.page.getByRole('row').filter({ has: why }).innerText();
        for (const { protocol, source } of value.sources) expect(told).toContain(`${protocol}, ${source}`);
      }
  });

  test('"why?" shows the frame, its fields, and marks the very bytes of the value', async () => {
    const press = await thePress();
    await openDevice(press);
    await stage.page.getByRole('button', { name: `Why Serial number ${press.serial}?` }).click();
    await shown(evidence().getByRole('region', { name: /^Frame \d+$/ }));
    await shown(evidence().getByRole('heading', { name: press.serial ?? '' }));
    await shown(evidence().getByRole('link', { name: 'demo.pcap' }));
    for (const layer of ['Ethernet', 'IPv4', 'TCP', 'S7comm'])
      await shown(evidence().getByRole('group').filter({ hasText: layer }).first());
    const address = press.addresses.find(({ kind }) => kind === 'ipv4')?.value ?? '';
    await shown(evidence().getByRole('definition').filter({ hasText: address }).first());

    const marked = await markedBytes();
    expect(asText(marked)).toBe(press.serial);
    const places = Object.keys(marked).map(Number);
    await shown(evidence().getByText(`bytes ${places[0]} to ${places.at(-1)}`));
    // Pointing at a field lights up its bytes too.
    await evidence().getByRole('definition').filter({ hasText: address }).first().hover();
    const octets = address.split('.').map(Number);
    await eventually(async () => Object.values(await markedBytes()).join()).toContain(octets.join());

    // The view has an address of its own, and Escape closes it.
    const url = stage.page.url();
    await stage.page.keyboard.press('Escape');
    await gone(evidence());
    const other = await stage.newTab();
    await other.goto(url);
    await shown(other.getByRole('dialog', { name: 'Why?' }).getByRole('heading', { name: press.serial ?? '' }));
  });

  test('whatever the protocol, the marked bytes are the value', async () => {
    const wanted: readonly (readonly [FactKind, string])[] = [
      ['device.model', 'bacnet'],
      ['device.firmware', 'dhcp'],
      ['device.description', 'snmp'],
      ['device.product-code', 'modbus'],
      ['device.hostname', 'lldp'],
      ['upnp.location', 'ssdp'],
    ];
    for (const [kind, protocol] of wanted) {
      const found = details.flatMap((device) =>
        device.facts
          .filter((fact) => fact.kind === kind)
          .flatMap(({ values }) => values)
          .flatMap(({ text, sources }) =>
            sources.filter((source) => source.protocol === protocol).map(({ fact }) => ({ device, text, fact })),
          ),
      )[0];
      expect(found, `${kind} by ${protocol} in the demo plant`).toBeDefined();
      if (!found) continue;
      await openDevice(found.device, `?fact=${found.fact}`);
      await shown(evidence().locator('pre'));
      expect(asText(await markedBytes()), `${kind} by ${protocol}`).toContain(found.text);
    }
  });

  test('further frames of the same fact are shown one after the other', async () => {
    const found = details
      .flatMap((device) => device.facts.map((fact) => ({ device, fact })))
      .flatMap(({ device, fact }) => fact.values.flatMap(({ sources }) => sources.map((s) => ({ device, source: s }))))
      .find(({ source }) => source.captures.length > 0 && source.frames.length > 1);
    expect(found).toBeDefined();
    if (!found) return;
    const [first, second] = found.source.frames;
    await openDevice(found.device, `?fact=${found.source.fact}`);
    await shown(evidence().getByRole('region', { name: `Frame ${first}`, exact: true }));
    await evidence().getByRole('button', { name: '2', exact: true }).click();
    await shown(evidence().getByRole('region', { name: `Frame ${second}`, exact: true }));
  });

  test('services it offers lead to their evidence', async () => {
    const press = await thePress();
    await openDevice(press);
    await stage.page.getByRole('tab', { name: /^Services/ }).click();
    const row = stage.page.getByRole('row').filter({ hasText: 'tcp/102' });
    expect(await row.innerText()).toMatch(/s7comm/);
    await row.getByRole('button', { name: /^Why s7comm tcp\/102/ }).click();
    await shown(evidence().getByRole('region', { name: /^Frame \d+$/ }));
  });

  test('conversations tell with whom, over what and how much, and are searched', async () => {
    const press = await thePress();
    await openDevice(press);
    await stage.page.getByRole('tab', { name: /^Conversations/ }).click();
    const table = stage.page.getByRole('table', { name: 'Conversations' });
    await shown(table);
    const all = await stage.server.get('listConversations', { params: { id: press.id } });
    expect(await readRows(table)).toHaveLength(all.total);
    const engineer = all.items.find(({ peer }) => peer.role === 'engineering-station')?.peer.name ?? '';
    await stage.page.getByRole('searchbox', { name: 'Search conversations' }).fill(engineer);
    await eventually(async () => new Set((await readRows(table)).map((row) => row['With']))).toEqual(
      new Set([engineer]),
    );
    expect((await readRows(table))[0]).toMatchObject({ 'This device is': 'server', Over: 's7comm tcp/102' });
    await table.getByRole('link', { name: engineer }).first().click();
    await shown(stage.page.getByRole('heading', { name: engineer, level: 2 }));
  });

  test('operations tell that the press was stopped, and by whom', async () => {
    const press = await thePress();
    await openDevice(press, '?tab=operations');
    const table = stage.page.getByRole('table', { name: 'Operations' });
    const stop = table.getByRole('row').filter({ hasText: 'stop' });
    await shown(stop);
    const told = (await readRows(table)).find((row) => row['What']?.includes('stop'));
    const engineer = rows.find(({ role }) => role === 'engineering-station')?.name ?? '';
    expect(told?.['Kind']?.toLowerCase()).toBe('mode');
    expect(told?.['By or on']).toBe(`by ${engineer}`);
    await stop.getByRole('button', { name: /^Why/ }).click();
    await shown(evidence().getByRole('region', { name: /^Frame \d+$/ }));
    await shown(evidence().getByRole('group').filter({ hasText: 'S7comm' }).first());
  });

  test('says why it is one device, has this role and this level', async () => {
    const press = await thePress();
    await openDevice(press);
    await stage.page.getByRole('tab', { name: 'Why one device' }).click();
    for (const { text } of [...press.joined, ...(press.role?.reasons ?? []), ...press.level.reasons])
      await shown(stage.page.getByRole('listitem').filter({ hasText: text }).first());
    await stage.page
      .getByRole('listitem')
      .filter({ hasText: press.joined[0]?.text ?? '' })
      .getByRole('button', { name: /why\?/i })
      .first()
      .click();
    await shown(evidence().getByRole('heading', { level: 3 }));
  });

  test('a device that is not there is told so, with the way on', async () => {
    stage.expectReports(/404 \(Not Found\)/);
    await stage.open('/devices/d000000000000');
    await shown(stage.page.getByRole('alert').getByText('There is no device d000000000000'));
  });
});

const startWithMade = async () => {
  const server = await startConsole();
  await takeIn(server, [
    ['gateway.pcap', gatewayCapture()],
    ['chassis.pcap', chassisCapture()],
    ['stations.pcap', twoStationsCapture()],
  ]);
  return server;
};

describeConsole('A device of other captures', startWithMade, (stage) => {
  const openByText = async (text: string) => {
    await stage.open('/inventory');
    await stage.page.getByRole('row').filter({ hasText: text }).click();
    await shown(stage.page.getByRole('tab', { name: 'Identity' }));
  };
  const inventoryNames = async () =>
    (await readRows(stage.page.getByRole('region', { name: 'Devices' }).getByRole('table'))).map((row) => row['Name']);

  test('shows the modules in the slots of its chassis', async () => {
    await openByText(ADAPTER);
    await stage.page.getByRole('tab', { name: 'Parts 2' }).click();
    const controller = stage.page.getByRole('listitem').filter({ hasText: 'Slot 0' });
    await shown(controller.getByText('1756-L73/B').first());
    await shown(stage.page.getByRole('listitem').filter({ hasText: 'Slot 4' }).getByText('1756-IB16D').first());
    await controller.getByRole('button', { name: /^Why Model 1756-L73\/B/ }).click();
    const evidence = stage.page.getByRole('dialog', { name: 'Why?' });
    await shown(evidence.getByRole('region', { name: /^Frame \d+$/ }));
    await shown(evidence.getByRole('link', { name: 'chassis.pcap' }));
  });

  test('shows the units behind a Modbus gateway', async () => {
    await openByText(GATEWAY);
    await stage.page.getByRole('tab', { name: 'Parts 2' }).click();
    const unit = (number: number) => stage.page.getByRole('listitem').filter({ hasText: `Modbus unit ${number}` });
    await shown(unit(3).getByRole('cell', { name: 'MW3', exact: true }));
    await shown(unit(7).getByRole('cell', { name: 'MW9', exact: true }));
    expect(await unit(3).innerText()).not.toContain('MW9');
  });

  test('gets the name a person gives it, with the reason, until it is taken back', async () => {
    await openByText(ADAPTER);
    await stage.page.getByRole('button', { name: 'Name', exact: true }).click();
    const dialog = stage.page.getByRole('dialog', { name: 'Name this device' });
    await dialog.getByLabel('Name').fill('Press 4');
    await dialog.getByLabel('Why').fill('label on the cabinet');
    await dialog.getByRole('button', { name: 'Keep' }).click();
    await gone(dialog);
    await shown(stage.page.getByRole('heading', { name: 'Press 4', level: 2 }));
    await stage.page.getByRole('link', { name: 'Inventory' }).first().click();
    await eventually(inventoryNames).toContain('Press 4');
    await stage.page.getByRole('row').filter({ hasText: 'Press 4' }).click();

    await stage.page
      .getByRole('button', { name: /^Why .* Press 4\?$/ })
      .first()
      .click();
    const evidence = stage.page.getByRole('dialog', { name: 'Why?' });
    await shown(evidence.getByText('label on the cabinet'));
    await stage.page.keyboard.press('Escape');
    await gone(evidence);
    await stage.page.getByRole('tab', { name: 'Why one device' }).click();
    await stage.page.getByRole('button', { name: /^Take back: .*Press 4/ }).click();
    await gone(stage.page.getByRole('heading', { name: 'Press 4', level: 2 }));
    await shown(stage.page.getByRole('heading', { name: '1756-EN2T/B', level: 2 }));
  });

  test('is joined with another entry by a person, and parted again', async () => {
    await openByText('panel-left');
    await stage.page.getByRole('button', { name: 'Join or split' }).click();
    const dialog = stage.page.getByRole('dialog', { name: 'Join or split' });
    expect(await dialog.getByRole('radio', { name: /belongs to another device/ }).isDisabled()).toBe(true);
    await dialog.getByLabel('The other entry').fill('panel-right');
    await stage.page.getByRole('option', { name: /panel-right/ }).click();
    await dialog.getByLabel('Why').fill('two plugs of one panel');
    await dialog.getByRole('button', { name: 'Keep' }).click();
    await gone(dialog);
    const addresses = stage.page.getByRole('definition').filter({ hasText: '00:1b:1b:00:00:01' });
    await shown(addresses.filter({ hasText: '00:1b:1b:00:00:02' }));
    await stage.page.getByRole('tab', { name: 'Why one device' }).click();
    await shown(stage.page.getByRole('listitem').filter({ hasText: 'two plugs of one panel' }).first());
    await stage.page.getByRole('button', { name: /^Take back: .* are one device$/ }).click();
    await stage.page.getByRole('link', { name: 'Inventory' }).first().click();
    await eventually(async () => (await inventoryNames()).filter((name) => name?.startsWith('panel-'))).toEqual([
      'panel-left',
      'panel-right',
    ]);
  });
});
