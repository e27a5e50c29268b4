import type { RawConfig, RawGate } from './schema.ts';
import type { Config } from './config.ts';
import { isMatcherName, MATCHER_NAMES } from './matcher-names.ts';
import { meant } from '../text/nearest.ts';
import type { Path, Problem, Severity } from '../text/problem.ts';
import { scopeFault } from '../schedule/scope.ts';

/** Makes a problem at a place in the file; an error unless said otherwise. */
export type Locate = (path: Path, message: string, severity?: Severity) => Problem;

/** What the shape of a configuration alone cannot say: names that must be known, places, branch names. */
export function checkConfig(config: Config, raw: RawConfig, locate: Locate): Problem[] {
  return [
    ...checkGates(config, locate),
    ...checkReviews(raw, locate),
    ...checkFolder(config, raw, locate),
    ...checkBranch(config, locate),
    ...checkGlobs(config, raw, locate),
    ...checkPush(config, locate),
  ];
}

function* checkGates(config: Config, locate: Locate): Generator<Problem> {
  for (const gate of config.gates) {
    const path = ['gates', gate.name];
    if (gate.name.trim() === '') yield locate(path, 'A gate has no name. Give it one.');
    for (const [i, matcher] of gate.problems.entries()) {
      if (typeof matcher !== 'string' || isMatcherName(matcher)) continue;
      const hint = meant(matcher, MATCHER_NAMES) || ` Known: ${MATCHER_NAMES.join(', ')}.`;
      yield locate([...path, 'problems', i], `There is no problem matcher "${matcher}".${hint}`);
    }
    const fault = gate.report?.file === undefined ? undefined : scopeFault(gate.report.file);
    if (fault) yield locate([...path, 'report', 'file'], `The report's path ${fault}.`);
  }
}

/** Keys of one kind of gate that say nothing of another. */
function* checkReviews({ gates = {} }: RawConfig, locate: Locate): Generator<Problem> {
  for (const [name, gate] of Object.entries(gates)) {
    for (const key of strangeTo(gate)) {
      const why = OF_REVIEWS.some((one) => one === key) ? 'an agent' : 'a command';
      if (gate[key] !== undefined)
        yield locate(
          ['gates', name, key],
          `"${key}" counts for nothing here: it is for a gate with ${why}.`,
          'warning',
        );
    }
  }
}

function strangeTo({ agent, ask }: RawGate): readonly (keyof RawGate)[] {
  if (ask !== undefined) return [...OF_REVIEWS, ...OF_PROGRAMS, 'timeout', 'on_failure'];
  return agent === undefined ? OF_REVIEWS : OF_PROGRAMS;
}

const OF_REVIEWS = ['depth', 'prompt', 'model', 'effort'] as const;
const OF_PROGRAMS = ['problems', 'report'] as const;

/** Only a folder with a dot is left alone by watchers, searches and test runners without being told. */
function* checkFolder(config: Config, raw: RawConfig, locate: Locate): Generator<Problem> {
  const { folder } = config.worktrees;
  const path = ['worktrees', 'folder'];
  const fault = scopeFault(raw.worktrees?.folder ?? folder);
  const first = folder.split('/')[0] ?? '';
  if (fault) yield locate(path, `The folder of the worktrees ${fault}.`);
  else if (/[*?[\]{}!]/.test(folder)) yield locate(path, 'The folder of the worktrees is a name, not a pattern.');
  else if (first === '.git') yield locate(path, 'The folder of the worktrees cannot be inside .git. Use .worktrees.');
  else if (!/^\.[^./]/.test(first)) {
    yield locate(
      path,
      `The folder "${folder}" would be watched, searched and tested. Use a name that starts with a dot, such as .worktrees.`,
    );
  }
}

function* checkBranch(config: Config, locate: Locate): Generator<Problem> {
  const path = ['worktrees', 'branch'];
  const { branch } = config.worktrees;
  if (!branch.includes('{name}'))
    yield locate(path, 'The branch pattern lacks {name}, which makes each branch its own. Add it.');
  const unknown = /\{(?!name\}|task\})[^}]*\}?/.exec(branch);
  if (unknown) yield locate(path, `"${unknown[0]}" is not known in a branch pattern. Use {name} and {task}.`);
  else if (!isRefName(branch.replaceAll('{name}', 'name').replaceAll('{task}', 'task'))) {
    yield locate(
      path,
      `"${branch}" does not make a name that git takes for a branch. Use letters, digits, "-" and "/".`,
    );
  }
}

function* checkPush({ push }: Config, locate: Locate): Generator<Problem> {
  if (!push) return;
  if (!isRemoteName(push.remote))
    yield locate(['push', 'remote'], `"${push.remote}" is no name of a remote. Name one that git remote lists.`);
  for (const [i, branch] of push.branches.entries()) {
    const unknown = /\{(?!plan_id\}|run\})[^}]*\}?/.exec(branch);
    if (unknown)
      yield locate(
        ['push', 'branch', i],
        `"${unknown[0]}" is not known in a branch to push to. Use {plan_id} and {run}.`,
      );
    else if (!isRefName(branch.replaceAll(/\{plan_id\}|\{run\}/g, 'name')))
      yield locate(['push', 'branch', i], `"${branch}" does not make a name that git takes for a branch.`);
  }
}

/** No address, and no option. */
export const isRemoteName = (name: string): boolean => /^[\w][\w./-]*$/.test(name) && !name.includes('..');

/** The rules of `git check-ref-format --branch`. */
export function isRefName(name: string): boolean {
  if (name === '' || name === '@' || name.startsWith('-') || name === 'HEAD') return false;
  // oxlint-disable-next-line no-control-regex -- git's own list
  if (/[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|^\/|\/$|\.$/.test(name)) return false;
  return name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'));
}

function* checkGlobs(config: Config, raw: RawConfig, locate: Locate): Generator<Problem> {
  for (const [path, globs] of globLists(config)) {
    for (const [i, glob] of globs.entries()) {
      const fault = scopeFault(glob);
      if (fault) yield locate([...path, i], `"${glob}" ${fault}.`);
    }
  }
  for (const { files, place } of raw.protected ?? []) {
    const fault = scopeFault(files);
    if (fault) yield locate(['protected', place], `"${files}" ${fault}.`);
  }
}

const globLists = ({ worktrees, guard, agents }: Config): [Path, readonly string[]][] => [
  [['worktrees', 'copy'], worktrees.copy],
  [['guard', 'exempt'], guard.exempt],
  ...Object.entries(agents.roles).map(([role, { may_change: files = [] }]): [Path, readonly string[]] => [
    ['agents', 'roles', role, 'may_change'],
    files,
  ]),
];
