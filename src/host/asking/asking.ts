import * as vscode from 'vscode';

export interface Choice<T> {
  label: string;
  description?: string;
  detail?: string;
  icon?: string;
  value: T;
}

/** Every way in which a person is asked for something. Behind one interface because the real ones throw in test mode. */
export interface Asking {
  /** A modal question with one way on; `back` is the other way, "Cancel" unless told. */
  confirm(question: { text: string; detail?: string; action: string; back?: string }): Promise<boolean>;
  pick<T>(title: string, choices: readonly Choice<T>[]): Promise<T | undefined>;
  /** `value` stands there at first. */
  input(question: { title: string; prompt: string; required: boolean; value?: string }): Promise<string | undefined>;
  /** A message that does not interrupt; answers the action that was chosen. */
  tell(level: 'info' | 'warning' | 'error', text: string, ...actions: string[]): Promise<string | undefined>;
}

/** The editor's own dialogs. */
export const askPerson: Asking = {
  async confirm({ text, detail, action, back }) {
    const options = { modal: true, ...(detail === undefined ? {} : { detail }) };
    const ways = [{ title: action }, ...(back === undefined ? [] : [{ title: back, isCloseAffordance: true }])];
    return (await vscode.window.showWarningMessage(text, options, ...ways))?.title === action;
  },
  async pick(title, choices) {
    const items = choices.map(({ label, icon, ...choice }) => ({
      ...choice,
      label: icon ? `$(${icon}) ${label}` : label,
    }));
    const picked = await vscode.window.showQuickPick(items, {
      title,
      matchOnDescription: true,
      matchOnDetail: true,
      // A page gets its focus back a moment after the palette closes, which would close the choice before it is made.
      ignoreFocusOut: true,
    });
    return picked?.value;
  },
  async input({ title, prompt, required, value = '' }) {
    const validateInput = (text: string): string | undefined =>
      required && text.trim() === '' ? vscode.l10n.t('A few words are needed.') : undefined;
    return vscode.window.showInputBox({
      title,
      prompt,
      value,
      valueSelection: [value.length, value.length],
      validateInput,
      ignoreFocusOut: true,
    });
  },
  async tell(level, text, ...actions) {
    const shown = withoutLinks(text);
    switch (level) {
      case 'info':
        return vscode.window.showInformationMessage(shown, ...actions);
      case 'warning':
        return vscode.window.showWarningMessage(shown, ...actions);
      case 'error':
        return vscode.window.showErrorMessage(shown, ...actions);
    }
  },
};

/** The editor makes links of `[text](command:…)` in messages, also of those that an agent or a plan wrote. */
const withoutLinks = (text: string): string => text.replaceAll('](', ']\u2060(');
