import type { Assignment } from './assignment.ts';
import type { Choice } from './auto.ts';

/** What keeps an agent in its worktree, on this machine and with these settings. */
export interface Containment {
  /** `system`: the operating system; `rules`: its own rules; `none`: nothing. */
  kind: 'system' | 'rules' | 'none';
  /** For a person who is about to say yes to it. */
  words: string;
}

/** One agent that a run uses. */
export interface CrewMember {
  agent: string;
  tasks: number;
  /** Those that it reviews as. */
  gates: readonly string[];
  /** Models of its tasks and how many have each, most first; without one it takes its own default. */
  models: readonly { model: string; tasks: number }[];
  /** Absent where a person does it. */
  containment?: Containment;
}

/** What the agents of a run are known by: as concluded when it was made. */
export interface Crewed {
  /** By task. */
  agents: Readonly<Record<string, Assignment>>;
  /** By gate. */
  reviewers: Readonly<Record<string, Assignment>>;
  /** By agent. */
  containment: Readonly<Record<string, Containment>>;
  auto?: Choice;
  notes: readonly string[];
}

/** The agents of a run, those with most tasks first, then those that only review. */
export function crewOf({ agents, reviewers, containment }: Crewed): CrewMember[] {
  const all = Object.values(agents);
  const busy = counted(all.map(({ name }) => name));
  const isBusy = (agent: string): boolean => busy.some(([name]) => name === agent);
  const others = new Set(Object.values(reviewers).flatMap(({ name }) => (isBusy(name) ? [] : name)));
  return [...busy, ...[...others].map((name): [string, number] => [name, 0])].map(([agent, tasks]): CrewMember => {
    const kept = containment[agent];
    const models = counted(all.flatMap(({ name, model }) => (name === agent && model !== undefined ? [model] : [])));
    return {
      agent,
      tasks,
      gates: Object.entries(reviewers).flatMap(([gate, { name }]) => (name === agent ? gate : [])),
      models: models.map(([model, number]) => ({ model, tasks: number })),
      ...(kept ? { containment: kept } : {}),
    };
  });
}

/** Each word with how often it is there, the most frequent first. */
function counted(words: readonly string[]): [string, number][] {
  const numbers = new Map<string, number>();
  for (const word of words) numbers.set(word, (numbers.get(word) ?? 0) + 1);
  return [...numbers].toSorted(([, a], [, b]) => b - a);
}

/** A line for each agent, what `auto` came to, and what was noticed. */
export const crewLines = (crewed: Crewed): string[] => [
  ...crewOf(crewed).map(crewLine),
  ...autoLines(crewed),
  ...crewed.notes.map((note) => `warning: ${note}`),
];

/** What `auto` came to, where a task asked for it. */
export const autoLines = ({ auto }: Crewed): string[] => (auto ? [`auto is ${auto.agent}: ${auto.because}.`] : []);

/** Who, how much of it, with which models, and what keeps it in. */
export function crewLine({ agent, tasks, gates, models, containment }: CrewMember): string {
  const which = models.length === 0 ? '' : ` (${models.map(({ model, tasks: n }) => `${model} ${n}`).join(', ')})`;
  const reviews = gates.length === 0 ? [] : [`reviews for the gate "${gates.join('", "')}"`];
  const works = tasks === 0 ? [] : [`${tasks === 1 ? '1 task' : `${tasks} tasks`}${which}`];
  const what = `${agent}: ${[...works, ...reviews].join(', ')}`;
  return containment ? `${what}. ${holds(containment)}` : what;
}

/** As a sentence; a warning where nothing does. */
export const holds = ({ kind, words }: Containment): string => `${HOLDS[kind]} it in its worktree: ${words}.`;

const HOLDS = {
  system: 'The operating system keeps',
  rules: 'Only its own rules keep',
  none: 'Warning: nothing keeps',
} as const;
