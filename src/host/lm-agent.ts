import * as vscode from 'vscode';
import type { HostedAttempt } from '../agents/agent.ts';
import { stoppedOutcome } from '../agents/outcome.ts';
import type { AgentOutcome } from '../model/job.ts';
import { failureOfModel } from './lm-failure.ts';
import { findModel, nameOfModel } from './lm-models.ts';
import { FINISH, toolsFor, useTool } from './lm-tools.ts';
import { shortened } from './lm-messages.ts';

/**
 * One attempt with a language model of the editor: it is told the task and given tools of ours, and asked again with
 * what they answered until it says that it has finished. Tools of other extensions are not offered.
 */
export async function workWithModel(attempt: HostedAttempt): Promise<AgentOutcome> {
  const { request, stop, tell } = attempt;
  using cancel = cancellation(stop);
  try {
    const model = await cancel.orStop(findModel(request.model));
    if (!model.ok) return failed('escalate', model.failure);
    tell({ type: 'session', id: request.session, model: nameOfModel(model.value) });
    const outcome = await converse(attempt, model.value, cancel);
    tell({
      type: 'ended',
      success: outcome.kind === 'succeeded',
      message: outcome.kind === 'failed' ? outcome.message : outcome.summary,
    });
    return outcome;
  } catch (error) {
    if (stop.aborted) return { summary: '', ...stoppedOutcome(stop.reason === 'timedOut' ? 'timedOut' : 'cancelled') };
    const failure = failureOfModel(error, Date.now());
    tell({ type: 'error', message: failure.message });
    return { summary: '', kind: 'failed', ...failure };
  }
}

/** Turns of the conversation; `maxTurns` of the agent's settings says otherwise. */
const MOST_STEPS = 100;

async function converse(
  attempt: HostedAttempt,
  model: vscode.LanguageModelChat,
  cancel: Cancellation,
): Promise<AgentOutcome> {
  const { request, tell } = attempt;
  const most = request.settings.maxTurns ?? MOST_STEPS;
  let messages = [User(`${INTRODUCTION}\n\n${request.prompt}`)];
  let reminded = false;
  for (let step = 0; step < most; step += 1) {
    messages = shortened(messages, model.maxInputTokens);
    const { text, calls } = await cancel.orStop(ask(model, messages, { attempt, token: cancel.token }));
    if (text !== '') tell({ type: 'text', text });
    const finish = calls.find(({ name }) => name === FINISH);
    const results: vscode.LanguageModelToolResultPart[] = [];
    for (const call of calls)
      results.push(call === finish ? notYet(call) : await cancel.orStop(useTool(attempt, call)));
    const heard = attempt.messages();
    if (finish && heard.length === 0) return finished(finish.input, text);
    if (calls.length === 0 && heard.length === 0 && reminded)
      return failed('fixable', 'It stopped without saying that it has finished.', text);
    reminded = calls.length === 0;
    messages.push(answered(text, calls), User(reminded ? REMINDER : results), ...heard.map(fromPerson));
  }
  return failed('fixable', `Its ${most} turns were used up.`);
}

const User = (content: string | vscode.LanguageModelToolResultPart[]): vscode.LanguageModelChatMessage =>
  vscode.LanguageModelChatMessage.User(content);

/** An answer may be empty, a message may not. */
const answered = (text: string, calls: vscode.LanguageModelToolCallPart[]): vscode.LanguageModelChatMessage =>
  vscode.LanguageModelChatMessage.Assistant([
    ...(text === '' && calls.length > 0 ? [] : [new vscode.LanguageModelTextPart(text || '…')]),
    ...calls,
  ]);

const fromPerson = (text: string): vscode.LanguageModelChatMessage =>
  User(`A person says, and it stands above what you were told before: ${text}`);

/** It finished while a person was still saying something. */
const notYet = ({ callId }: vscode.LanguageModelToolCallPart): vscode.LanguageModelToolResultPart =>
  new vscode.LanguageModelToolResultPart(callId, [new vscode.LanguageModelTextPart('Not yet: read what follows.')]);

const INTRODUCTION = `You are a coding agent. You work alone in a git worktree made for one task; nobody answers questions.
Look at the files before you change them, change only what the task needs, and leave git alone.
When the task is done, or when you are sure that it cannot be done, call the tool "${FINISH}".`;

const REMINDER = `Go on with the tools. If the task is done, or cannot be done, call "${FINISH}".`;

interface Answer {
  text: string;
  calls: vscode.LanguageModelToolCallPart[];
}

async function ask(
  model: vscode.LanguageModelChat,
  messages: vscode.LanguageModelChatMessage[],
  { attempt, token }: { attempt: HostedAttempt; token: vscode.CancellationToken },
): Promise<Answer> {
  const justification = vscode.l10n.t('Tasks of an approved plan are given to this model.');
  const response = await model.sendRequest(messages, { justification, tools: toolsFor(attempt.request) }, token);
  const answer: Answer = { text: '', calls: [] };
  for await (const part of response.stream) {
    if (part instanceof vscode.LanguageModelTextPart) answer.text += part.value;
    if (part instanceof vscode.LanguageModelToolCallPart) answer.calls.push(part);
  }
  return answer;
}

function finished(input: object, text: string): AgentOutcome {
  const about = 'summary' in input && typeof input.summary === 'string' ? input.summary : text;
  const done = !('done' in input) || input.done !== false;
  return done
    ? { kind: 'succeeded', summary: about }
    : failed('fixable', about || 'It says that it cannot do the task.');
}

const failed = (type: 'fixable' | 'escalate', message: string, summary = ''): AgentOutcome => ({
  kind: 'failed',
  type,
  message,
  summary,
});

interface Cancellation extends Disposable {
  token: vscode.CancellationToken;
  /** Rejects at once when the attempt is stopped, also where a model or a tool does not. */
  orStop<T>(work: PromiseLike<T>): Promise<T>;
}

function cancellation(stop: AbortSignal): Cancellation {
  const source = new vscode.CancellationTokenSource();
  let give: (error: Error) => void = () => {};
  const stopped = new Promise<never>((_, reject) => {
    give = reject;
  });
  stopped.catch(() => undefined);
  const abort = (): void => {
    source.cancel();
    give(new vscode.CancellationError());
  };
  if (stop.aborted) abort();
  else stop.addEventListener('abort', abort, { once: true });
  return {
    token: source.token,
    orStop: (work) => Promise.race([work, stopped]),
    [Symbol.dispose]: () => {
      stop.removeEventListener('abort', abort);
      source.dispose();
    },
  };
}
