import * as vscode from 'vscode';
import { type AgentFailure, resetTime, saysUsageLimit, typeOfStatus, usageLimit } from '../../agents/failure.ts';

/** What an error of the editor's language models means for the attempt. `now` in epoch milliseconds. */
export function failureOfModel(error: unknown, now: number): AgentFailure {
  const message = wordsOf(error).slice(0, 4000);
  const code = error instanceof vscode.LanguageModelError ? error.code : undefined;
  if (code === vscode.LanguageModelError.NoPermissions.name || code === vscode.LanguageModelError.NotFound.name)
    return { type: 'escalate', message };
  // The editor blocks a model whose allowance is used up, and does not always say until when.
  if (code === vscode.LanguageModelError.Blocked.name || saysUsageLimit(message))
    return usageLimit(message, resetTime(message, now));
  const status = /\b([45]\d\d)\b/.exec(message)?.[1];
  return { type: status === undefined ? 'transient' : typeOfStatus(Number(status)), message };
}

/** Providers put what they know into the cause. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error && error.cause.message !== error.message ? error.cause.message : '';
  return [error.message || error.name, cause].filter(Boolean).join(': ');
}
