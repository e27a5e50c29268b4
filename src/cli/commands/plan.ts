import { resolve } from 'node:path';
import { openSession } from '../../engine/open-session.ts';
import { changesMade, type PlannedFile, plannedFiles, takePlan } from '../../engine/plans/planned.ts';
import { startPlanning } from '../../engine/plans/planning.ts';
import { startReplanning } from '../../engine/plans/replanning.ts';
import { type Meant, readRoute } from '../../engine/plans/routing.ts';
import type { RunRef, RunSession } from '../../engine/session.ts';
import type { Repository } from '../../git/repository.ts';
import { crewLines } from '../../model/crew/crew.ts';
import { ok, refuse, type Result } from '../../model/failure.ts';
import { COMPLEXITIES } from '../../model/plan/objective.ts';
import { PLANNING_TASK } from '../../model/plan/planning.ts';
import { latest, type RunState } from '../../model/run/state.ts';
import { attend } from '../asking/attend.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { pickRun } from '../pick.ts';
import { type PreparedAnswers, readAnswers } from '../asking/prepared-answers.ts';
import { problemLine } from '../shown/problem-line.ts';
import { runPlan } from './run.ts';
import { plain } from '../shown/text.ts';
import { saysYes } from '../asking/yes.ts';

export const plan: Command = {
  summary: 'have an agent plan an objective; the plan then waits for your approval',
  more: `The objective is a text, or - for standard input. The agent works in a worktree of its own: what it made is shown,
and written into the checkout when you say so (--write says so beforehand). Nothing is run before you approve it.
What is complex is looked into first, by up to four researchers; their findings are written beside the plan.
The agent may ask first: at the keyboard, by orchestrate answer, or with --answers, a YAML file of question: answer.
A plan_id or a path goes on with that plan, and "<plan_id>: …" has it made anew for what is said.
With --run a planning that was left is taken up again, and what was made and not written is.

Ends with 0 written (--json), 1 no plan was made, 2 invalid input, 3 waits for a person, 130 cancelled.`,
  places: ['[objective|-]'],
  options: ['run', 'complexity', 'answers', 'write', 'force', 'json', 'wait', 'on-interrupt'],
  run: (call) => inRepository(call, (repository) => planIt(call, repository)),
};

async function planIt(call: Call, repository: Repository): Promise<Result<ExitCode>> {
  const { run, complexity } = call.options;
  const [given] = call.positionals;
  if (given === undefined && run === undefined)
    return refuse('What is to be planned? orchestrate plan "Add a search to the list"');
  if (given === undefined) return withAnswers(call, repository, () => pickRun(repository, run));
  const text = given === '-' ? await call.terminal.read() : given;
  const route = await readRoute(repository, text);
  if (!route.ok) return route;
  if (route.value.kind === 'plan') return goOn(call, repository, route.value);
  if (route.value.kind === 'feedback') {
    const { plan: named, comment } = route.value;
    call.terminal.note(`Taken as a word on ${plain(named.file)}: it is made anew.`);
    return revise(call, repository, { planFile: named.file, comment });
  }
  const how = { complexity: COMPLEXITIES.find((one) => one === complexity), asks: route.value.asks };
  return withAnswers(call, repository, () => startPlanning(repository, text, { by: 'cli', ...how }));
}

/** A plan that is named, and nothing said of it. Where all of it is over only a person knows what is to follow. */
function goOn(
  call: Call,
  repository: Repository,
  { plan: { id, file }, phase }: Meant & { kind: 'plan' },
): Promise<Result<ExitCode>> | Result<ExitCode> {
  if (phase === 'pending') return runPlan(call, repository, { planFile: file });
  const reason = `Every task of ${file} is over. Say what is to be different (orchestrate plan "${id}: …"), or run it again: orchestrate run ${id}`;
  return refuse(reason);
}

/** Has a plan that is there made anew for what a person says of it, and stays with it. */
export const revise = (
  call: Call,
  repository: Repository,
  { planFile, comment = '' }: { planFile: string; comment?: string | undefined },
): Promise<Result<ExitCode>> =>
  withAnswers(call, repository, async () => {
    const begun = await startReplanning(repository, {
      planFile,
      comment,
      by: 'cli',
      more: call.options.force === true,
    });
    if (!begun.ok && begun.failure.kind === 'roundsSpent')
      call.terminal.note('Once more: orchestrate reject --revise --force --comment "…"');
    return begun;
  });

/** What cannot be read in the call is said before anything is begun. */
async function withAnswers(
  call: Call,
  repository: Repository,
  begun: () => Promise<Result<RunRef>>,
): Promise<Result<ExitCode>> {
  const { answers: file } = call.options;
  const answers = file === undefined ? ok(undefined) : await readAnswers(resolve(call.cwd, file), file);
  if (!answers.ok) return answers;
  const ref = await begun();
  if (!ref.ok) return ref;
  const session = await openSession(ref.value, { by: 'cli', runner: call.runner, as: 'drive' });
  if (!session.ok) return session;
  const { state } = session.value;
  if (!state.planning) {
    await session.value.dispose();
    return refuse(`Run ${state.run} makes no plan: orchestrate resume ${state.run}`);
  }
  if (!state.ended && !call.options.json) call.terminal.note(...crewLines(state).map(plain));
  return attendPlanning(call, repository, session.value, answers.value);
}

/** Stays with a planning run to its end; what it made is written, if a person wants that, and then run. */
export async function attendPlanning(
  call: Call,
  repository: Repository,
  session: RunSession,
  answers?: PreparedAnswers,
): Promise<Result<ExitCode>> {
  const attended = await attend(session, call.terminal, call.options, answers);
  if (!attended.ok) return attended;
  const { state } = session;
  if (state.ended?.outcome !== 'merged') {
    call.terminal.note(...whatIsWrong(state));
    if (state.planning?.revises) call.terminal.note(`${plain(state.planning.file)} stays as it was.`);
    return attended;
  }
  const files = await plannedFiles(repository, state);
  if (!files.ok) return files;
  return take(call, repository, { state, files: files.value });
}

/** Each problem of the plan with its place, in the file as its planner left it. */
function whatIsWrong({ tasks, planFile }: RunState): string[] {
  const task = tasks.get(PLANNING_TASK);
  const attempt = task && latest(task);
  const run = attempt?.gates.findLast(({ result }) => result !== 'passed');
  if (!attempt?.path || !run) return [];
  return run.problems.map((problem) => `${attempt.path}/${problemLine(problem, planFile)}`);
}

interface Made {
  state: RunState;
  files: readonly PlannedFile[];
}

async function take(call: Call, repository: Repository, { state, files }: Made): Promise<Result<ExitCode>> {
  const { terminal, options } = call;
  if (!options.json) {
    terminal.print('', ...files.flatMap(fileLines));
    terminal.print(...(await changesMade(repository, state)).map((line) => `     ${plain(line)}`));
  }
  for (const { path, problems } of files) terminal.note(...problems.map((problem) => problemLine(problem, path)));
  if (!(await mayWrite(call, files))) {
    const force = files.some(({ standing }) => standing === 'clash') ? ' --force' : '';
    terminal.note(`Nothing is written. Write it: orchestrate plan --run ${state.run} --write${force}`);
    return ok(EXIT.waiting);
  }
  const taken = await takePlan(repository, files);
  if (!taken.ok) return taken;
  const file = state.planning?.file ?? '';
  if (options.json) {
    const paths = files.map(({ path }) => path);
    terminal.print(JSON.stringify({ type: 'plan.written', run: state.run, plan: file, files: paths }));
    return ok(EXIT.merged);
  }
  return runPlan(call, repository, { planFile: file });
}

const fileLines = ({ path, standing, added = [] }: PlannedFile): string[] => [
  ` ${MARK[standing]}  ${plain(path)}`,
  ...added.map((line) => `     + ${plain(line)}`),
];

const MARK: Record<PlannedFile['standing'], string> = {
  new: 'new      ',
  same: 'as it is ',
  update: 'changed  ',
  clash: 'CONFLICT ',
};

/** A person at the keyboard is asked; else the options say it, and what would be lost takes a word of its own. */
async function mayWrite({ terminal, options }: Call, files: readonly PlannedFile[]): Promise<boolean> {
  const clash = files.filter(({ standing }) => standing === 'clash').map(({ path }) => plain(path));
  if (files.every(({ standing }) => standing === 'same')) return true;
  if (options.write) return clash.length === 0 || options.force === true;
  if (!terminal.interactive || options.json) return false;
  const lost = clash.length > 0 ? ` What ${clash.join(', ')} says now is lost.` : '';
  return saysYes(terminal, `Write into the checkout?${lost}`);
}
