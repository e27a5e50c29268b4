import * as vscode from 'vscode';
import type { HostedAttempt } from '../../agents/agent.ts';
import type { AgentOutcome } from '../../model/run/job.ts';
import { failureOfModel } from './failure.ts';
import { findModel, nameOfModel } from './models.ts';
import { FINISH, toolsFor, useTool } from './tools.ts';
import { shortened } from './messages.ts';
import { type Answer, Tokens } from './tokens.ts';
import { stoppedOutcome } from '../../agents/adapter.ts';

/**
 * One attempt with a language model of the editor: it is told the task and given tools of ours, and asked again with
 * what they answered until it says that it has finished. Tools of other extensions are not offered.
 */
export async function workWithModel(attempt: HostedAttempt): Promise<AgentOutcome> {
  const { request, stop, tell } = attempt;
  const tokens = new Tokens();
  using cancel = cancellation(stop);
  try {
    const model = await cancel.orStop(findModel(request.model));
    if (!model.ok) return failed('escalate', model.failure);
    tell({ type: 'session', id: request.session, model: nameOfModel(model.value) });
    const outcome = await converse(attempt, { model: model.value, tokens, cancel });
    tell({
      type: 'ended',
      success: outcome.kind === 'succeeded',
      message: outcome.kind === 'failed' ? outcome.message : outcome.summary,
    });
    return { ...outcome, ...tokens.spent };
  } catch (error) {
    // Why it was stopped is known to who stopped it.
    if (stop.aborted) return { summary: '', ...stoppedOutcome('cancelled'), ...tokens.spent };
    const failure = failureOfModel(error, Date.now());
    tell({ type: 'error', message: failure.message });
    return { summary: '', kind: 'failed', ...failure, ...tokens.spent };
  }
}

/** Turns of the conversation; `maxTurns` of the agent's settings says otherwise. */
const MOST_STEPS = 100;

interface Partner {
  model: vscode.LanguageModelChat;
  tokens: Tokens;
  cancel: Cancellation;
}

async function converse(attempt: HostedAttempt, partner: Partner): Promise<AgentOutcome> {
  const { request } = attempt;
  const most = request.settings.maxTurns ?? MOST_STEPS;
  let messages = [User(`${INTRODUCTION}\n\n${request.prompt}`)];
  let reminded = false;
  for (let step = 0; step < most; step += 1) {
    messages = shortened(messages, partner.model.maxInputTokens);
    const { answer, results, heard } = await turn(attempt, partner, messages);
    if (!answer) {
      messages.push(...heard.map(fromPerson));
      continue;
    }
    const { text, calls } = answer;
    const finish = calls.find(isFinish);
    if (finish && heard.length === 0) return finished(finish.input, text);
    if (calls.length === 0 && heard.length === 0 && reminded)
      return failed('fixable', 'It stopped without saying that it has finished.', text);
    reminded = calls.length === 0;
    messages.push(answered(text, calls), User(reminded ? REMINDER : results), ...heard.map(fromPerson));
  }
  return failed('fixable', `Its ${most} turns were used up.`);
}

interface Turn {
  /** Absent where a person interrupted the model before it had spoken. */
  answer?: Answer;
  results: vscode.LanguageModelToolResultPart[];
  /** What people said meanwhile. */
  heard: readonly string[];
}

/** The model is asked once and its tools are used. Interrupted, it waits for what a person says next. */
async function turn(attempt: HostedAttempt, partner: Partner, messages: Message[]): Promise<Turn> {
  const interruption = attempt.interruption();
  const answer = await unlessInterrupted(attempt, interruption, (token) =>
    ask(partner.model, messages, { attempt, token }),
  );
  if (answer) {
    await partner.tokens.count(partner.model, messages, answer);
    for (const usage of partner.tokens.told) attempt.tell({ type: 'usage', usage });
    if (answer.text !== '') attempt.tell({ type: 'text', text: answer.text });
  }
  const results: vscode.LanguageModelToolResultPart[] = [];
  for (const call of answer?.calls ?? [])
    results.push(
      interruption.aborted || isFinish(call)
        ? resultOf(call, interruption.aborted ? INTERRUPTED : NOT_YET)
        : await partner.cancel.orStop(useTool(attempt, call)),
    );
  if (interruption.aborted) {
    attempt.tell({ type: 'output', stream: 'stdout', text: 'interrupted: it waits for what you say next' });
    await partner.cancel.orStop(attempt.spokenTo());
  }
  return { ...(answer ? { answer } : {}), results, heard: attempt.messages() };
}

/** Nothing where a person interrupted it; that it is stopped is thrown. */
async function unlessInterrupted<T>(
  { stop }: HostedAttempt,
  interruption: AbortSignal,
  work: (token: vscode.CancellationToken) => Promise<T>,
): Promise<T | undefined> {
  using cancel = cancellation(AbortSignal.any([stop, interruption]));
  try {
    return await cancel.orStop(work(cancel.token));
  } catch (error) {
    if (interruption.aborted && !stop.aborted) return undefined;
    throw error;
  }
}

type Message = vscode.LanguageModelChatMessage;

const isFinish = ({ name }: vscode.LanguageModelToolCallPart): boolean => name === FINISH;

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

const resultOf = ({ callId }: vscode.LanguageModelToolCallPart, text: string): vscode.LanguageModelToolResultPart =>
  new vscode.LanguageModelToolResultPart(callId, [new vscode.LanguageModelTextPart(text)]);

/** It finished while a person was still saying something. */
const NOT_YET = 'Not yet: read what follows.';
const INTERRUPTED = 'A person interrupted you before this was done: read what follows.';

const INTRODUCTION = `You are a coding agent. You work alone in a git worktree made for one task; nobody answers questions.
Look at the files before you change them, change only what the task needs, and leave git alone.
When the task is done, or when you are sure that it cannot be done, call the tool "${FINISH}".`;

const REMINDER = `Go on with the tools. If the task is done, or cannot be done, call "${FINISH}".`;

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
