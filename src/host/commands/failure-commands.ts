import * as vscode from 'vscode';
import type { RunSession } from '../../engine/session.ts';
import { blockersOf, diagnose, type Diagnosis, type Option, type Remedy } from '../../model/run/diagnosis.ts';
import { diagnosisWords, optionWords, REMEDY, revisionWords } from '../../model/shown/diagnosis-words.ts';
import type { TaskState } from '../../model/run/state.ts';
import type { Choice } from '../asking/asking.ts';
import type { CommandId } from '../contributions.ts';
import type { Handlers, Parts } from '../parts.ts';
import { targetOf } from '../target.ts';
import { firstLine } from '../../model/text/headline.ts';
import { onOneLine, titleIn } from '../words.ts';

export const failureCommands = (parts: Parts): Pick<Handlers, 'orchestrate.whatWentWrong'> => ({
  'orchestrate.whatWentWrong': (argument) => whatWentWrong(parts, argument),
});

/** Says why a task failed and whom that holds up, and leads to what can be done; nothing is done before it is chosen. */
async function whatWentWrong(parts: Parts, argument: unknown): Promise<void> {
  const { finding, asking } = parts;
  const none = vscode.l10n.t('No task has failed.');
  const target = targetOf(argument);
  // What waits for one that failed has no cause of its own; asked about itself, it leads to the one that has.
  const isMeant = ({ state }: RunSession, { settled }: TaskState): boolean =>
    (target.run === undefined || state.run === target.run) && settled?.kind === 'failed';
  const found = await finding.task(target, isMeant, none);
  if (!found) return;
  const diagnosis = await diagnosisOf(found, parts);
  if (!diagnosis) return void (await asking.tell('info', none));
  const { task } = diagnosis.task;
  const title = vscode.l10n.t('What went wrong with "{0}"', task.title);
  const chosen = await asking.pick(title, choicesOf(inTitles(diagnosis, titleIn(found.session.state))));
  if (chosen === undefined) return;
  const text = chosen === 'replan' ? await wordsToPlanner(diagnosis, parts) : '';
  if (text === undefined) return;
  const about = { run: found.session.state.run, task: task.id };
  await vscode.commands.executeCommand(COMMAND[chosen], { target: about, ...(text === '' ? {} : { text }) });
}

/** Of the task, or of the one that it waits for. */
async function diagnosisOf(
  { session: { state }, task }: { session: RunSession; task: TaskState },
  { asking }: Parts,
): Promise<Diagnosis | undefined> {
  const failed = task.settled ? [task] : blockersOf(state, task.task.id);
  const found = diagnose(state, failed, state.at);
  if (found.length < 2) return found[0];
  const title = vscode.l10n.t('"{0}" waits for several that failed', task.task.title);
  return asking.pick(
    title,
    found.map((value) => ({
      label: value.task.task.title,
      detail: firstLine(value.cause.failure.message),
      icon: 'error',
      value,
    })),
  );
}

/** People know tasks by their titles: of the ids only the task's own is needed any more. */
const inTitles = ({ task, cause, impact, options }: Diagnosis, name: (id: string) => string): Diagnosis => ({
  task,
  cause: { ...cause, same: cause.same.map(name) },
  impact: { ...impact, waiting: impact.waiting.map(name) },
  options: options.map((option) => ({ ...option, concerns: option.concerns.map(name) })),
});

/** What happened, then what can be done, the advised first. */
function choicesOf(diagnosis: Diagnosis): Choice<Remedy | 'show'>[] {
  const { cause, impact } = diagnosisWords(diagnosis);
  const [first = '', ...evidence] = cause.map(onOneLine);
  const told = {
    label: first,
    detail: [evidence.join(' · '), ...impact].filter(Boolean).join(' '),
    icon: 'error',
    value: 'show' as const,
  };
  const options = diagnosis.options.toSorted(
    (a, b) => Number(b.because !== undefined) - Number(a.because !== undefined),
  );
  return [told, ...options.map((option) => choiceOf(option, diagnosis.task))];
}

const choiceOf = (option: Option, task: TaskState): Choice<Remedy> => ({
  label: REMEDY[option.remedy],
  ...(option.because === undefined ? {} : { description: vscode.l10n.t('advised: {0}', option.because) }),
  detail: optionWords(option, task),
  icon: ICON[option.remedy],
  value: option.remedy,
});

const ICON: Record<Remedy, string> = { retry: 'refresh', skip: 'debug-step-over', replan: 'list-tree', hand: 'person' };

const COMMAND: Record<Remedy | 'show', CommandId> = {
  show: 'orchestrate.openTerminal',
  retry: 'orchestrate.retry',
  skip: 'orchestrate.skip',
  replan: 'orchestrate.revisePlan',
  hand: 'orchestrate.takeOver',
};

/** A person may say it otherwise; what failed is told to the planner in any case. */
const wordsToPlanner = (diagnosis: Diagnosis, { asking }: Parts): Promise<string | undefined> =>
  asking.input({
    title: vscode.l10n.t('Have the plan made anew'),
    prompt: vscode.l10n.t('What should be different? A planner makes the plan anew, and you see what changed.'),
    required: true,
    value: revisionWords(diagnosis),
  });
