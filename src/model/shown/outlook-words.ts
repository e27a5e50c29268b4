import { percent } from '../crew/strain.ts';
import type { Wait } from './ending.ts';
import type { Because, Idle, Outlook } from './outlook.ts';
import type { Risk } from './risks.ts';
import { listed } from '../text/listed.ts';

/** How times and tasks are written where it is told. */
export interface Clocks {
  /** A time of day. */
  clock: (at: number) => string;
  /** Milliseconds. */
  span: (milliseconds: number) => string;
  /** A task by its id, where people know it by something else. */
  name?: Name;
}

type Name = (task: string) => string;

const asIs: Name = (task) => task;

/** What comes next, a sentence a line, what a person can do about it with it; names are data. */
export function outlookLines({ bottleneck, slow, idle, risks, ...outlook }: Outlook, clocks: Clocks): string[] {
  const { name = asIs } = clocks;
  return [
    `${percent(outlook.progress)} of the work, ${outlook.agents.atWork} of ${outlook.agents.limit} agents at work; ${endingWords(outlook, clocks)}.`,
    ...(bottleneck
      ? [`Most waits for ${name(bottleneck.task)}: ${listed(bottleneck.waiting.map(name))} cannot begin before it.`]
      : []),
    ...slow.map(
      ({ task, took, usual }) =>
        `${name(task)} is at work for ${clocks.span(took)}; nine of ten like it end within ${clocks.span(usual)}. Look at it, or tell its agent something.`,
    ),
    ...(idle ? [idleWords(idle, clocks)] : []),
    ...risks.map((risk) => riskWords(risk, name)),
  ];
}

/** `ends about 15:12, between 15:04 and 15:31`. */
function endingWords({ ending, wait }: Pick<Outlook, 'ending' | 'wait'>, { clock, name }: Clocks): string {
  if (wait) return personWords(wait, name);
  if (!ending) return 'when it ends is not known';
  const [early, likely, late] = [clock(ending.early), clock(ending.likely), clock(ending.late)];
  return early === late ? `ends about ${likely}` : `ends about ${likely}, between ${early} and ${late}`;
}

/** `waits for you: a, b`. */
export function personWords({ tasks, stands }: Wait, name: Name = asIs): string {
  if (!stands) return `ends once you are done with ${listed(tasks.map(name))}`;
  return tasks.length === 0 ? 'waits for you' : `waits for you: ${listed(tasks.map(name))}`;
}

const idleWords = ({ places, since, because }: Idle, { clock, name = asIs }: Clocks): string =>
  `${places === 1 ? 'One place is' : `${places} places are`} free since ${clock(since)}: ${becauseWords(because, name)}.`;

function becauseWords(because: Because, name: Name): string {
  switch (because.of) {
    case 'conflict':
      return `${name(because.task)} may not run beside ${name(because.with)}; narrower scopes would let it`;
    case 'machine':
      return `the next task ${because.words}`;
    case 'wave':
      return `${listed(because.could.map(name))} could begin, and ${because.could.length === 1 ? 'its' : 'their'} wave waits for ${listed(because.waitsFor.map(name))}; in the mode "continuous" none would wait`;
    case 'needs':
      return `all that is left needs ${listed(because.waitsFor.map(name))}`;
  }
}

function riskWords(risk: Risk, name: Name): string {
  switch (risk.of) {
    case 'lastTry':
      return `${name(risk.task)} has no retry left: ${risk.message}`;
    case 'stuck':
      return `${name(risk.task)} is stuck (${risk.why}), and tries another way for the last time.`;
    case 'common':
      return `The same fails in ${listed(risk.tasks.map(name))}: look at what they share before you look at each: ${risk.message}`;
    case 'conflict':
      return `${name(risk.task)} would not merge with ${listed(risk.with.map(name))} as it is; its agent was told.`;
    case 'budget':
      return `${percent(risk.share)} of the budget is spent.`;
  }
}
