import * as vscode from 'vscode';
import { fail, ok, type Result } from '../model/failure.ts';
import { GITHUB } from '../model/run/site.ts';

/** The token of a person for one host, who may be asked to sign in there. */
export type SignIn = (host: string) => Promise<Result<string>>;

/** The editor's own way. What it has for an Enterprise is for the host of the user's own setting, and for no other. */
export const signIn: SignIn = async (host) => {
  if (host !== GITHUB && host !== enterprise()) {
    const reason = vscode.l10n.t(
      'To sign in to {0}, set "github-enterprise.uri" to https://{0} in your user settings.',
      host,
    );
    return fail({ kind: 'refused', reason });
  }
  const provider = host === GITHUB ? 'github' : 'github-enterprise';
  try {
    const session = await vscode.authentication.getSession(provider, ['repo'], { createIfNone: true });
    return ok(session.accessToken);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail({ kind: 'refused', reason: vscode.l10n.t('You are not signed in to {0}: {1}', host, why) });
  }
};

/** A workspace has no say in it. */
function enterprise(): string | undefined {
  const { globalValue: uri } = vscode.workspace.getConfiguration('github-enterprise').inspect<string>('uri') ?? {};
  return typeof uri === 'string' && URL.canParse(uri) ? new URL(uri).host : undefined;
}
