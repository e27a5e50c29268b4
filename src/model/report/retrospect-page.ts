import { code, escaped } from '../text/markdown.ts';
import { decisionCells, type ReportClocks, unresolvedLine } from './page.ts';
import { cut, cutTable, item, section } from './parts.ts';
import type { Again, LookedAt, Retrospect } from './retrospect.ts';

/** What several runs leave together as a document in Markdown, as a report is one. */
export function retrospectPage({ runs, again }: Retrospect, clocks: ReportClocks): string {
  const left = runs.filter(({ unresolved }) => unresolved.length > 0);
  const parts = [
    `# ${runs.length} ${runs.length === 1 ? 'run' : 'runs'} together`,
    runTable(runs, clocks).join('\n'),
    section('Unresolved', left.flatMap(unresolvedOf)),
    section('What people decided', decisionTable(runs, clocks)),
    section('What failed in more than one', cut(again, againLine)),
    section('Next time', cut(runs.flatMap(lessonsOf), item)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const runTable = (runs: readonly LookedAt[], { clock, span }: ReportClocks): string[] =>
  cutTable(['plan', 'run', 'begun', 'is', 'tasks done', 'time', 'retries'], runs, (one) => [
    escaped(one.plan.id),
    code(one.run),
    clock(one.startedAt, 0),
    one.outcome === 'merged' || one.outcome === 'open' ? one.outcome : `**${one.outcome}**`,
    `${one.done} of ${one.tasks}`,
    span(one.wall),
    one.retries === 0 ? '' : String(one.retries),
  ]);

const unresolvedOf = ({ plan, unresolved }: LookedAt, index: number): string[] => [
  ...(index === 0 ? [] : ['']),
  `### ${escaped(plan.id)}`,
  '',
  ...cut(unresolved, unresolvedLine),
];

function decisionTable(runs: readonly LookedAt[], clocks: ReportClocks): string[] {
  const all = runs.flatMap(({ plan, decisions }) => decisions.map((decision) => ({ plan, decision })));
  return cutTable(['plan', 'when', 'what', 'said', 'waited'], all, ({ plan, decision }) => [
    escaped(plan.id),
    ...decisionCells(decision, 0, clocks),
  ]);
}

const againLine = ({ text, times, plans }: Again): string => item(`${text} (${times} times: ${plans.join(', ')})`);

const lessonsOf = ({ plan, lessons }: LookedAt): string[] => lessons.map((lesson) => `${plan.id}: ${lesson}`);
