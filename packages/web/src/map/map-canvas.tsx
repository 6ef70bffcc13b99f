// Draws the map with Sigma on WebGL: nodes where the layout put them, bands of the levels behind them. Loaded only when
// the map is looked at.
import type { MapEdge, MapNode } from '@interlock/model/api';
import { useComputedColorScheme } from '@mantine/core';
import Graph from 'graphology';
import { useEffect, useRef, useState } from 'react';
import Sigma from 'sigma';
import { levelWord } from '../ui/format.ts';
import { type Band, layoutMap } from './layout.ts';

const COLOURS: Record<'light' | 'dark', Record<string, string>> = {
  light: {
    field: '#2b8a3e',
    control: '#0b7285',
    supervision: '#5f3dc4',
    enterprise: '#495057',
    outside: '#868e96',
    unknown: '#adb5bd',
    edge: '#b4bdc6',
    writes: '#e8590c',
    near: '#1864ab',
    faded: '#e9ecef',
    text: '#212529',
  },
  dark: {
    field: '#69db7c',
    control: '#3bc9db',
    supervision: '#b197fc',
    enterprise: '#ced4da',
    outside: '#868e96',
    unknown: '#5c636a',
    edge: '#59626b',
    writes: '#ff922b',
    near: '#4dabf7',
    faded: '#2c2e33',
    text: '#e9ecef',
  },
};

const LONGEST_LABEL = 22;
const shorten = (label: string): string =>
  label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label;
/** Up to so many nodes every name is written; more would lie on top of each other. */
const ALL_LABELS = 60;

/** From here on edges are drawn thinner, or they would cover what they connect. */
const MANY_EDGES = 400;
/** Pixels: what a pointer still hits. */
const SMALLEST_NODE = 4;

export interface MapCanvasProps {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  readonly selected: string | undefined;
  readonly searching: boolean;
  readonly select: (id: string | undefined) => void;
  readonly open: (node: MapNode) => void;
}

export function MapCanvas({ nodes, edges, selected, searching, select, open }: MapCanvasProps) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const [bands, setBands] = useState<{ level: string; top: number; height: number }[]>([]);
  const live = useRef({ selected, select, open });
  live.current = { selected, select, open };
  const sigma = useRef<Sigma | undefined>(undefined);

  useEffect(() => {
    if (!box.current) return;
    const colours = COLOURS[scheme];
    const { places, bands: layers, width, height } = layoutMap(nodes);
    // Pixels of one step, when all of it is in sight: no node may be larger than its place.
    const step = Math.min(box.current.clientWidth / (width + 2), box.current.clientHeight / (height + 2));
    const largest = Math.max(SMALLEST_NODE, step * 0.42);
    const graph = new Graph({ multi: false, type: 'directed' });
    for (const node of nodes) {
      const place = places.get(node.id) ?? { x: 0, y: 0 };
      const dimmed = searching && node.matches === 0;
      graph.addNode(node.id, {
        ...place,
        size: Math.min(largest, node.kind === 'group' ? 11 + Math.sqrt(node.devices) * 1.8 : 9),
        label: node.kind === 'group' ? `${node.label} (${node.devices})` : shorten(node.label),
        color: dimmed ? colours['faded'] : (colours[node.level] ?? colours['unknown']),
        forceLabel: nodes.length <= ALL_LABELS || (searching && node.matches > 0 && nodes.length < 300),
        node,
      });
    }
    const thin = Math.max(0.25, Math.min(1, MANY_EDGES / edges.length));
    for (const edge of edges) {
      if (!graph.hasNode(edge.from) || !graph.hasNode(edge.to) || graph.hasDirectedEdge(edge.from, edge.to)) continue;
      graph.addDirectedEdge(edge.from, edge.to, {
        size: thin * Math.min(5, 1.1 + Math.log10(1 + edge.bytes / 1000) * 0.7),
        color: edge.writes > 0 ? colours['writes'] : colours['edge'],
      });
    }
    const renderer = new Sigma(graph, box.current, {
      hideEdgesOnMove: true,
      hideLabelsOnMove: nodes.length > 400,
      labelColor: { color: colours['text'] ?? '#000' },
      labelSize: 12,
      labelFont: 'system-ui, sans-serif',
      labelDensity: 0.9,
      labelGridCellSize: 110,
      labelRenderedSizeThreshold: SMALLEST_NODE,
      minCameraRatio: 0.02,
      maxCameraRatio: 3,
      stagePadding: 40,
      defaultDrawNodeHover: () => undefined,
      nodeReducer: (id, data) => {
        const chosen = live.current.selected;
        if (!chosen || !graph.hasNode(chosen)) return data;
        if (id === chosen)
          return { ...data, highlighted: true, size: data['size'] * 1.25, forceLabel: true, zIndex: 2 };
        return graph.areNeighbors(id, chosen)
          ? { ...data, forceLabel: true }
          : { ...data, color: colours['faded'], label: '', zIndex: 0 };
      },
      edgeReducer: (edge, data) => {
        const chosen = live.current.selected;
        if (!chosen || !graph.hasNode(chosen)) return data;
        return graph.hasExtremity(edge, chosen)
          ? {
              ...data,
              color: data['color'] === colours['writes'] ? data['color'] : colours['near'],
              size: data['size'] + 0.6,
            }
          : { ...data, hidden: true };
      },
    });
    sigma.current = renderer;
    renderer.on('clickNode', ({ node }) => live.current.select(node));
    renderer.on('clickStage', () => live.current.select(undefined));
    renderer.on('doubleClickNode', ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      live.current.open(graph.getNodeAttribute(node, 'node') as MapNode);
    });
    renderer.on('enterNode', () => {
      if (box.current) box.current.style.cursor = 'pointer';
    });
    renderer.on('leaveNode', () => {
      if (box.current) box.current.style.cursor = '';
    });
    const place = (layer: Band) => {
      const top = renderer.graphToViewport({ x: 0, y: layer.top }).y;
      const bottom = renderer.graphToViewport({ x: 0, y: layer.bottom }).y;
      return { level: layer.level, top, height: bottom - top };
    };
    const follow = () => setBands(layers.map(place));
    renderer.on('afterRender', follow);
    follow();
    return () => {
      renderer.kill();
      sigma.current = undefined;
    };
  }, [nodes, edges, scheme, searching]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the reducers read the selection; it only has to be drawn again
  useEffect(() => {
    sigma.current?.refresh({ skipIndexation: true });
  }, [selected]);

  return (
    <div className="map-box">
      {bands.map((band) => (
        <div key={band.level} className="band" style={{ top: band.top, height: band.height }}>
          <span style={{ top: Math.max(0, -band.top) + 4 }}>{levelWord(band.level)}</span>
        </div>
      ))}
      <div
        ref={box}
        className="map-canvas"
        data-testid="map-canvas"
        role="img"
        aria-label={`Map of ${nodes.length} nodes; press t for the same as a table`}
      />
    </div>
  );
}
