import { type PGraphNodeMap, PGraph } from 'p-graph';
import PQueue from 'p-queue';
import { Frontier, type Node } from '../src/model/schedule/frontier.ts';
import { takeTurns, type Variant } from './measure.ts';
import { gains, type Line, type Row } from './row.ts';

const TASKS = 10_000;
const LAYERS = 100;
const SLOTS = 16;

/** What it costs to know which task is next, when the tasks cost nothing; each was told the graph before. */
export const scheduler: Row = { number: 8, title: `scheduler, ${TASKS} no-op tasks`, run: measure };

async function measure(rounds: number): Promise<Line[]> {
  const turns = { rounds: rounds * 5, budget: 8_000, warmUp: true, litter: true } as const;
  const [ours, queue] = await takeTurns<Count<unknown>>([frontier(independent()), pQueue(independent())], turns);
  const [layered, graph] = await takeTurns<Count<unknown>>([frontier(inLayers()), pGraph(inLayers())], turns);
  const line = { row: 8 };
  return [
    {
      ...line,
      what: 'independent tasks',
      against: 'p-queue',
      ...gains(ours, queue),
      target: { atLeast: 10, unit: 'x' },
    },
    {
      ...line,
      what: `${LAYERS} layers`,
      against: 'p-graph',
      ...gains(layered, graph),
      target: { atLeast: 50, unit: 'x' },
    },
  ];
}

const node = (at: number, dependencies: readonly string[], layer: number): Node => ({
  id: `task-${at}`,
  dependencies,
  wave: layer + 1,
  priority: 'medium',
  urgency: LAYERS - layer,
});

const independent = (): Node[] => Array.from({ length: TASKS }, (_, at) => node(at, [], 0));

/** Each task needs two of the layer before. */
function inLayers(): Node[] {
  const width = TASKS / LAYERS;
  return Array.from({ length: TASKS }, (_, at) => {
    const layer = Math.floor(at / width);
    const before = (shift: number): string => `task-${(layer - 1) * width + ((at + shift) % width)}`;
    return node(at, layer === 0 ? [] : [before(0), before(7)], layer);
  });
}

/** A scheduler that knows the graph already, and how many tasks it has run: each variant must run them all. */
interface Count<S> {
  scheduler: S;
  ran: number;
}

const counted = <S>(make: (count: { ran: number }) => S): Pick<Variant<Count<S>>, 'prepare' | 'answer'> => ({
  prepare: () => {
    const count = { ran: 0 };
    return Object.assign(count, { scheduler: make(count) });
  },
  answer: ({ ran }) => String(ran),
});

/** As the engine goes about it: fill the slots with what is ready, most urgent first; settle the oldest; again. */
const frontier = (nodes: readonly Node[]): Variant<Count<Frontier>> => ({
  ...counted(() => new Frontier(nodes, false)),
  name: 'frontier',
  run: (count) => {
    const tasks = count.scheduler;
    const working: string[] = [];
    for (let oldest = 0; tasks.unfinished > 0; oldest += 1) {
      fill(tasks, working, oldest + SLOTS);
      const id = working[oldest];
      if (id === undefined) throw new Error('nothing is ready and nothing is at work');
      count.ran += 1;
      tasks.settle(id);
    }
  },
});

function fill(tasks: Frontier, working: string[], most: number): void {
  if (working.length >= most) return;
  tasks.offer((id) => {
    tasks.take(id);
    return working.push(id) < most;
  });
}

/** It knows no graph: the tasks are what it is given. */
const pQueue = (nodes: readonly Node[]): Variant<Count<PQueue>> => ({
  ...counted(() => new PQueue({ concurrency: SLOTS })),
  name: 'p-queue',
  run: async (count) => {
    const { scheduler: queue } = count;
    for (const { urgency } of nodes) void queue.add(async () => void (count.ran += 1), { priority: urgency });
    await queue.onIdle();
  },
});

const pGraph = (nodes: readonly Node[]): Variant<Count<PGraph>> => ({
  ...counted((count) => {
    const run = async (): Promise<void> => void (count.ran += 1);
    const map: PGraphNodeMap = new Map(nodes.map(({ id, urgency }) => [id, { run, priority: urgency }]));
    return new PGraph(
      map,
      nodes.flatMap(({ id, dependencies }) => dependencies.map((needed): [string, string] => [needed, id])),
    );
  }),
  name: 'p-graph',
  run: ({ scheduler: graph }) => graph.run({ concurrency: SLOTS }),
});
