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
  /** Extent of the whole in the units of the places; a device takes one of them down and SIDEWAYS of them to the side. */
  readonly width: number;
  readonly height: number;
}

/** Screens are wider than high and names stand beside their nodes: a step to the side is longer than one down. */
export const SIDEWAYS = 2.3;
const GROUP_GAP = 1.4;
const BAND_PADDING = 0.9;
/** Steps in a line that are tried; the one is taken whose picture comes nearest to the shape of the screen. */
const LINE_LENGTHS = [10, 14, 20, 28, 40, 56, 80, 112];
const SCREEN_SHAPE = 1.9;
/** Devices of an opened group side by side before the next line: blocks about four times as wide as high. */
const rowLength = (count: number): number => Math.max(4, Math.ceil(Math.sqrt(count * 4)));
const widthOf = (block: readonly MapNode[]): number => Math.min(block.length, rowLength(block.length));

/** In: the nodes of the map. Out: a place for each and the bands they stand in; y grows upwards. */
export function layoutMap(nodes: readonly MapNode[]): Layout {
  const levels = BANDS.map((level) => ({ level, blocks: blocksOf(nodes, level) })).filter(
    ({ blocks }) => blocks.length > 0,
  );
  let best: Layout | undefined;
  for (const length of LINE_LENGTHS) {
    const layout = arrange(levels, length);
    const distance = ({ width, height }: Layout) => Math.abs(Math.log(width / Math.max(1, height) / SCREEN_SHAPE));
    if (!best || distance(layout) < distance(best)) best = layout;
  }
  return best ?? { places: new Map(), bands: [], width: 1, height: 1 };
}

/** The groups of a level, each with its nodes, in an order that stays. */
function blocksOf(nodes: readonly MapNode[], level: string): MapNode[][] {
  const blocks = new Map<string, MapNode[]>();
  for (const node of nodes) {
    if (node.level !== level) continue;
    const block = blocks.get(node.group);
    if (block) block.push(node);
    else blocks.set(node.group, [node]);
  }
  return [...blocks.entries()]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([, block]) => block.sort((a, b) => a.label.localeCompare(b.label, 'en', { numeric: true })));
}

/** Blocks in lines of at most `length` steps (a wider block has a line for itself). */
function arrange(levels: readonly { level: string; blocks: MapNode[][] }[], length: number): Layout {
  const places = new Map<string, Place>();
  const bands: Band[] = [];
  let y = 0;
  for (const { level, blocks } of levels) {
    const top = y;
    y -= BAND_PADDING;
    for (const line of linesOf(blocks, length)) y -= placeLine(line, length, y, places);
    y -= BAND_PADDING / 2;
    bands.push({ level, top, bottom: y });
  }
  let widest = length;
  for (const { blocks } of levels) for (const block of blocks) widest = Math.max(widest, widthOf(block));
  return { places, bands, width: widest * SIDEWAYS, height: -y };
}

function linesOf(blocks: readonly MapNode[][], length: number): MapNode[][][] {
  const lines: MapNode[][][] = [];
  let used = 0;
  for (const block of blocks) {
    const width = widthOf(block) + GROUP_GAP;
    const line = lines.at(-1);
    if (line && used + width <= length) {
      line.push(block);
      used += width;
    } else {
      lines.push([block]);
      used = width;
    }
  }
  return lines;
}

/** Places one line of blocks below `y`. Out: how far down it reaches. */
function placeLine(line: readonly MapNode[][], length: number, y: number, places: Map<string, Place>): number {
  const width = line.reduce((sum, block) => sum + widthOf(block), 0);
  // What is left of the line is shared out between and beside its blocks.
  const gap = Math.max(GROUP_GAP, (length - width) / (line.length + 1));
  let x = Math.max(0, (length - width - gap * (line.length - 1)) / 2);
  let deepest = 1;
  for (const block of line) {
    const perRow = rowLength(block.length);
    for (const [i, node] of block.entries()) {
      // Neighbours stand a little higher and lower in turn, so that their names do not run into each other.
      const stagger = block.length > 1 ? (i % 2) * 0.38 : 0;
      places.set(node.id, { x: SIDEWAYS * (x + (i % perRow) + 0.5), y: y - Math.floor(i / perRow) - stagger });
    }
    deepest = Math.max(deepest, Math.ceil(block.length / perRow));
    x += widthOf(block) + gap;
  }
  return deepest;
}
