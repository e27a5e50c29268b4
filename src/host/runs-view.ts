import * as vscode from 'vscode';
import type { ViewId } from './contributions.ts';

const VIEW: ViewId = 'orchestrate.runs';

/**
 * The view of runs: there from the start, and empty until a tree fills it. It has one provider for good, because an
 * editor that is given a second one while it still lets go of the first forgets the second (seen in 1.103).
 */
export class RunsView<T> implements vscode.TreeDataProvider<T>, vscode.Disposable {
  readonly view: vscode.TreeView<T>;
  readonly #onLook: () => void;
  readonly #changed = new vscode.EventEmitter<T | T[] | undefined | null | void>();
  readonly onDidChangeTreeData = this.#changed.event;
  #tree: vscode.TreeDataProvider<T> | undefined;
  #following: vscode.Disposable | undefined;

  /** `onLook`: somebody looks at the view, and there is no tree yet. */
  constructor(onLook: () => void) {
    this.#onLook = onLook;
    this.view = vscode.window.createTreeView(VIEW, { treeDataProvider: this, showCollapseAll: true });
  }

  fill(tree: vscode.TreeDataProvider<T>): void {
    this.#tree = tree;
    this.#following = tree.onDidChangeTreeData?.((changed) => this.#changed.fire(changed));
    this.#changed.fire();
  }

  getChildren(row?: T): vscode.ProviderResult<T[]> {
    if (this.#tree) return this.#tree.getChildren(row);
    this.#onLook();
    return [];
  }

  getParent(row: T): vscode.ProviderResult<T> {
    return this.#tree?.getParent?.(row);
  }

  getTreeItem(row: T): vscode.TreeItem | Thenable<vscode.TreeItem> {
    return this.#tree?.getTreeItem(row) ?? new vscode.TreeItem('');
  }

  resolveTreeItem(
    item: vscode.TreeItem,
    row: T,
    token: vscode.CancellationToken,
  ): vscode.ProviderResult<vscode.TreeItem> {
    return this.#tree?.resolveTreeItem?.(item, row, token) ?? item;
  }

  dispose(): void {
    this.#following?.dispose();
    this.view.dispose();
    this.#changed.dispose();
  }
}
