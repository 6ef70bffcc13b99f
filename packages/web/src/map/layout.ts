// Where the nodes of the map stand: one band per level of the plant, enterprise above, field below, what is outside beside
// it; within a band the groups side by side, and an opened group as a block of its devices. The same plant always
// looks the same; nothing is left to chance or to forces that never rest.
import type { MapNode } from '@interlock/model/api';

/** Bands from top to bottom. What is outside stands above the enterprise, where its traffic comes in. */
export const BANDS = ['outside', 'enterprise', 'supervision', 'control', 'field', 'unknown'] as const;

export interface Place {
  readonly x: number;
  readonly y: number;
}
export interface Band {
  readonly level: string;
  readonly top: number;
  readonly bottom: number;
}
export interface Layout {
  readonly places: ReadonlyMap<string, Place>;
  readonly bands: readonly Band[];
}

const CELL = 1;
/** Screens are wider than high and names stand beside their nodes: a step to the side is longer than one down. */
const SIDEWAYS = 2.3;
const GROUP_GAP = 1.4;
const BAND_PADDING = 0.9;
/** Devices of an opened group side by side before the next line: blocks about four times as wide as high. */
const rowLength = (count: number): number => Math.max(4, Math.ceil(Math.sqrt(count * 4)));

/** In: the nodes of the map. Out: a place for each and the bands they stand in; y grows upwards. */
export function layoutMap(nodes: readonly MapNode[]): Layout {
  const places = new Map<string, Place>();
  const bands: Band[] = [];
  const blocksOf = (level: string): MapNode[][] => {
    const blocks = new Map<string, MapNode[]>();
    for (const node of nodes)
      if (node.level === level) blocks.set(node.group, [...(blocks.get(node.group) ?? []), node]);
    return [...blocks.entries()]
      .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
      .map(([, block]) => block.sort((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true })));
  };
  const widthOf = (block: readonly MapNode[]): number => Math.min(block.length, rowLength(block.length)) * CELL;
  const widest = Math.max(
    12,
    ...BANDS.map((level) => blocksOf(level).reduce((sum, block) => sum + widthOf(block) + GROUP_GAP, 0)),
  );
  const mostInLine = Math.min(widest, 90);

  let y = 0;
  for (const level of BANDS) {
    const blocks = blocksOf(level);
    if (blocks.length === 0) continue;
    const top = y;
    y -= BAND_PADDING;
    let line: MapNode[][] = [];
    const flush = () => {
      const width = line.reduce((sum, block) => sum + widthOf(block), 0);
      // What is left of the band is shared out between and beside its blocks.
      const gap = Math.max(GROUP_GAP, (mostInLine - width) / (line.length + 1));
      let x = Math.max(0, (mostInLine - width - gap * (line.length - 1)) / 2);
      let deepest = 1;
      for (const block of line) {
        const perRow = rowLength(block.length);
        block.forEach((node, i) => {
          // Neighbours stand a little higher and lower in turn, so that their names do not run into each other.
          const stagger = block.length > 1 ? (i % 2) * 0.38 : 0;
          places.set(node.id, {
            x: SIDEWAYS * (x + (i % perRow) * CELL + CELL / 2),
            y: y - Math.floor(i / perRow) * CELL - stagger,
          });
        });
        deepest = Math.max(deepest, Math.ceil(block.length / perRow));
        x += widthOf(block) + gap;
      }
      y -= deepest * CELL;
      line = [];
    };
    let used = 0;
    for (const block of blocks) {
      const width = widthOf(block) + GROUP_GAP;
      if (used + width > mostInLine && line.length > 0) {
        flush();
        used = 0;
      }
      line.push(block);
      used += width;
    }
    flush();
    y -= BAND_PADDING / 2;
    bands.push({ level, top, bottom: y });
  }
  return { places, bands };
}
