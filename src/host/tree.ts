import { basename } from 'node:path';
import * as vscode from 'vscode';
import { defined } from '../model/defined.ts';
import { attention, progress } from '../model/run/view.ts';
import { beginningOf } from '../model/shown/measure.ts';
import { attentionRows } from './rows/attention-rows.ts';
import type { Forges } from './forges.ts';
import type { Drawing, Row } from './rows/row.ts';
import { runRow } from './rows/run-rows.ts';
import { tooltipOf } from './rows/tooltip.ts';
import type { Runs } from './runs.ts';
import type { RunsView } from './runs-view.ts';
import { Throttled } from './throttled.ts';
import { doneWords, span } from './words.ts';

/** What the editor has been given: a row, how it looked, and its children once they were asked for. */
interface Seen {
  row: Row;
  looked: string;
  children?: readonly string[];
}

/**
 * The tree of runs. It remembers only what it gave to the editor, compares that with the runs at most four times a
 * second, and names to the editor the rows that look different.
 */
export class RunsTree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #runs: Runs;
  readonly #forges: Forges;
  readonly #view: vscode.TreeView<Row>;
  readonly #changed = new vscode.EventEmitter<Row[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #projector = new Throttled(() => this.#refresh(), INTERVAL);
  /** Rows that look different, and have so many below them that the editor is told at leisure. */
  readonly #late = new Set<Row>();
  readonly #lateProjector = new Throttled(() => this.#remindOfLate(), 2_000);
  #isLateDue = false;
  readonly #seen = new Map<string, Seen>();
  /** Of the rows that were revealed. */
  readonly #parents = new Map<string, Row>();
  readonly #listening: vscode.Disposable[];
  #roots: readonly string[] = [];

  constructor(runs: Runs, forges: Forges, place: RunsView<Row>) {
    this.#runs = runs;
    this.#forges = forges;
    this.#view = place.view;
    this.#listening = [runs.onDidChange, runs.onDidList, forges.onDidChange].map((event) =>
      event(() => this.#projector.ask()),
    );
    this.#head();
    place.fill(this);
  }

  getChildren(row?: Row): Row[] {
    const rows = row ? row.children() : this.#top();
    const kept = rows.map((one) => this.#remember(one));
    const ids = kept.map(({ id }) => id);
    if (!row) this.#roots = ids;
    else {
      const seen = this.#seen.get(row.id);
      if (seen) seen.children = ids;
    }
    return kept;
  }

  getTreeItem(row: Row): vscode.TreeItem {
    return itemOf(row, row.draw());
  }

  resolveTreeItem(item: vscode.TreeItem, row: Row): vscode.TreeItem {
    const session = row.target.run === undefined ? undefined : this.#runs.find(row.target.run);
    if (session) item.tooltip = markdownOf(tooltipOf(session.state, row.target, Date.now()));
    return item;
  }

  getParent(row: Row): Row | undefined {
    return this.#parents.get(row.id);
  }

  /** Brings a task onto the screen and selects it; the keyboard stays where it is. */
  async reveal(run: string, task: string): Promise<void> {
    const path = pathTo(this.#top(), run, task)?.map((row) => this.#remember(row));
    for (const [index, row] of (path ?? []).entries()) if (index > 0) this.#parents.set(row.id, path![index - 1]!);
    const row = path?.at(-1);
    if (row) await this.#view.reveal(row, { select: true, focus: false });
  }

  /** The whole tree as plain data. */
  rows(): DrawnRow[] {
    return this.#top().map(drawn);
  }

  /** What stands over the tree and on its icon. */
  get head(): { message: string | undefined; badge: number } {
    return { message: this.#view.message, badge: this.#view.badge?.value ?? 0 };
  }

  dispose(): void {
    for (const one of [...this.#listening, this.#changed]) one.dispose();
    this.#projector[Symbol.dispose]();
    this.#lateProjector[Symbol.dispose]();
  }

  #top(): Row[] {
    const sessions = this.#runs.sessions;
    const roots = sessions.map(({ ref }) => ref.repository.root);
    const isOnePlace = new Set(roots).size < 2;
    const rows = sessions.map((session, index) =>
      runRow(session, {
        newest: index === 0,
        ...defined({
          place: isOnePlace ? undefined : basename(roots[index] ?? ''),
          checks: this.#forges.of(session.state),
        }),
      }),
    );
    return [...attentionRows(sessions), ...rows];
  }

  /** The editor knows a row by its object: that stays, and draws what the newest row of the same id draws. */
  #remember(row: Row): Row {
    const known = this.#seen.get(row.id);
    if (known) return Object.assign(known.row, row);
    this.#seen.set(row.id, { row, looked: lookOf(row) });
    return row;
  }

  /** The rows first: what the editor is told within the 200 ms after that waits until they are over. */
  #refresh(): void {
    const top = this.#top();
    if (differ(this.#roots, top)) this.#changed.fire(undefined);
    else this.#fire(top);
    this.#head();
  }

  #fire(top: readonly Row[]): void {
    const changed: Row[] = [];
    for (const row of top) this.#compare(row, changed);
    if (this.#isLateDue) {
      changed.push(...[...this.#late].filter(({ id }) => this.#seen.has(id)));
      this.#late.clear();
      this.#isLateDue = false;
    }
    if (changed.length > 0) this.#changed.fire(changed);
    if (this.#late.size > 0) this.#lateProjector.ask();
  }

  /** Answers how many rows the editor asks for again when it is told of this one: all that it was given below it. */
  #compare(fresh: Row, changed: Row[]): number {
    const seen = this.#seen.get(fresh.id);
    if (!seen) return 0;
    const row = Object.assign(seen.row, fresh);
    const looks = lookOf(row);
    const children = seen.children === undefined ? [] : row.children();
    const others = seen.children !== undefined && differ(seen.children, children);
    const isNew = looks !== seen.looked;
    seen.looked = looks;
    if (others) this.#forget(seen.children ?? [], new Set(children.map((child) => child.id)));
    const below = children.reduce((sum, child) => sum + 1 + this.#compare(child, changed), 0);
    if (others || (isNew && below <= MOST_AT_ONCE)) changed.push(row);
    else if (isNew) this.#late.add(row);
    return below;
  }

  #remindOfLate(): void {
    this.#isLateDue = true;
    this.#projector.ask();
  }

  #forget(ids: readonly string[], kept: ReadonlySet<string>): void {
    for (const id of ids) {
      if (kept.has(id)) continue;
      this.#forget(this.#seen.get(id)?.children ?? [], kept);
      this.#seen.delete(id);
    }
  }

  #head(): void {
    const waiting = this.#runs.sessions.flatMap(({ state }) => attention(state)).length;
    this.#view.badge =
      waiting === 0 ? undefined : { value: waiting, tooltip: vscode.l10n.t('{0} waiting for you', waiting) };
    const message = messageOf(this.#runs) ?? '';
    // Said again, the editor would take it for a change of the tree.
    if (message !== this.#view.message) this.#view.message = message;
  }
}

/** The rows from the run down to the task, which may stand in a group. */
function pathTo(rows: readonly Row[], run: string, task: string): Row[] | undefined {
  for (const row of rows) {
    const { target } = row;
    if (target.run !== run || target.attention !== undefined || target.attempt !== undefined) continue;
    if (target.task === task) return [row];
    const below = target.task === undefined ? pathTo(row.children(), run, task) : undefined;
    if (below) return [row, ...below];
  }
  return undefined;
}

/**
 * Milliseconds. More than the 200 for which the editor collects changes of a tree: it begins to wait anew with each, and
 * would draw nothing as long as they come faster.
 */
const INTERVAL = 250;

/** Rows that the editor is asked to draw anew for the sake of the one above them. */
const MOST_AT_ONCE = 100;

function messageOf(runs: Runs): string | undefined {
  const state = runs.current?.state;
  if (!state || state.approval.kind !== 'given') return undefined;
  const { total, byStatus } = progress(state);
  const done = doneWords(byStatus.done, total);
  if (state.ended) return `${done} · ${span(state.ended.at - beginningOf(state))}`;
  const active = byStatus.running + byStatus.verifying + byStatus.merging;
  // What waits for the person stands right below, with its number.
  return [
    done,
    ...(active > 0 ? [vscode.l10n.t('{0} at work', active)] : []),
    ...(byStatus.failed > 0 ? [vscode.l10n.t('{0} failed', byStatus.failed)] : []),
  ].join(' · ');
}

/** A row with everything below it. */
export interface DrawnRow extends Drawing {
  id: string;
  target: Row['target'];
  children: DrawnRow[];
}

const drawn = (row: Row): DrawnRow => ({
  id: row.id,
  target: row.target,
  ...row.draw(),
  children: row.children().map(drawn),
});

const lookOf = (row: Row): string => JSON.stringify(row.draw());

const differ = (ids: readonly string[], rows: readonly Row[]): boolean =>
  ids.length !== rows.length || rows.some(({ id }, index) => id !== ids[index]);

const FOLD = {
  leaf: vscode.TreeItemCollapsibleState.None,
  closed: vscode.TreeItemCollapsibleState.Collapsed,
  open: vscode.TreeItemCollapsibleState.Expanded,
};

function itemOf({ id, target }: Row, { label, description, mark, can, fold, command }: Drawing): vscode.TreeItem {
  const item = new vscode.TreeItem(label, FOLD[fold]);
  item.id = id;
  item.iconPath = new vscode.ThemeIcon(
    mark.icon,
    mark.color === undefined ? undefined : new vscode.ThemeColor(mark.color),
  );
  item.contextValue = can.join(' ');
  item.accessibilityInformation = { label: description === undefined ? label : `${label}, ${description}` };
  if (description !== undefined) item.description = description;
  if (command !== undefined) item.command = { command, title: '', arguments: [{ target }] };
  return item;
}

/** Text of plans and agents is data: no link, no picture, no command in it works. */
function markdownOf({ lines, output }: { lines: readonly string[]; output?: string }): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  for (const [index, line] of lines.entries()) {
    if (index > 0) markdown.appendMarkdown('\n\n');
    markdown.appendText(line.length > 600 ? `${line.slice(0, 600)}…` : line);
  }
  if (output) markdown.appendCodeblock(output.split('\n').slice(-25).join('\n'), 'text');
  return markdown;
}
