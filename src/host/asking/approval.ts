import * as vscode from 'vscode';
import type { RunSession } from '../../engine/session.ts';
import type { Asking } from './asking.ts';
import type { Consent } from '../models/consent.ts';
import type { Runs } from '../runs.ts';
import { giveAndDrive } from '../orders.ts';

/** What an approval takes. */
export interface Approving {
  asking: Asking;
  runs: Runs;
  consent: Consent;
}

/** What was looked at, and how red gates before the first task are to be taken. */
interface Approved {
  planHash: string;
  baseline?: boolean;
}

/** Approves a plan, once the editor's models that it needs may be used or a person goes on without; then it is driven here. */
export async function approveRun(
  session: RunSession,
  approved: Approved,
  { asking, runs, consent }: Approving,
): Promise<void> {
  const why = await consent(session.state);
  if (why !== undefined) {
    const detail = vscode.l10n.t('What is given to it will fail, and ask you, until then.');
    if (!(await asking.confirm({ text: why, detail, action: vscode.l10n.t('Approve Anyway') }))) return;
  }
  await giveAndDrive(session, { type: 'approve', ...approved }, { asking, runs });
}
