// The map as people read it: drawn where the browser can, as a table where it cannot or where somebody prefers rows;
// groups are opened, devices found and followed.
import type { OutputOf } from '@interlock/model/api';
import { expect, test } from 'vitest';
import {
  describeConsole,
  eventually,
  gone,
  readRows,
  type Stage,
  shown,
  startConsoleWithDemo,
  startConsoleWithPlant,
} from './fixture.ts';

interface Spot {
  readonly x: number;
  readonly y: number;
}
/** Half the side of a square that lies inside the smallest node and holds more than a letter or an edge. */
const INSIDE = 3;
/** The same where so many are drawn that each is as small as it may be. */
const INSIDE_SMALL = 2;

function mapOf(stage: Stage) {
  const page = () => stage.page;
  const picture = () => page().getByRole('img', { name: /^Map of/ });
  /** Where nodes are drawn: middles of small squares of one colour that is not the ground's. Out: spots on the page. */
  const nodes = async (inside = INSIDE): Promise<Spot[]> => {
    const box = await picture().boundingBox();
    const image = (await picture().screenshot()).toString('base64');
    const bench = await stage.newTab(); // a blank page: it decodes the picture under no policy
    const spots = await bench.evaluate(
      async ({ data, inside }) => {
        const image = new Image();
        image.src = `data:image/png;base64,${data}`;
        await image.decode();
        const { width, height } = image;
        const context = new OffscreenCanvas(width, height).getContext('2d');
        context?.drawImage(image, 0, 0);
        const pixels = new Uint32Array(context?.getImageData(0, 0, width, height).data.buffer ?? new ArrayBuffer(0));
        const often = new Map<number, number>();
        for (const pixel of pixels) often.set(pixel, (often.get(pixel) ?? 0) + 1);
        const [ground] = [...often].sort((a, b) => b[1] - a[1])[0] ?? [0];
        const found: { x: number; y: number }[] = [];
        const isNode = (x: number, y: number): boolean => {
          const colour = pixels[y * width + x];
          if (colour === ground) return false;
          for (let dy = -inside; dy <= inside; dy++)
            for (let dx = -inside; dx <= inside; dx++) if (pixels[(y + dy) * width + x + dx] !== colour) return false;
          return true;
        };
        for (let y = inside; y < height - inside; y += 2)
          for (let x = inside; x < width - inside; x += 2)
            if (isNode(x, y) && !found.some((spot) => Math.hypot(spot.x - x, spot.y - y) < 14)) found.push({ x, y });
        return found;
      },
      { data: image, inside },
    );
    await bench.close();
    return spots.map(({ x, y }) => ({ x: x + (box?.x ?? 0), y: y + (box?.y ?? 0) }));
  };
  return {
    picture,
    nodes,
    table: () =>
      page()
        .getByRole('region', { name: /^Conversations between/ })
        .getByRole('table'),
    status: () => page().getByRole('main').getByRole('status').first().innerText(),
    about: () => page().getByRole('complementary', { name: /^About/ }),
    button: (name: string) => page().getByRole('button', { name, exact: true }),
    /** Clicks a node that is drawn. */
    async clickNode(which = 0): Promise<void> {
      let spot: Spot | undefined;
      await eventually(async () => {
        spot = (await nodes())[which];
        return spot;
      }).toBeDefined();
      await page().mouse.click(spot?.x ?? 0, spot?.y ?? 0);
    },
  };
}
const drawn = (map: OutputOf<'getMap'>): number => map.nodes.length;

describeConsole('The map of the demo plant', startConsoleWithDemo, (stage) => {
  const map = mapOf(stage);

  test('draws every device of a small plant at once', async () => {
    const whole = await stage.server.get('getMap', { query: { expand: ['*'] } });
    await stage.open('/map');
    await shown(map.picture());
    await eventually(() => map.picture().getAttribute('aria-label')).toContain(`${drawn(whole)} nodes`);
    expect(await map.status()).toContain(`${whole.total.devices} devices in ${whole.total.groups} groups`);
    await eventually(async () => (await map.nodes()).length).toBe(drawn(whole));
  });

  test('tells of a node that is clicked, and follows it', async () => {
    await stage.open('/map');
    await shown(map.picture());
    await map.clickNode();
    await shown(map.about());
    const name = await map.about().getByRole('heading', { level: 3 }).first().innerText();
    await map.about().getByRole('button', { name: 'Follow' }).click();
    await shown(stage.page.getByText('following one device'));
    const device = (await stage.server.get('listDevices')).items.find((row) =>
      [row.name, row.model, ...row.addresses.map(({ value }) => value)].includes(name),
    );
    const near = await stage.server.get('getMap', { query: { focus: device?.id ?? '', expand: ['*'] } });
    await eventually(() => map.picture().getAttribute('aria-label')).toContain(`${drawn(near)} nodes`);
    await map.button('Show all').click();
    await gone(stage.page.getByText('following one device'));
    await map.about().getByRole('button', { name: 'Device' }).click();
    await shown(stage.page.getByRole('heading', { name, level: 2 }));
  });

  test('its table twin is one key away and says the same', async () => {
    const whole = await stage.server.get('getMap', { query: { expand: ['*'] } });
    await stage.open('/map');
    await shown(map.picture());
    await eventually(() => map.picture().getAttribute('aria-label')).toContain(`${drawn(whole)} nodes`);
    await stage.page.keyboard.press('t');
    await gone(map.picture());
    await eventually(async () => (await readRows(map.table())).length).toBe(whole.edges.length);
    const label = new Map(whole.nodes.map((node) => [node.id, node.label]));
    const told = (await readRows(map.table())).map((row) => `${row['Client']} > ${row['Server']}`);
    expect(told.sort()).toEqual(whole.edges.map(({ from, to }) => `${label.get(from)} > ${label.get(to)}`).sort());
    await stage.page.keyboard.press('t');
    await shown(map.picture());
  });

  test('groups are closed and opened again', async () => {
    const grouped = await stage.server.get('getMap');
    await stage.open('/map');
    await shown(map.picture());
    await map.button('Close all').click();
    await eventually(() => map.picture().getAttribute('aria-label')).toContain(`${drawn(grouped)} nodes`);
    await map.clickNode();
    await map.about().getByRole('button', { name: 'Open the group' }).click();
    await eventually(() => new URL(stage.page.url()).searchParams.has('expand')).toBe(true);
    await map.button('Open all groups').click();
    const whole = await stage.server.get('getMap', { query: { expand: ['*'] } });
    await eventually(() => map.picture().getAttribute('aria-label')).toContain(`${drawn(whole)} nodes`);
  });

  test('search counts what it finds', async () => {
    const device = (await stage.server.get('listDevices', { query: { role: ['plc'] } })).items[0];
    await stage.open('/map');
    await shown(map.picture());
    await stage.page.keyboard.press('/');
    await stage.page.keyboard.type(device?.name ?? '');
    await eventually(map.status).toMatch(/, 1 found$/);
    expect(new URL(stage.page.url()).searchParams.get('search')).toBe(device?.name);
  });

  test('is reached from a device, which it then follows', async () => {
    const device = (await stage.server.get('listDevices', { query: { role: ['plc'] } })).items[0];
    await stage.open(`/devices/${device?.id}`);
    await stage.page.getByRole('link', { name: 'On the map' }).click();
    await shown(stage.page.getByText('following one device'));
    await shown(map.picture());
  });

  test('is a table where the browser cannot draw', async () => {
    await stage.page.addInitScript(() => {
      const { getContext } = HTMLCanvasElement.prototype;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
        return kind.startsWith('webgl') ? null : getContext.apply(this, [kind, ...rest] as never);
      } as typeof getContext;
    });
    await stage.open('/map');
    await shown(stage.page.getByRole('alert').getByText('cannot draw the map'));
    await eventually(async () => (await readRows(map.table())).length).toBeGreaterThan(5);
    expect(await map.picture().count()).toBe(0);
  });
});

const MANY = 2_000;
describeConsole(
  `The map of ${MANY} devices`,
  () => startConsoleWithPlant(MANY),
  (stage) => {
    const map = mapOf(stage);

    test('shows groups first, and opens one', async () => {
      const grouped = await stage.server.get('getMap');
      await stage.open('/map');
      await shown(map.picture());
      expect(await map.status()).toContain(`2,000 devices in ${grouped.total.groups} groups`);
      await map.clickNode();
      const devices = /([\d,]+) devices/.exec(await map.about().innerText())?.[1] ?? '';
      await map.about().getByRole('button', { name: 'Open the group' }).click();
      const expected = drawn(grouped) - 1 + Number(devices.replace(',', ''));
      await eventually(() => map.picture().getAttribute('aria-label')).toContain(`Map of ${expected} nodes`);
    });

    test('says what it leaves out when all is opened, in the picture and in its table', async () => {
      const whole = await stage.server.get('getMap', { query: { expand: ['*'] } });
      expect(whole.leftOut.groups).toBeGreaterThan(0);
      await stage.open('/map');
      await shown(map.picture());
      await map.button('Open all groups').click();
      await shown(stage.page.getByText(`${whole.leftOut.groups} groups stay closed`));
      await eventually(() => map.picture().getAttribute('aria-label')).toContain(`Map of ${drawn(whole)} nodes`);
      await eventually(async () => (await map.nodes(INSIDE_SMALL)).length).toBeGreaterThan(50);
      await stage.page.keyboard.press('t');
      await eventually(() => map.table().getAttribute('aria-rowcount')).toBe(String(whole.edges.length + 1));
      expect(await map.table().getByRole('row').count()).toBeLessThan(80);
    });

    test('finds one of them and follows it', async () => {
      const device = (await stage.server.get('listDevices', { query: { name: 'printer-5-' } })).items[0];
      expect(device).toBeDefined();
      const near = await stage.server.get('getMap', { query: { focus: device?.id ?? '', expand: ['*'] } });
      await stage.open(`/map?search=${device?.name}`);
      await eventually(map.status).toMatch(/, 1 found$/);
      await stage.open(`/devices/${device?.id}`);
      await stage.page.getByRole('link', { name: 'On the map' }).click();
      await shown(map.picture());
      expect(near.total.devices).toBeLessThan(MANY);
      await eventually(map.status).toContain(`${near.total.devices} device`);
    });
  },
);
