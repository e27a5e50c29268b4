import { readPlan } from '../src/model/plan/reader.ts';
import { openingOfJournals } from './journal.ts';
import { openingAgain } from './opening-again.ts';
import { takeTurns, type Variant } from './measure.ts';
import { gains, type Line, type Row } from './row.ts';
import { countOf, planByLibrary } from './plan-by-library.ts';
import type { Scratch } from './scratch.ts';

const TASKS = 10_000;

/** What it costs to open a plan that programs wrote: its text to a checked plan, with the places of what is wrong. */
export const opening = (scratch: Scratch): Row => ({
  number: 11,
  title: `open a plan of ${TASKS} tasks, and a long journal`,
  run: async (rounds) => [
    ...(await openingOfPlans(rounds)),
    ...(await openingAgain(scratch, { text: planText(), rounds })),
    ...(await openingOfJournals(scratch, rounds)),
  ],
});

async function openingOfPlans(rounds: number): Promise<Line[]> {
  const text = planText();
  const turns = { rounds, budget: 30_000, warmUp: true };
  const [ours, library] = await takeTurns<Opened>([ourReader(text), yamlAndZod(text)], turns);
  return [
    {
      row: 11,
      what: `plan of ${TASKS} tasks, cold`,
      against: 'yaml + zod',
      ...gains(ours, library),
      target: { atLeast: 9, unit: 'x' },
    },
  ];
}

function planText(): string {
  const tasks = Array.from({ length: TASKS }, (_, at) =>
    [
      `  - id: task-${at}`,
      `    title: Task number ${at} of the plan`,
      `    description: |`,
      `      Change what module ${at} does: read it, write its test, make it pass.`,
      `      Leave everything else as it is.`,
      `    wave: ${Math.floor(at / 100) + 1}`,
      `    agent: gem-implementer`,
      `    priority: medium`,
      `    status: pending`,
      `    dependencies: [${at < 100 ? '' : `task-${at - 100}`}]`,
      `    scope: [src/module-${at}/]`,
      `    verification:`,
      `      - npm test`,
      `    acceptance_criteria:`,
      `      - The tests of module ${at} pass`,
      '',
    ].join('\n'),
  );
  return `plan_id: large\nobjective: A plan of many tasks\ntasks:\n${tasks.join('')}`;
}

/** How many tasks and dependencies were found. */
interface Opened {
  found: string;
}

const ourReader = (text: string): Variant<Opened> => ({
  name: 'readPlan',
  prepare: () => ({ found: '' }),
  run: (opened) => {
    const { plan } = readPlan(text, 'docs/plan/large/plan.yaml');
    opened.found = countOf(plan?.tasks ?? []);
  },
  answer: ({ found }) => found,
});

const yamlAndZod = (text: string): Variant<Opened> => ({
  name: 'yaml + zod',
  prepare: () => ({ found: '' }),
  run: (opened) => {
    opened.found = countOf(planByLibrary(text).tasks);
  },
  answer: ({ found }) => found,
});
