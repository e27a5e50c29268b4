import * as vscode from 'vscode';
import { editor } from '../../agents/editor.ts';
import type { RunState } from '../../model/run/state.ts';
import { failureOfModel } from './failure.ts';
import { findModel } from './models.ts';

/** Answers why a language model that a plan needs cannot be used, in words for a person; nothing when all can. */
export type Consent = (state: RunState) => Promise<string | undefined>;

/**
 * The editor asks once whether an extension may use a language model, with the first request, and wants that to be a
 * person's act. So it is asked when a plan is approved, and not in the middle of a run that nobody looks at.
 */
export const consentWith =
  (access: vscode.LanguageModelAccessInformation): Consent =>
  async (state) => {
    const wanted = modelsOf(state);
    if (wanted.length === 0) return undefined;
    const title = vscode.l10n.t("Looking for the editor's language models…");
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, async () => {
      for (const name of wanted) {
        const why = await refusal(name, access);
        if (why !== undefined) return why;
      }
      return undefined;
    });
  };

/** Each once; undefined is whichever there is. */
const modelsOf = ({ agents, config }: RunState): (string | undefined)[] => {
  const ours = Object.values(agents).filter(({ name }) => name === editor.name);
  return [...new Set(ours.map(({ model }) => model ?? config.agents.settings[editor.name]?.model))];
};

async function refusal(
  name: string | undefined,
  access: vscode.LanguageModelAccessInformation,
): Promise<string | undefined> {
  const model = await findModel(name);
  if (!model.ok) return model.failure;
  const may = access.canSendRequest(model.value);
  if (may === false) return vscode.l10n.t('You have not allowed Orchestrate to use {0}.', model.value.name);
  if (may === true) return undefined;
  return askedFor(model.value);
}

/** The smallest request there is; what it answers is of no interest. */
async function askedFor(model: vscode.LanguageModelChat): Promise<string | undefined> {
  const source = new vscode.CancellationTokenSource();
  const justification = vscode.l10n.t('Tasks of the plan that you approve are given to this model.');
  try {
    await model.sendRequest([vscode.LanguageModelChatMessage.User('Hello')], { justification }, source.token);
    return undefined;
  } catch (error) {
    return failureOfModel(error, Date.now()).message;
  } finally {
    source.cancel();
    source.dispose();
  }
}
