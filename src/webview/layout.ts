import { Graph, layout } from '@dagrejs/dagre';

export interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Boxes by their top left corner and lines as points, in pixels. */
export interface Drawing {
  width: number;
  height: number;
  boxes: readonly Box[];
  lines: readonly { from: string; to: string; points: readonly { x: number; y: number }[] }[];
}

const BOX = { width: 184, height: 40 };

interface Placed {
  id: string;
  wave: number;
  dependencies: readonly string[];
}

/** Lays out tasks from left to right, each after all it depends on. Milliseconds for hundreds of tasks. */
export function layOut(tasks: readonly Placed[]): Drawing {
  const graph = new Graph()
    .setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 46, marginx: 8, marginy: 8 })
    .setDefaultEdgeLabel(() => ({}));
  const known = new Set(tasks.map(({ id }) => id));
  for (const { id } of tasks) graph.setNode(id, { ...BOX });
  for (const { id, dependencies } of tasks)
    for (const from of dependencies) if (known.has(from)) graph.setEdge(from, id);
  const unseen = barriers(tasks).filter(([from, to]) => !graph.hasEdge(from, to));
  for (const [from, to] of unseen) graph.setEdge(from, to, { weight: 0 });
  layout(graph);
  for (const [from, to] of unseen) graph.removeEdge(from, to);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width,
    height,
    boxes: tasks.map(({ id }) => {
      const { x = 0, y = 0 } = graph.node(id);
      return { id, x: x - BOX.width / 2, y: y - BOX.height / 2, ...BOX };
    }),
    lines: graph
      .edges()
      .map(({ v, w }: { v: string; w: string }) => ({ from: v, to: w, points: graph.edge(v, w).points ?? [] })),
  };
}

/** A task stands right of the wave before its own, also where it depends on none of it. */
function barriers(tasks: readonly Placed[]): [string, string][] {
  const waves = [...new Set(tasks.map(({ wave }) => wave))].toSorted((a, b) => a - b);
  const first = new Map(waves.map((wave) => [wave, tasks.find((task) => task.wave === wave)?.id]));
  return tasks.flatMap(({ id, wave }): [string, string][] => {
    const before = first.get(waves[waves.indexOf(wave) - 1] ?? Number.NaN);
    return before === undefined ? [] : [[before, id]];
  });
}
