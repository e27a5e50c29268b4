import type { AttemptFailure, Question } from '../run/event.ts';
import { type GateRun, isReview, type ReviewGate } from '../gate.ts';
import { isVerdict, remarkLine, type Review, reviewWords } from '../review.ts';
import type { Step } from '../schedule/queue.ts';
import { type Attempt, attemptOf, type Candidate, keyOf, type RunState, taskOf } from '../run/state.ts';
import { isWhole } from '../run/subject.ts';
import type { Draft } from './draft.ts';
import { learnFromReview, mayReview } from './limits.ts';

/** So often a reviewer that gives no verdict is asked, then a person is. */
const MOST_TRIES = 3;

/**
 * Where a review stands, by its runs so far:
 *
 *     due ─ run ─→ green | red | no verdict ─→ due 2, 4 s later ─ for the third time ─→ mute: a person is asked
 *
 * A usage limit is no try: the agent's breaker holds the review back.
 */
export type Standing = { kind: 'due'; at: number } | { kind: 'green' } | { kind: 'red' | 'mute'; run: GateRun };

/** See Standing. */
export function standingOf(runs: readonly GateRun[]): Standing {
  const run = runs.at(-1);
  const review = run?.review;
  if (!run || !review) return { kind: 'due', at: 0 };
  if (isVerdict(review)) return review.verdict === 'approved' ? { kind: 'green' } : { kind: 'red', run };
  if (review.limit) return { kind: 'due', at: 0 };
  const spoke = runs.findLastIndex((one) => one.review && isVerdict(one.review));
  const tries = runs.slice(spoke + 1).filter((one) => !(one.review && isLimit(one.review))).length;
  if (review.type !== 'transient' || tries >= MOST_TRIES) return { kind: 'mute', run };
  return { kind: 'due', at: review.endedAt + 1000 * 2 ** tries };
}

const isLimit = (review: Review): boolean => !isVerdict(review) && review.limit === true;

/** What a review means for an attempt; `begin`: it is to be asked now. */
export type Reviewed = { do: 'pass' | 'begin' | 'wait' } | { do: 'fail'; failure: AttemptFailure };

/** A review of an attempt's own tree. */
export function reviewAttempt(draft: Draft, attempt: Attempt, gate: ReviewGate): Reviewed {
  const standing = lookAt(draft, opinionsOn(draft.state, attempt, gate.name));
  switch (standing.kind) {
    case 'green':
      return { do: 'pass' };
    case 'red':
      return { do: 'fail', failure: failureOf(standing.run) };
    case 'mute': {
      const { title } = taskOf(draft.state, attempt.task).task;
      const id = `review:${attempt.task}:${attempt.number}:${gate.name}`;
      askPerson(draft, { id, task: attempt.task, gate: gate.name, text: muteText(standing.run, `"${title}"`) });
      return { do: 'wait' };
    }
    case 'due':
      return { do: isDue(draft, gate, standing.at) ? 'begin' : 'wait' };
  }
}

/**
 * Its own runs, else those on the very same tree of an earlier attempt since a person's last word: who changes nothing
 * gets no second opinion, or luck would pass it in the end. Beyond a task nothing is kept: the question is another one.
 */
function opinionsOn(state: RunState, attempt: Attempt, gate: string): readonly GateRun[] {
  const runsOf = ({ gates }: Attempt): GateRun[] => gates.filter((run) => run.gate === gate);
  const own = runsOf(attempt);
  const tree = attempt.result?.tree;
  if (own.length > 0 || tree === undefined) return own;
  const { attempts, countsFrom } = taskOf(state, attempt.task);
  const same = attempts.findLast(
    (one) => one.number > countsFrom && one.number < attempt.number && one.result?.tree === tree,
  );
  return same ? runsOf(same).filter(({ review }) => review && isVerdict(review)) : [];
}

/**
 * A review of a candidate. Who is blamed is told by the places it names, never by halving: asked about a part, a reviewer
 * has another opinion, and each costs. Where nobody can be named a person is asked.
 */
export function reviewStep(draft: Draft, candidate: Candidate, name: string, commit: string): Step | undefined {
  const { state } = draft;
  const gate = state.config.gates.find((one) => one.name === name);
  if (!gate || !isReview(gate)) return undefined;
  const key = keyOf(candidate.members);
  const standing = lookAt(draft, candidate.runs.get(key)?.get(name) ?? []);
  switch (standing.kind) {
    case 'green':
      return { do: 'pass' };
    case 'due':
      return isDue(draft, gate, standing.at) ? { do: 'gate', key, commit, gate: name } : { do: 'wait' };
    case 'mute':
      return { do: 'askReview', gate: name, text: muteText(standing.run, 'what is to be merged') };
    case 'red':
      return blame(state, { candidate, gate }, standing.run);
  }
}

function blame(state: RunState, { candidate, gate }: { candidate: Candidate; gate: ReviewGate }, run: GateRun): Step {
  const { members } = candidate;
  if (members.length === 0) return { do: 'askTip', gate: gate.name, run };
  const files = run.problems.flatMap(({ file, severity }) => (severity === 'error' && file !== undefined ? file : []));
  const named = members.map((member) => {
    const paths = new Set(attemptOf(state, member.task, member.attempt).result?.paths);
    return { member, count: files.filter((file) => paths.has(file)).length };
  });
  const most = Math.max(...named.map(({ count }) => count));
  const only =
    members.length === 1 && (files.length === 0 || !isWhole(state, gate, candidate)) ? members[0] : undefined;
  const culprit = only ?? named.findLast(({ count }) => count > 0 && count === most)?.member;
  if (culprit) return { do: 'evict', member: culprit, failure: failureOf(run) };
  return { do: 'askReview', gate: gate.name, text: `${sayingOf(run)} None of what is to be merged is named in it.` };
}

/** Asks a person how it goes on without a verdict, or with one that nobody's work answers for. */
export function askPerson(draft: Draft, about: Pick<Question, 'id' | 'task' | 'gate' | 'text'>): void {
  draft.ask({
    ...about,
    kind: 'review',
    choices: [
      { id: 'again', label: 'Review it again' },
      { id: 'accept', label: 'Go on without its approval' },
      { id: 'stop', label: 'Stop the run' },
    ],
  });
}

/** What the last run tells of the agent's allowance counts before anything else. */
function lookAt(draft: Draft, runs: readonly GateRun[]): Standing {
  const review = runs.at(-1)?.review;
  if (review) learnFromReview(draft, review);
  return standingOf(runs);
}

function isDue(draft: Draft, { name }: ReviewGate, at: number): boolean {
  if (at > draft.now) draft.wake(at);
  return at <= draft.now && mayReview(draft, draft.state.reviewers[name]?.name ?? '');
}

/** Where it is `blocked` another attempt would not mend it. */
const failureOf = (run: GateRun): AttemptFailure => ({
  kind: 'gate',
  type: run.review?.verdict === 'blocked' ? 'escalate' : 'fixable',
  message: sayingOf(run),
  run,
});

/** `review: needs revision, 2 findings: src/a.ts:3: high: …`. */
function sayingOf({ gate, review }: GateRun): string {
  if (!review || !isVerdict(review)) return `${gate}: no verdict`;
  const [first] = review.remarks;
  const why = first ? remarkLine(first) : review.summary;
  return `${gate}: ${reviewWords(review)}${why === '' ? '' : `: ${why}`}`;
}

const muteText = ({ gate, review }: GateRun, of: string): string =>
  `${gate} of ${of}: ${review?.agent ?? 'its reviewer'} gave no verdict: ${review?.verdict === 'none' ? review.message : ''}`;
