import type { AttemptFailure, Member } from '../run/event.ts';
import { type Baseline, compare, type GateRun } from '../gate.ts';
import { type Candidate, keyOf } from '../run/state.ts';

/** What the merge queue does next with a candidate. Each step adds one fact to it; no step is asked for twice. */
export type Step =
  | { do: 'build'; key: string; members: readonly Member[] }
  | { do: 'gate'; key: string; commit: string; gate: string }
  | { do: 'accept'; commit: string }
  | { do: 'evict'; member: Member; failure: AttemptFailure }
  /** The gate says one thing and then another about the same tree. */
  | { do: 'askFlaky'; gate: string }
  /** The gate is red (or cannot run) on what is merged already: no member is to blame. */
  | { do: 'askTip'; gate: string; run: GateRun }
  /** A reviewer gives no verdict, or one that no member answers for. */
  | { do: 'askReview'; gate: string; text: string }
  /** The gate is a person's word. */
  | { do: 'askLook'; gate: string; text: string; detail: string }
  /** Nothing before a time that is known. */
  | { do: 'wait' }
  /** The gate is content: on with the next. */
  | { do: 'pass' };

/** What follows from a gate that is an agent or a person; undefined for a program. */
export type ReviewStep = (gate: string, commit: string) => Step | undefined;

type Colour = 'green' | 'red' | 'flaky';
type Known = { colour: Colour; run: GateRun } | { step: Step };

/**
 * A merge queue's search (P20): a green candidate is accepted; in a red one the first member is found whose prefix is
 * red while the prefix before it is green, by halving. Red alone, it is its own fault; green alone, the earlier member
 * it does not go with is found by halving again, and both are named.
 *
 * Pure: a function of the facts in the candidate. Ends, because each step adds a fact and the trees are finitely many.
 */
export function nextStep(
  candidate: Candidate,
  baselines: ReadonlyMap<string, Baseline>,
  review: ReviewStep = () => undefined,
): Step {
  const { members, gates } = candidate;
  const tree = treeOf(candidate, members);
  if ('step' in tree) return tree.step;
  for (const gate of gates.filter((name) => !candidate.waived.has(name))) {
    const reviewed = review(gate, tree.commit);
    if (reviewed?.do === 'pass') continue;
    if (reviewed) return reviewed;
    const known = colourOf(candidate, members, { gate, baselines, twice: true });
    if ('step' in known) return known.step;
    if (known.colour === 'flaky') return { do: 'askFlaky', gate };
    if (known.colour === 'red') return blame(candidate, { gate, baselines, run: known.run });
  }
  return { do: 'accept', commit: tree.commit };
}

interface Red {
  gate: string;
  baselines: ReadonlyMap<string, Baseline>;
  run: GateRun;
}

function blame(candidate: Candidate, red: Red): Step {
  const { members } = candidate;
  const tip = colourOf(candidate, [], red);
  if ('step' in tip) return tip.step;
  if (tip.colour === 'red') return { do: 'askTip', gate: red.gate, run: tip.run };
  const prefix = firstRed(candidate, red, (length) => members.slice(0, length), members.length);
  if ('step' in prefix) return prefix.step;
  const culprit = members[prefix.length - 1];
  if (!culprit) throw new Error('a red candidate without members has a red tip');
  if (prefix.length === 1) return evict(culprit, { ...red, run: prefix.run });
  const alone = colourOf(candidate, [culprit], red);
  if ('step' in alone) return alone.step;
  if (alone.colour === 'red') return evict(culprit, { ...red, run: alone.run });
  const pair = firstRed(candidate, red, (length) => [...members.slice(0, length), culprit], prefix.length - 1);
  if ('step' in pair) return pair.step;
  return evictPair(culprit, members[pair.length - 1]?.task ?? '', pair.run);
}

/** The least length at which `list` is red: known red at `longest`, known green at 0. */
function firstRed(
  candidate: Candidate,
  red: Red,
  list: (length: number) => readonly Member[],
  longest: number,
): { length: number; run: GateRun } | { step: Step } {
  let [green, known, run] = [0, longest, red.run];
  while (known - green > 1) {
    const middle = (green + known) >> 1;
    const probe = colourOf(candidate, list(middle), red);
    if ('step' in probe) return probe;
    if (probe.colour === 'green') green = middle;
    else [known, run] = [middle, probe.run];
  }
  return { length: known, run };
}

function treeOf(candidate: Candidate, members: readonly Member[]): { commit: string } | { step: Step } {
  const key = keyOf(members);
  const build = candidate.builds.get(key);
  if (!build) return { step: { do: 'build', key, members } };
  if ('commit' in build) return build;
  const member = members.find(({ task }) => task === build.task) ?? members.at(-1);
  if (!member) throw new Error('a tree without members cannot conflict');
  return { step: { do: 'evict', member, failure: conflict(build) } };
}

function colourOf(
  candidate: Candidate,
  members: readonly Member[],
  { gate, baselines, twice }: { gate: string; baselines: ReadonlyMap<string, Baseline>; twice?: boolean },
): Known {
  const tree = treeOf(candidate, members);
  if ('step' in tree) return tree;
  const key = keyOf(members);
  const runs = candidate.runs.get(key)?.get(gate) ?? [];
  const colours = runs.map((run) => colour(run, baselines.get(gate)));
  const [run] = runs;
  const again: Known = { step: { do: 'gate', key, commit: tree.commit, gate } };
  if (!run) return again;
  if (colours[0] === 'green' || !twice) return { colour: colours[0] ?? 'red', run };
  if (colours.length === 1) return again;
  return { colour: colours[1] === 'green' ? 'flaky' : 'red', run: runs[1] ?? run };
}

function colour(run: GateRun, baseline: Baseline | undefined): 'green' | 'red' {
  const verdict = compare(run, baseline);
  return verdict === 'green' || verdict === 'noWorse' ? 'green' : 'red';
}

const evict = (member: Member, { gate, run }: Red): Step => ({
  do: 'evict',
  member,
  failure: { kind: 'gate', type: 'fixable', message: `gate "${gate}" is red on the merged tree`, run },
});

const evictPair = (member: Member, partner: string, run: GateRun): Step => ({
  do: 'evict',
  member,
  failure: {
    kind: 'together',
    type: 'fixable',
    message: `green alone, but gate "${run.gate}" is red together with "${partner}"`,
    run,
    with: [partner],
  },
});

const conflict = ({ paths, with: others }: { paths: readonly string[]; with: readonly string[] }): AttemptFailure => ({
  kind: 'conflict',
  type: 'fixable',
  message: `merge conflict in ${paths.join(', ')}${others.length > 0 ? ` with "${others.join('", "')}"` : ''}`,
  paths,
  with: others,
});
