import type { Task } from './plan.ts';

/** A plan that is there, by its id and its file. */
export interface KnownPlan {
  id: string;
  file: string;
  /** A run of it waits for the approval. */
  waits: boolean;
}

/** What a person means by what they typed where an objective is asked for. */
export type Route =
  /** Something new. `asks`: a planner is to ask first, or not at all; absent: as its complexity has it. */
  | { kind: 'objective'; asks?: boolean }
  /** A plan that is there, as it is. */
  | { kind: 'plan'; plan: KnownPlan }
  /** A plan that is there is to be different. */
  | { kind: 'feedback'; plan: KnownPlan; comment: string };

/** Words that lead to a plan and say nothing of it. */
const VERBS =
  /^(?:please\s+)?(?:run|start|begin|execute|continue|resume|open|go on with|carry out)?(?:\s+(?:the\s+)?plan)?$/i;
const QUESTION = /^(?:how (?:should|would|could|can|do) (?:i|we|you)|what(?:'s| is) the best way|which way)\b/i;
/** Said of a plan that waits, without its name. */
const OF_THE_PLAN = /\b(?:the|this|that|your) plan\b/i;

/** A plan that is named is meant, with all else that is said as feedback; else what is said is an objective. */
export function routeOf(text: string, plans: readonly KnownPlan[]): Route {
  const said = text.trim();
  const named = plans.map((plan) => ({ plan, rest: beside(said, plan) })).find(({ rest }) => rest !== undefined);
  if (named) {
    const { plan, rest = '' } = named;
    return VERBS.test(rest) ? { kind: 'plan', plan } : { kind: 'feedback', plan, comment: rest };
  }
  const [waiting, ...others] = plans.filter(({ waits }) => waits);
  if (waiting && others.length === 0 && OF_THE_PLAN.test(said) && !QUESTION.test(said))
    return { kind: 'feedback', plan: waiting, comment: said };
  if (QUESTION.test(said)) return { kind: 'objective', asks: true };
  return isSpecified(said) ? { kind: 'objective', asks: false } : { kind: 'objective' };
}

/** What is said beside the name of a plan; undefined where it is not named. */
function beside(said: string, { id, file }: KnownPlan): string | undefined {
  for (const name of [file, file.replace(/\/plan\.ya?ml$/, ''), id]) {
    const at = said.toLowerCase().indexOf(name.toLowerCase());
    if (at < 0) continue;
    const [before, after] = [said.slice(0, at), said.slice(at + name.length)];
    if (/[\w./-]$/.test(before) || /^[\w/-]|^\.\w/.test(after)) continue;
    const rest = `${before.trim()} ${after.replace(/^[\s:,;.\u2013\u2014-]+/, '')}`.trim();
    // A plan may be called by a word of every day: then it is named where nothing else is said, or before a colon.
    if (isTelling(name) || VERBS.test(rest) || (before === '' && /^\s*:/.test(after))) return rest;
  }
  return undefined;
}

const isTelling = (name: string): boolean => name.includes('/') || /\d{4,}/.test(name);

/** Several things that are to be true: nothing is to be asked before they are planned. */
const isSpecified = (said: string): boolean =>
  (said.match(/^\s*(?:[-*+]|\d+[.)])\s+\S/gm) ?? []).length >= 3 || /^#+\s*acceptance criteria\b/im.test(said);

/** Where a plan stands that is taken up: something is to be done, or only a person can say how it goes on. */
export const phaseOf = (tasks: readonly Pick<Task, 'status'>[]): 'pending' | 'over' =>
  tasks.every(({ status }) => OVER.has(status)) ? 'over' : 'pending';

const OVER: ReadonlySet<string> = new Set(['completed', 'failed', 'blocked']);
