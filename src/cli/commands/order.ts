import { isDriven } from '../../engine/driven.ts';
import { openSession } from '../../engine/open-session.ts';
import type { RunSession } from '../../engine/session.ts';
import { until } from '../../engine/until.ts';
import { describe, ok, refuse, type Result } from '../../model/failure.ts';
import { meant } from '../../model/text/nearest.ts';
import type { Wish } from '../../model/run/order.ts';
import type { RunState } from '../../model/run/state.ts';
import { attention, type Attention, hashInQuestion } from '../../model/run/view.ts';
import { answersTo } from '../asking/answers.ts';
import type { OptionName, Options } from '../arguments.ts';
import type { Call, Command } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { openRun } from '../pick.ts';
import { revise } from './plan.ts';
import { plain } from '../shown/text.ts';
import { shellWord } from '../../model/text/shell-word.ts';

/** Makes the wish of a call from the state it is about; refused in words where it cannot be one. */
type Wishing = (
  state: RunState,
  given: { what: string | undefined; second: string | undefined; options: Options },
) => Result<Wish>;

/** A command that says one thing to a run, whoever drives it, and ends. */
const ordering = (
  summary: string,
  places: readonly string[],
  wishing: Wishing,
  options: readonly OptionName[] = [],
): Command => ({
  summary,
  places,
  options: ['run', ...options],
  run: (call) => give(call, wishing, places[0] === '[run]' ? call.positionals[0] : undefined),
});

const task =
  (type: 'retry' | 'skip' | 'done' | 'interrupt'): Wishing =>
  (state, { what = '', options: { comment } }) => {
    const unknown = state.tasks.has(what) ? undefined : `There is no task "${what}".${meant(what, state.tasks.keys())}`;
    if (unknown !== undefined) return refuse(unknown);
    const said = comment === undefined || type === 'done' || type === 'interrupt' ? {} : { comment };
    return ok({ type, task: what, ...said });
  };

export const cancel = ordering(
  'stop the agents and end the run',
  ['[run]'],
  (_, { options: { rollback } }) => ok({ type: 'cancel', ...(rollback ? { rollback } : {}) }),
  ['rollback'],
);
export const pause = ordering('start nothing new; what is at work goes on', ['[run]'], () => ok({ type: 'pause' }));
export const retry = ordering('give a failed or skipped task another chance', ['<task>'], task('retry'), ['comment']);
export const skip = ordering('go on without a task', ['<task>'], task('skip'), ['comment']);
export const done = ordering('mark a manual task done', ['<task>'], task('done'));

export const handback = ordering('give a task that was taken over back to the run', ['<task>'], task('done'));
export const interrupt = ordering('stop what an agent does at this moment', ['<task>'], task('interrupt'));

export const tell = ordering(
  "say something to a task's agent: now where it can listen, else at its next turn",
  ['<task>', '<text>'],
  (state, { what = '', second = '', options }) => {
    const known = task('interrupt')(state, { what, second, options });
    return known.ok ? ok({ type: 'tell', task: what, text: second }) : known;
  },
);

export const approve = ordering(
  'approve the plan, or say yes to what is asked',
  ['[task|question]'],
  (state, { what, options }) => {
    const item = askedItem(state, what);
    return item.ok ? yes(item.value, state, options) : item;
  },
  ['baseline', 'comment'],
);

const decline = ordering(
  'reject the plan, or say no to what is asked',
  ['[task|question]'],
  (state, { what, options }) => {
    const item = askedItem(state, what);
    return item.ok ? no(item.value, state, options) : item;
  },
  ['comment', 'revise', 'write', 'force', 'answers', 'json', 'wait', 'on-interrupt'],
);

export const reject: Command = {
  ...decline,
  more: `With --revise the plan goes back to a planner with the comment: what it makes is shown, and written into the checkout
when you say so (--write says so beforehand). Until then the plan stands, and its run waits. It is made anew as often as
planning.rounds of orchestrate.yaml allows, and once more with --force.`,
  run: (call) => (call.options.revise ? reviseNamed(call) : decline.run(call)),
};

/** Of the run that is meant, or of the plan that is named. */
async function reviseNamed(call: Call): Promise<Result<ExitCode>> {
  const [what] = call.positionals;
  const session = await openRun(call, 'follow', what === 'plan' ? undefined : what);
  if (!session.ok) return session;
  const { state, ref } = session.value;
  await session.value.dispose();
  if (!state.planning) return revise(call, ref.repository, { planFile: state.planFile, comment: call.options.comment });
  const reason = `Run ${state.run} makes a plan: take it first (orchestrate plan --run ${state.run}), then say what should be different.`;
  return refuse(reason);
}

export const answer = ordering(
  'answer a question with one of its choices',
  ['<question>', '<choice>'],
  (state, { what = '', second = '', options: { comment } }) => {
    const items = asked(state);
    if (items.length > 0 && items.every(({ id }) => id !== what)) return refuse(nothingWaits(items, what));
    return ok({ type: 'answer', question: what, choice: second, ...(comment ? { comment } : {}) });
  },
  ['comment'],
);

async function give(call: Call, wishing: Wishing, run: string | undefined): Promise<Result<ExitCode>> {
  const session = await openRun(call, 'follow', run);
  if (!session.ok) return session;
  const [what, second] = call.positionals;
  const wish = wishing(session.value.state, { what, second, options: call.options });
  const given = wish.ok ? await session.value.order(wish.value) : wish;
  if (given.ok && wish.ok) call.terminal.print(said(wish.value, session.value));
  await session.value.dispose();
  if (given.ok && wish.ok) await withoutDriver(call, wish.value, session.value);
  return given.ok ? ok(EXIT.merged) : given;
}

/** What follows where nobody drives the run. A cancel is seen through from here, else its agents would work on; a rollback too. */
export async function withoutDriver(call: Call, { type }: Wish, { ref, state }: RunSession): Promise<void> {
  if (state.ended || (await isDriven(ref))) return;
  if (type !== 'cancel' && type !== 'rollback')
    return call.terminal.note(`Nobody drives the run now. Take it up: orchestrate resume ${ref.run}`);
  const session = await openSession(ref, { by: 'cli', runner: call.runner, as: 'drive' });
  if (!session.ok) return call.terminal.note(describe(session.failure));
  if (type === 'rollback') await until(session.value, isBack);
  // What stays is merged again meanwhile; agents at work go on by themselves.
  if (type === 'cancel' || !isAtWork(session.value)) await session.value.atRest();
  const { ended, paused } = session.value.state;
  await session.value.dispose();
  if (ended && type === 'cancel') call.terminal.print('no agent is at work any more');
  else if (paused) call.terminal.note(`It stands still: ${plain(paused.reason)}`);
}

const isAtWork = ({ state }: RunSession): boolean => [...state.live].some(({ stage }) => stage.at === 'working');

/** Nothing is being taken back any more, or that cannot be done now. */
const isBack = ({ rollback, paused }: RunState): boolean => !rollback || paused !== undefined;

const said = (wish: Wish, { ref }: RunSession): string =>
  `${wish.type}${'task' in wish ? ` ${plain(wish.task)}` : ''}: noted in run ${ref.run}`;

/** What waits under this name: a question's id, its task's, or "plan"; without a name the plan, else the only question. */
function askedItem(state: RunState, what: string | undefined): Result<Attention> {
  const items = asked(state);
  const named = items.filter(
    ({ id, task: about, kind }) =>
      what === undefined || id === what || about === what || (what === 'plan' && kind === 'approval'),
  );
  const [item, ...others] = named;
  if (item === undefined) return refuse(nothingWaits(items, what));
  const plan = what === undefined ? named.find(({ kind }) => kind === 'approval') : undefined;
  if (plan) return ok(plan);
  if (others.length === 0) return ok(item);
  return refuse(`Several things are asked; name one: ${named.map(({ id }) => shellWord(id)).join(', ')}`);
}

const asked = (state: RunState): Attention[] =>
  attention(state).filter(({ kind }) => kind !== 'manual' && kind !== 'taken' && kind !== 'paused');

const nothingWaits = (items: readonly Attention[], what: string | undefined): string =>
  what === undefined || items.length === 0
    ? 'Nothing waits for an approval.'
    : `Nothing that waits is called "${what}": ${items.map(({ id }) => shellWord(id)).join(', ')}`;

function yes(item: Attention, state: RunState, { baseline, comment }: Options): Result<Wish> {
  const planHash = hashInQuestion(state);
  const more = comment ? { comment } : {};
  if (item.kind === 'approval') return ok({ type: 'approve', planHash, ...(baseline ? { baseline } : {}), ...more });
  return choose(item, ['accept'], more);
}

function no(item: Attention, state: RunState, { comment }: Options): Result<Wish> {
  if (item.kind === 'approval') return ok({ type: 'reject', planHash: hashInQuestion(state), comment: comment ?? '' });
  return choose(item, ['reject', 'stop'], comment ? { comment } : {});
}

/** The choice that says just this. What has more sides than yes and no is answered by name. */
function choose(item: Attention, wanted: readonly string[], more: { comment?: string }): Result<Wish> {
  const choice = item.choices.find(({ id }) => wanted.includes(id));
  if (choice && item.kind !== 'escalated') return ok({ type: 'answer', question: item.id, choice: choice.id, ...more });
  const lines = answersTo(item).map((line) => `  ${line}`);
  return refuse(['This takes more than yes or no. One of:', ...lines].join('\n'));
}
