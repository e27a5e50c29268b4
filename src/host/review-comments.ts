import * as vscode from 'vscode';
import type { ReviewComment } from '../model/shown/review-comment.ts';
import type { Attempt, RunState } from '../model/run/state.ts';
import { changedFile, changedSide } from './diff.ts';
import { wayToAgent } from './orders.ts';
import type { Runs } from './runs.ts';
import type { Target } from './target.ts';

/** What a person writes at the lines of an attempt's change: kept for the window, and drawn where the change is now. */
export class ReviewComments implements vscode.Disposable {
  readonly #runs: Runs;
  readonly #memory: vscode.Memento;
  readonly #controller = vscode.comments.createCommentController('orchestrate-comments', 'Orchestrate');
  readonly #threads = new Map<string, vscode.CommentThread>();
  /** What each comment and thread on the screen shows. */
  readonly #shown = new WeakMap<vscode.Comment | vscode.CommentThread, ReviewComment>();
  readonly #listening: vscode.Disposable[];
  #all: readonly ReviewComment[];
  #looks = '';

  constructor(runs: Runs, memory: vscode.Memento) {
    this.#runs = runs;
    this.#memory = memory;
    this.#all = memory.get<readonly ReviewComment[]>(KEPT, []);
    this.#controller.options = {
      prompt: vscode.l10n.t('Comment on this change'),
      placeHolder: vscode.l10n.t('What is to be different? It stays a draft until you send it, with all the others.'),
    };
    this.#controller.commentingRangeProvider = {
      provideCommentingRanges: ({ uri, lineCount }) =>
        this.#mayComment(uri) ? [new vscode.Range(0, 0, lineCount - 1, 0)] : undefined,
    };
    this.#listening = [runs.onDidChange(() => this.#draw()), runs.onDidList(() => this.#draw())];
  }

  dispose(): void {
    for (const one of [...this.#listening, this.#controller]) one.dispose();
  }

  /** As a person sees them. */
  get threads(): readonly vscode.CommentThread[] {
    return [...this.#threads.values()];
  }

  /** Those of a task that are not sent. */
  drafts(run: string, task: string): readonly ReviewComment[] {
    return this.#all.filter((one) => !one.sent && one.run === run && one.task === task);
  }

  /** Whose change a thread is about. */
  targetOf(thread: unknown): Target | undefined {
    const known = typeof thread === 'object' && thread ? this.#shown.get(thread as vscode.CommentThread) : undefined;
    return known && { run: known.run, task: known.task };
  }

  /** Takes what was written into a thread, new or known; false: the run is no longer shown. */
  async add({ thread, text }: vscode.CommentReply): Promise<boolean> {
    const place = this.#placeOf(thread.uri);
    if (!place || !thread.range) return false;
    const { start, end } = thread.range;
    const { state, attempt, file } = place;
    const whose = { run: state.run, task: attempt.task, attempt: attempt.number, file };
    const document = await vscode.workspace.openTextDocument(thread.uri);
    const quote = document.getText(new vscode.Range(start.line, 0, end.line, MOST_COLUMNS));
    const comment = { ...whose, from: start.line + 1, to: end.line + 1, quote, text };
    // The editor made the thread for this comment: from now on it is one of those that are drawn.
    const key = keyOf(thread.uri, comment);
    if (!this.#threads.has(key)) this.#threads.set(key, thread);
    await this.#keep([...this.#all, comment]);
    return true;
  }

  async delete(comment: unknown): Promise<void> {
    const known = typeof comment === 'object' && comment ? this.#shown.get(comment as vscode.Comment) : undefined;
    if (known) await this.#keep(this.#all.filter((one) => one !== known));
  }

  /** They are settled; what was sent of runs that are no longer shown is forgotten. */
  async sent(comments: readonly ReviewComment[]): Promise<void> {
    const kept = this.#all.filter(({ run, sent }) => !sent || this.#runs.find(run));
    await this.#keep(kept.map((one) => (comments.includes(one) ? { ...one, sent: true } : one)));
  }

  async #keep(all: readonly ReviewComment[]): Promise<void> {
    this.#all = all;
    this.#draw();
    await this.#memory.update(KEPT, all);
  }

  /** Where a diff shows an attempt's change, as long as its agent can be told of it. */
  #mayComment(uri: vscode.Uri): boolean {
    const place = this.#placeOf(uri);
    if (!place || !wayToAgent(place.state, place.attempt.task)) return false;
    return changedSide(place.attempt, place.file).toString() === uri.toString();
  }

  /** The attempt whose file this is. */
  #placeOf(uri: vscode.Uri): Place | undefined {
    const attempts = this.#runs.sessions.flatMap(({ state }) =>
      [...state.tasks.values()].flatMap((task) => task.attempts.map((attempt) => ({ state, attempt }))),
    );
    const found = attempts.findLast(({ attempt }) => changedFile(attempt, uri) !== undefined);
    return found && { ...found, file: changedFile(found.attempt, uri) ?? '' };
  }

  #draw(): void {
    const groups = this.#groups();
    const looks = JSON.stringify([...groups]);
    if (looks === this.#looks) return;
    this.#looks = looks;
    for (const [key, thread] of this.#threads) {
      if (groups.has(key)) continue;
      thread.dispose();
      this.#threads.delete(key);
    }
    for (const [key, group] of groups) this.#show(key, group);
    void vscode.commands.executeCommand(
      'setContext',
      'orchestrate.comments',
      this.#all.some(({ sent }) => !sent),
    );
  }

  /** By their place in the change, which moves from the worktree into a commit when the agent is done. */
  #groups(): Map<string, Group> {
    const groups = new Map<string, Group>();
    for (const comment of this.#all) {
      const known = this.#runs.find(comment.run)?.state.tasks.get(comment.task);
      const attempt = known?.attempts[comment.attempt - 1];
      if (!attempt) continue;
      const uri = changedSide(attempt, comment.file);
      const key = keyOf(uri, comment);
      const { title } = known.task;
      groups.set(key, { uri, title, comments: [...(groups.get(key)?.comments ?? []), comment] });
    }
    return groups;
  }

  #show(key: string, { uri, title, comments }: Group): void {
    const [first] = comments;
    if (!first) return;
    const range = new vscode.Range(first.from - 1, 0, first.to - 1, 0);
    const thread = this.#threads.get(key) ?? this.#controller.createCommentThread(uri, range, []);
    this.#threads.set(key, thread);
    this.#shown.set(thread, first);
    const isDraft = comments.some(({ sent }) => !sent);
    thread.label = isDraft
      ? vscode.l10n.t('For the agent of "{0}"', title)
      : vscode.l10n.t('Sent to the agent of "{0}"', title);
    thread.contextValue = isDraft ? 'draft' : 'sent';
    thread.canReply = isDraft;
    thread.state = isDraft ? vscode.CommentThreadState.Unresolved : vscode.CommentThreadState.Resolved;
    thread.comments = comments.map((comment) => this.#drawn(comment));
  }

  #drawn(comment: ReviewComment): vscode.Comment {
    const drawn: vscode.Comment = {
      body: comment.text,
      mode: vscode.CommentMode.Preview,
      author: { name: vscode.l10n.t('You') },
      label: comment.sent ? vscode.l10n.t('Sent') : vscode.l10n.t('Draft'),
    };
    this.#shown.set(drawn, comment);
    return drawn;
  }
}

interface Place {
  state: RunState;
  attempt: Attempt;
  file: string;
}

interface Group {
  uri: vscode.Uri;
  /** Of the task. */
  title: string;
  comments: readonly ReviewComment[];
}

/** A range ends with its line however short that is. */
const MOST_COLUMNS = 1_000_000;

const KEPT = 'orchestrate.reviewComments';

const keyOf = (uri: vscode.Uri, { from, to }: Pick<ReviewComment, 'from' | 'to'>): string =>
  JSON.stringify([uri.toString(), from, to]);
