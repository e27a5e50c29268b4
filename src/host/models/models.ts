import * as vscode from 'vscode';
import { fail, ok, type Result } from '../../model/failure.ts';

/** How a model is called in orchestrate.yaml and shown to people. */
export const nameOfModel = ({ vendor, id }: vscode.LanguageModelChat): string => `${vendor}/${id}`;

/**
 * The model that is wanted, by `vendor/id`, id, family or name; any of the editor's when none is. Extensions bring them
 * a while after the window has opened, so they are waited for. The failure is for a person.
 */
export async function findModel(wanted: string | undefined): Promise<Result<vscode.LanguageModelChat, string>> {
  const limit = AbortSignal.timeout(PATIENCE);
  for (;;) {
    const changed = nextChange(limit);
    const models = await vscode.lm.selectChatModels();
    const found = wanted === undefined ? models[0] : models.find((model) => isCalled(model, wanted));
    if (found) return ok(found);
    if (limit.aborted) return fail(noneOf(models, wanted));
    await changed;
  }
}

/** Milliseconds. */
const PATIENCE = 15_000;

function nextChange(limit: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const heard = vscode.lm.onDidChangeChatModels(over);
    function over(): void {
      heard.dispose();
      limit.removeEventListener('abort', over);
      resolve();
    }
    limit.addEventListener('abort', over);
    if (limit.aborted) over();
  });
}

const isCalled = (model: vscode.LanguageModelChat, wanted: string): boolean =>
  [nameOfModel(model), `${model.vendor}/${model.family}`, model.id, model.family, model.name].includes(wanted);

function noneOf(models: readonly vscode.LanguageModelChat[], wanted: string | undefined): string {
  if (wanted === undefined || models.length === 0)
    return vscode.l10n.t('This editor has no language model. Sign in to one, such as GitHub Copilot, and try again.');
  const there = models.map(nameOfModel).join(', ');
  return vscode.l10n.t('This editor has no language model "{0}". It has: {1}', wanted, there);
}
