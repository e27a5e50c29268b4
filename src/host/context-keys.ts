import * as vscode from 'vscode';
import type { Runs } from './runs.ts';
import { findPlans, isPlanFile } from './plans.ts';
import type { Site, SiteState } from './site.ts';
import { Throttled } from './throttled.ts';

/** What `when` clauses of the manifest ask for; the host test of the manifest knows these names too. */
interface Keys {
  'orchestrate.site': string;
  'orchestrate.plans': 'some' | 'none';
  'orchestrate.run': 'none' | 'waiting' | 'running' | 'paused' | 'ended';
  'orchestrate.repositories': 'one' | 'several';
}

/** Keeps the context keys true, so that the view offers what can be done. */
export class ContextKeys implements vscode.Disposable {
  readonly #site: Site;
  readonly #runs: Runs;
  readonly #set = new Map<string, string>();
  readonly #projector = new Throttled(() => this.#draw(), 250);
  readonly #listening: vscode.Disposable[];
  #watcher: vscode.Disposable | undefined;

  constructor(site: Site, runs: Runs) {
    this.#site = site;
    this.#runs = runs;
    this.#listening = [
      runs.onDidChange(() => this.#projector.ask()),
      runs.onDidList(() => this.#projector.ask()),
      site.onDidChange(() => this.#move()),
      // The watcher says nothing of a file that is made while it is only being set up.
      vscode.workspace.onDidOpenTextDocument(({ uri }) => {
        if (isPlanFile(uri)) this.#projector.ask();
      }),
    ];
    this.#move();
  }

  /** What is set now. */
  get keys(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#set);
  }

  dispose(): void {
    for (const one of this.#listening) one.dispose();
    this.#watcher?.dispose();
    this.#projector[Symbol.dispose]();
  }

  #move(): void {
    this.#projector.ask();
    this.#watcher?.dispose();
    this.#watcher = undefined;
    const { repository } = this.#site;
    if (!repository) return;
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.file(repository.root), 'docs/plan/*/plan.{yaml,yml}'),
      false,
      true,
      false,
    );
    watcher.onDidCreate(() => this.#projector.ask());
    watcher.onDidDelete(() => this.#projector.ask());
    this.#watcher = watcher;
  }

  #draw(): void {
    const { state } = this.#site;
    this.#put('orchestrate.site', wordOf(state));
    this.#put('orchestrate.repositories', 'repositories' in state && state.repositories.length > 1 ? 'several' : 'one');
    this.#put('orchestrate.run', runKey(this.#runs));
    if (state.kind === 'open')
      void findPlans(state.repository.root).then((plans) =>
        this.#put('orchestrate.plans', plans.length > 0 ? 'some' : 'none'),
      );
  }

  #put<K extends keyof Keys>(key: K, value: Keys[K]): void {
    if (this.#set.get(key) === value) return;
    this.#set.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  }
}

/** A failure that the view has a page for goes by its kind. */
function wordOf(state: SiteState): string {
  if (state.kind !== 'failed') return state.kind;
  const { kind } = state.failure;
  return ['notARepository', 'noCommits', 'bareRepository', 'gitMissing', 'gitTooOld'].includes(kind) ? kind : 'trouble';
}

function runKey({ current }: Runs): Keys['orchestrate.run'] {
  if (!current) return 'none';
  const { state } = current;
  if (state.ended) return 'ended';
  if (state.paused || state.cancelled) return 'paused';
  return state.approval.kind === 'given' ? 'running' : 'waiting';
}
