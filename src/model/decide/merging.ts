import type { Member } from '../run/event.ts';
import { nextStep, type Step } from '../schedule/queue.ts';
import { type Attempt, attemptOf, type Candidate, latest, rivalsOf, type RunState, taskOf } from '../run/state.ts';
import { isUsable } from './baseline.ts';
import { type Draft, isMerging } from './draft.ts';
import { failAttempt } from './judge.ts';
import { askForLook, lookStep } from './looking.ts';
import { askPerson, reviewStep } from './reviewing.ts';

/** Takes the merge queue one step further: forms a candidate, or does what its search asks for. */
export function mergeQueued(draft: Draft): void {
  const { state } = draft;
  if (!state.candidate) return form(draft);
  const { candidate } = state;
  const review = (gate: string, commit: string): Step | undefined =>
    lookStep(draft, candidate, { name: gate, commit }) ?? reviewStep(draft, candidate, gate, commit);
  if (!isMerging(state)) take(draft, candidate, nextStep(candidate, state.baselines, review));
}

/** Forms a candidate without members to try the final gates on what is merged. */
export const checkTip = (draft: Draft): void =>
  draft.conclude({
    type: 'candidate.formed',
    candidate: draft.state.candidates + 1,
    onto: draft.state.integration,
    members: [],
    gates: gatesOn(draft.state, 'final'),
  });

export const gatesOn = (state: RunState, ...moments: readonly ('merge' | 'wave' | 'final')[]): string[] =>
  state.config.gates
    .filter(({ name, on }) => moments.some((moment) => on.includes(moment)) && isUsable(state, name))
    .map(({ name }) => name);

function form(draft: Draft): void {
  const { state } = draft;
  const waves = [...state.queued];
  if (waves.length === 0) return;
  const left = waves.reduce((rest, [, { size }]) => rest - size, state.frontier.unfinished);
  // With the queued merged, is a wave of theirs over?
  const waveDone = waves.some(([wave, { size }]) => state.frontier.unfinishedIn(wave) === size);
  const held = !waveDone && left > 0 && holds(state);
  if (held && !isWaitedFor(state)) return;
  const moments = [...(waveDone || held ? ['wave' as const] : []), ...(left === 0 ? ['final' as const] : [])];
  draft.conclude({
    type: 'candidate.formed',
    candidate: state.candidates + 1,
    onto: state.integration,
    members: inPlanOrder(state),
    gates: gatesOn(state, 'merge', ...moments),
  });
}

function inPlanOrder({ graph, queued }: RunState): readonly Member[] {
  const order = ({ task }: Member): number => graph.order.get(task) ?? 0;
  const attempts = [...queued.values()].flatMap((ofWave) => [...ofWave]);
  return attempts.flatMap(memberOf).toSorted((a, b) => order(a) - order(b));
}

const memberOf = ({ task, number, stage }: Attempt): Member[] =>
  stage.at === 'queued' ? [{ task, attempt: number, commit: stage.commit }] : [];

/**
 * A task conflicts with one that is queued, so it starts only when that is merged. Its wave is the same, or an earlier one
 * that was opened again.
 */
function isWaitedFor(state: RunState): boolean {
  return [...state.contested].some(({ task }) => {
    const { wave } = taskOf(state, task);
    return [...rivalsOf(state, task)].some((id) => {
      const other = taskOf(state, id);
      const isQueued = latest(other)?.stage.at === 'queued';
      return other.wave <= wave && !other.settled && !isQueued && !state.frontier.isBlocked(id);
    });
  });
}

/** With barriers, a wave's results wait for each other when a gate looks at the wave as a whole: so it can be bisected. */
const holds = (state: RunState): boolean => state.config.mode !== 'continuous' && gatesOn(state, 'wave').length > 0;

function take(draft: Draft, candidate: Candidate, step: Step): void {
  switch (step.do) {
    case 'build':
      return draft.intend({
        type: 'candidate.intended',
        candidate: candidate.number,
        key: step.key,
        onto: candidate.onto,
        members: step.members,
      });
    case 'gate':
      return draft.job({
        kind: 'candidateGate',
        gate: step.gate,
        candidate: candidate.number,
        key: step.key,
        commit: step.commit,
      });
    case 'accept':
      return accept(draft, candidate, step.commit);
    case 'evict':
      return evict(draft, candidate, step);
    case 'askFlaky':
      return ask(draft, candidate, {
        gate: step.gate,
        kind: 'flaky',
        text: `Gate "${step.gate}" passed and failed on the same tree.`,
      });
    case 'askReview': {
      const { gate, text } = step;
      return askPerson(draft, { id: `review:${candidate.number}:${gate}`, gate, text });
    }
    case 'askLook': {
      const { gate, text, detail } = step;
      return askForLook(draft, { id: `look:${candidate.number}:${gate}`, gate, text, detail });
    }
    case 'wait':
    case 'pass':
      return;
    case 'askTip':
      if (candidate.members.length === 0) {
        return draft.conclude({
          type: 'candidate.dissolved',
          candidate: candidate.number,
          reason: `gate "${step.gate}" is red`,
        });
      }
      return ask(draft, candidate, {
        gate: step.gate,
        kind: 'final',
        text: `Gate "${step.gate}" is red on what is merged already, whatever is added.`,
      });
  }
}

function accept(draft: Draft, candidate: Candidate, commit: string): void {
  if (candidate.members.length === 0) {
    return draft.conclude({ type: 'candidate.dissolved', candidate: candidate.number, reason: 'green' });
  }
  draft.intend({ type: 'merge.intended', candidate: candidate.number, old: candidate.onto, new: commit });
}

/** The rest is tried again without the evicted one, under the same gates. */
function evict(draft: Draft, candidate: Candidate, { member, failure }: Step & { do: 'evict' }): void {
  failAttempt(draft, attemptOf(draft.state, member.task, member.attempt), failure);
  const rest = candidate.members.filter(({ task }) => task !== member.task);
  if (rest.length === 0) {
    return draft.conclude({ type: 'candidate.dissolved', candidate: candidate.number, reason: failure.message });
  }
  draft.conclude({
    type: 'candidate.formed',
    candidate: candidate.number + 1,
    onto: candidate.onto,
    members: rest,
    gates: candidate.gates,
  });
}

function ask(
  draft: Draft,
  candidate: Candidate,
  { gate, kind, text }: { gate: string; kind: 'flaky' | 'final'; text: string },
): void {
  const again = kind === 'flaky' ? [{ id: 'again', label: 'Run it again' }] : [];
  draft.ask({
    id: `${kind}:${candidate.number}:${gate}`,
    kind,
    gate,
    text,
    choices: [{ id: 'accept', label: 'Merge all the same' }, ...again, { id: 'stop', label: 'Stop the run' }],
  });
}
