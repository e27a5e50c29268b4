import { readRun } from '../../engine/runs.ts';
import { ok, refuse, type Result } from '../../model/failure.ts';
import {
  blockersOf,
  diagnose,
  type Diagnosis,
  failedTasks,
  type Option,
  type Remedy,
} from '../../model/run/diagnosis.ts';
import { diagnosisWords, optionWords, REMEDY, revisionWords } from '../../model/shown/diagnosis-words.ts';
import type { RunState, TaskState } from '../../model/run/state.ts';
import { statusOf } from '../../model/run/view.ts';
import { meant } from '../../model/text/nearest.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { pickRun } from '../pick.ts';
import { STATUS_WORD, type Style } from '../shown/style.ts';
import { count, plain, wrap } from '../shown/text.ts';
import { shellWord } from '../../model/text/shell-word.ts';

export const why: Command = {
  summary: 'what made a task fail, whom that holds up, and what can be done about it',
  more: 'Without a task: of each that failed for good. Nothing is done before you choose. With --json: one object.',
  places: ['[task]'],
  options: ['run', 'json'],
  run: (call) =>
    inRepository(call, async (repository) => {
      const ref = await pickRun(repository, call.options.run);
      if (!ref.ok) return ref;
      const state = await readRun(ref.value);
      return state.ok ? tell(call, state.value) : state;
    }),
};

function tell({ terminal, positionals: [name], options }: Call, state: RunState): Result<ExitCode> {
  const tasks = tasksIn(state, name);
  if (!tasks.ok) return tasks;
  const found = diagnose(state, tasks.value, state.at);
  const run = options.run === undefined ? '' : ` --run ${shellWord(options.run)}`;
  if (options.json)
    terminal.print(JSON.stringify({ run: state.run, failures: found.map((one) => objectOf(one, run)) }, undefined, 2));
  else if (found.length === 0) terminal.print('No task has failed for good.');
  else {
    const { columns } = terminal.size();
    const waits =
      name === undefined || tasks.value[0]?.task.id === name ? [] : [`"${plain(name)}" waits for what failed:`, ''];
    const blocks = found.map((one) => diagnosisLines(state, one, { columns, run, style: terminal.style }));
    terminal.print(...waits, ...blocks.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])));
  }
  return ok(EXIT.merged);
}

/** The task that is named, those that block it, or all that failed. */
function tasksIn(state: RunState, name: string | undefined): Result<readonly TaskState[]> {
  if (name === undefined) return ok(failedTasks(state));
  const task = state.tasks.get(name);
  if (!task) return refuse(`There is no task "${name}".${meant(name, state.tasks.keys())}`);
  if (diagnose(state, [task], state.at).length > 0) return ok([task]);
  const blockers = blockersOf(state, name);
  return blockers.length > 0
    ? ok(blockers)
    : refuse(`Nothing went wrong with "${name}": ${STATUS_WORD[statusOf(state, task)]}.`);
}

interface World {
  columns: number;
  /** What commands need to mean this run. */
  run: string;
  style: Style;
}

function diagnosisLines(state: RunState, found: Diagnosis, { columns, run, style }: World): string[] {
  const { task, cause, options } = found;
  const { paint, glyphs } = style;
  const words = diagnosisWords(found);
  const isOver = task.settled?.kind === 'failed';
  const title = plain(task.task.title) === plain(task.task.id) ? '' : `: ${plain(task.task.title)}`;
  const how = isOver ? `failed after ${count(cause.attempts, 'attempt')}` : STATUS_WORD[statusOf(state, task)];
  const [sign, colour] = isOver ? ([glyphs.no, 'red'] as const) : ([glyphs.status.needsRevision, 'yellow'] as const);
  return [
    ` ${paint(colour, sign)} ${paint('bold', `${plain(task.task.id)}${title}`)}, ${how}`,
    ...part('cause', words.cause, columns, style),
    ...part('impact', words.impact, columns, style),
    ...options.flatMap((option, index) => optionLines(found, option, { columns, run, style, isFirst: index === 0 })),
    ...(state.ended && options.length > 0
      ? part(
          '',
          ['The run has ended: after retry, skip or handback it goes on with orchestrate resume'],
          columns,
          style,
        )
      : []),
  ];
}

const INDENT = 12;

/** A word, and lines beside it that are broken where the terminal ends. */
function part(name: string, lines: readonly string[], columns: number, { paint }: Style): string[] {
  const room = Math.max(20, columns - INDENT - 1);
  return lines
    .flatMap((line) => wrap(plain(line), room))
    .map((line, index) => `   ${paint('dim', (index === 0 ? name : '').padEnd(INDENT - 3))}${line}`);
}

function optionLines(
  found: Diagnosis,
  option: Option,
  { columns, run, style, isFirst }: World & { isFirst: boolean },
): string[] {
  const advised = option.because === undefined ? '' : ` (advised: ${option.because})`;
  const name = part(isFirst ? 'options' : '', [`${REMEDY[option.remedy]}${advised}`], columns, style);
  return [
    ...name.map((line) => (advised === '' ? line : style.paint('bold', line))),
    ...part('', [optionWords(option, found.task)], columns, style),
    ...commandsFor(option.remedy, found, run).map((line) => `${' '.repeat(INDENT + 2)}${style.paint('cyan', line)}`),
  ];
}

/** What to type for it. */
function commandsFor(remedy: Remedy, found: Diagnosis, run: string): string[] {
  const task = shellWord(plain(found.task.task.id));
  switch (remedy) {
    case 'retry':
      return [`orchestrate retry ${task}${run} --comment "…"`];
    case 'skip':
      return [`orchestrate skip ${task}${run}`];
    case 'replan':
      return [`orchestrate reject --revise${run} --comment ${shellWord(plain(revisionWords(found)))}`];
    case 'hand':
      return [`orchestrate takeover ${task}${run}`, `orchestrate handback ${task}${run}`];
  }
}

const objectOf = (found: Diagnosis, run: string): object => ({
  task: found.task.task.id,
  source: found.cause.source,
  message: found.cause.failure.message,
  attempts: found.cause.attempts,
  evidence: found.cause.evidence,
  same: found.cause.same,
  ...found.impact,
  options: found.options.map(({ remedy, because, concerns }) => ({
    remedy,
    advised: because !== undefined,
    because,
    concerns,
    commands: commandsFor(remedy, found, run),
  })),
});
