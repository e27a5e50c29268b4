import { join } from 'node:path';
import * as vscode from 'vscode';
import { describe } from '../../model/failure.ts';
import { shortAccountOf } from '../../model/shown/account.ts';
import { startRun } from '../commands/plan-commands.ts';
import type { ToolId } from '../contributions.ts';
import { checkFile } from '../problems/file-problems.ts';
import { kindOf } from '../language/open-file.ts';
import type { Parts } from '../parts.ts';
import { findPlans } from '../plans.ts';
import { wayBelow } from '../../process/below.ts';

/** What an assistant of the editor gave a tool: the editor held it to the schema of the manifest. */
type Input = Readonly<Record<string, unknown>>;

export type Tools = Readonly<Record<ToolId, (input: Input) => Promise<string>>>;

/**
 * What other assistants of the editor may do with runs: look at them, check a file, and put a plan before the person. They
 * get no way to say yes. Each answers in text: what it found as JSON, or why it did nothing.
 */
export const toolsOf = (parts: Parts): Tools => ({
  orchestrate_status: (input) => inSite(parts, () => status(parts, input)),
  orchestrate_validate: (input) => inSite(parts, (root) => validate(root, input)),
  orchestrate_start: (input) => inSite(parts, (root) => start(parts, root, input)),
});

/** Acts where a repository of the window is open and trusted, else says why not. */
export async function inSite({ site }: Parts, act: (root: string) => Promise<string>): Promise<string> {
  if (site.state.kind !== 'open') await site.look();
  const { state } = site;
  if (state.kind === 'open') return act(state.repository.root);
  if (state.kind === 'failed') return describe(state.failure);
  if (state.kind === 'choose') return 'There are several repositories here: the person has to choose one first.';
  return state.kind === 'untrusted'
    ? 'The person has not trusted this folder: nothing is done in it.'
    : 'No folder is open.';
}

async function status({ runs }: Parts, input: Input): Promise<string> {
  const wanted = textIn(input, 'run');
  const session = wanted === '' ? runs.current : runs.sessions.find(({ ref }) => ref.run.startsWith(wanted));
  if (session) return JSON.stringify({ run: session.ref.run, ...shortAccountOf(session.state) });
  return wanted === '' ? 'There is no run yet.' : `There is no run "${wanted}" among those that are shown.`;
}

async function validate(root: string, input: Input): Promise<string> {
  const path = join(root, textIn(input, 'file'));
  if (wayBelow(root, path) === undefined) return 'The file has to lie in the repository.';
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(path)).then(
    (opened) => opened,
    () => undefined, // there is none, or it is no text
  );
  if (!document) return 'There is no such file, or it is no text.';
  if (kindOf(document) === undefined)
    return 'That is no file of Orchestrate: plan.yaml, PRD.yaml, orchestrate.yaml and others.';
  const problems = await checkFile(document);
  return JSON.stringify(
    problems.map(({ range, severity, message, code }) => ({
      line: range.line,
      column: range.column,
      severity,
      message,
      code,
    })),
  );
}

async function start(parts: Parts, root: string, input: Input): Promise<string> {
  const wanted = textIn(input, 'plan');
  const plans = await findPlans(root);
  const plan = plans.find((one) => one === wanted || one.split('/').at(-2) === wanted);
  const { repository } = parts.site;
  if (plan === undefined || !repository) return `There is no such plan. Plans here: ${plans.join(', ') || 'none'}.`;
  const session = await startRun(parts, repository, plan);
  if (!session.ok) return describe(session.failure);
  return `Run ${session.value.ref.run} waits for the person, who reviews and approves it in the editor. Nothing is done before.`;
}

function textIn(input: Input, key: string): string {
  const value = input[key];
  return typeof value === 'string' ? value.trim() : '';
}
