import type { MapNode } from '@interlock/model/api';
import { expect, test } from 'vitest';
import { BANDS, layoutMap } from './layout.ts';

const node = (id: string, level: MapNode['level'], group: string = level): MapNode => ({
  id,
  kind: 'device',
  label: id,
  level,
  group,
  devices: 1,
  matches: 0,
  exposures: 0,
  outside: false,
});
const plant = (devices: number) =>
  Array.from({ length: devices }, (_, i) =>
    node(`d${i}`, BANDS[i % BANDS.length] as MapNode['level'], `zone ${i % 17} ${i % BANDS.length}`),
  );

test('every node has a place of its own, inside the band of its level', () => {
  for (const devices of [1, 7, 200, 1500]) {
    const nodes = plant(devices);
    const { places, bands } = layoutMap(nodes);
    expect(places.size).toBe(devices);
    expect(new Set([...places.values()].map(({ x, y }) => `${x.toFixed(3)} ${y.toFixed(3)}`)).size).toBe(devices);
    for (const one of nodes) {
      const band = bands.find(({ level }) => level === one.level);
      const place = places.get(one.id);
      expect(place && band && place.y <= band.top && place.y >= band.bottom).toBe(true);
    }
  }
});

test('bands lie below each other in the order of the levels, and only those with devices', () => {
  const { bands } = layoutMap([node('a', 'field'), node('b', 'enterprise'), node('c', 'control')]);
  expect(bands.map(({ level }) => level)).toEqual(['enterprise', 'control', 'field']);
  for (const [i, band] of bands.entries())
    if (i > 0) expect(band.top).toBeLessThanOrEqual(bands[i - 1]?.bottom as number);
});

test('the same nodes in another order stand in the same places', () => {
  const nodes = plant(60);
  expect(layoutMap([...nodes].reverse()).places).toEqual(layoutMap(nodes).places);
});
