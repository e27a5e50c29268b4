import type * as vscode from 'vscode';
import type { Asking } from './asking/asking.ts';
import type { Consent } from './models/consent.ts';
import type { BoardPages } from './pages/board.ts';
import type { CommandId } from './contributions.ts';
import type { Forges } from './forges.ts';
import type { ReviewPages } from './pages/review.ts';
import type { ReviewComments } from './review-comments.ts';
import type { Runs } from './runs.ts';
import type { Site } from './site.ts';
import type { Finding } from './target.ts';
import type { Terminals } from './terminals.ts';

/** What the commands work with; put together in workbench.ts. */
export interface Parts {
  site: Site;
  runs: Runs;
  asking: Asking;
  consent: Consent;
  finding: Finding;
  terminals: Terminals;
  review: ReviewPages;
  boards: BoardPages;
  comments: ReviewComments;
  forges: Forges;
  log: vscode.LogOutputChannel;
}

/** Called with a row, `{ target }`, the address of a file, or nothing. A rejection is a bug and is shown as one. */
export type Handler = (argument?: unknown) => Promise<void>;
/** One for each command of the manifest: a missing or unknown one does not compile. */
export type Handlers = Readonly<Record<CommandId, Handler>>;
