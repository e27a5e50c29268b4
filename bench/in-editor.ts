// Runs inside the extension host: how long activation takes, what it reads, and how soon a mistake is shown.
import { strict as assert } from 'node:assert';
import { statSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import * as vscode from 'vscode';

/** What one window tells. Milliseconds and bytes. */
export interface Told {
  /** Loading its code and activating, each for the first time in its window, after one that does nothing. */
  ours: Cost;
  empty: Cost;
  /** Everything of ours that was loaded by then. */
  bytes: number;
  /** From the edit of a plan to its mistakes, one for each edit: of one that a program wrote, and of a person's. */
  edits: Record<PlanName, Cost[]>;
}

export type PlanName = 'plain' | 'rich';

/** Milliseconds on the clock, and of the extension host's processor. */
export interface Cost {
  wall: number;
  cpu: number;
}

export async function run(): Promise<void> {
  const result = process.env['BENCH_RESULT'] ?? '';
  const [ours, empty] = [await found('orchestrate.orchestrate'), await found('bench.empty')];
  // What the editor does for the first extension of a window is no cost of any.
  await (await found('bench.first')).activate();
  const edits = Number(process.env['BENCH_EDITS'] ?? 0);
  assert.ok(edits > 0 || (!ours.isActive && !empty.isActive), 'neither has begun');
  const order = process.env['BENCH_FIRST'] === 'ours' ? [ours, empty] : [empty, ours];
  const costs = new Map<unknown, Cost>();
  for (const extension of order) {
    // Where edits are timed, an open plan has begun ours before.
    const cost = edits > 0 ? () => NOTHING : clocked(extension);
    await extension.activate();
    costs.set(extension, cost());
  }
  const bytes = Object.keys(createRequire(__filename).cache)
    .filter((file) => file.startsWith(ours.extensionPath))
    .reduce((sum, file) => sum + statSync(file).size, 0);
  const told: Told = {
    ours: costs.get(ours) ?? NOTHING,
    empty: costs.get(empty) ?? NOTHING,
    bytes,
    edits: { plain: await timeEdits('plain', edits), rich: await timeEdits('rich', edits) },
  };
  writeFileSync(result, JSON.stringify(told));
}

const NOTHING: Cost = { wall: Number.NaN, cpu: Number.NaN };

/**
 * What loading an extension's code and its `activate` come to once they are over. They are counted where the extension
 * host calls them, because it does much else before it says that the extension is active.
 */
function clocked({ extensionPath }: vscode.Extension<unknown>): () => Cost {
  const costs: Cost[] = [];
  const counted = <T>(work: () => T): T => {
    const cost = clock();
    const result = work();
    costs.push(cost());
    return result;
  };
  const node = Module as unknown as { _load: (request: string, ...more: unknown[]) => unknown };
  const load = node._load;
  node._load = (request, ...more) => {
    if (!request.startsWith(extensionPath)) return load.call(node, request, ...more);
    node._load = load;
    const main = counted(() => load.call(node, request, ...more)) as Main;
    return { ...main, activate: (context: unknown) => counted(() => main.activate(context)) };
  };
  return () => {
    assert.equal(costs.length, 2, `the code of ${extensionPath} was loaded and activated`);
    return costs.reduce((a, b) => ({ wall: a.wall + b.wall, cpu: a.cpu + b.cpu }));
  };
}

interface Main {
  activate(context: unknown): unknown;
}

/** Starts to count; answers what it came to. */
function clock(): () => Cost {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { wall: performance.now() - wall, cpu: (user + system) / 1_000 };
  };
}

/** An installed extension may be found a moment after the program starts. */
async function found(id: string): Promise<vscode.Extension<unknown>> {
  for (;;) {
    const extension = vscode.extensions.getExtension(id);
    if (extension) return extension;
    const all = vscode.extensions.all.map((one) => one.id).filter((one) => !one.startsWith('vscode.'));
    console.error(`${id} is not among ${all.join(' ')}`);
    await new Promise<void>((resolve) => {
      const heard = vscode.extensions.onDidChange(() => {
        heard.dispose();
        resolve();
      });
    });
  }
}

/** Edits of the open, unsaved plan, each of which makes or unmakes a mistake. */
async function timeEdits(plan: PlanName, count: number): Promise<Cost[]> {
  if (count === 0) return [];
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const document = await vscode.workspace.openTextDocument(join(root, 'docs/plan', plan, 'plan.yaml'));
  await vscode.window.showTextDocument(document);
  await edit(document, 'task-509]', 'task-509x]');
  const times: Cost[] = [];
  for (let n = 0; n < count; n += 1) {
    const mistaken = n % 2 === 1;
    const [from, to] = mistaken ? ['task-509]', 'task-509x]'] : ['task-509x]', 'task-509]'];
    times.push(await edit(document, from, to));
  }
  return times;
}

/** From the moment at which the editor tells of the edit until what is wrong is as it should be then. */
async function edit(document: vscode.TextDocument, from: string, to: string): Promise<Cost> {
  const isMistaken = to.includes('x');
  const isShown = (): boolean =>
    vscode.languages.getDiagnostics(document.uri).some(({ message }) => message.includes('task-509x')) === isMistaken;
  const offset = document.getText().indexOf(from);
  assert.ok(offset >= 0, `${from} is in the plan`);
  const start = document.positionAt(offset);
  const change = new vscode.WorkspaceEdit();
  change.replace(document.uri, new vscode.Range(start, start.translate(0, from.length)), to);
  const changed = new Promise<() => Cost>((resolve) => {
    const heard = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document !== document || event.contentChanges.length === 0) return;
      heard.dispose();
      resolve(clock());
    });
  });
  const shown = new Promise<void>((resolve) => {
    const heard = vscode.languages.onDidChangeDiagnostics(() => {
      if (!document.getText().includes(to) || !isShown()) return;
      heard.dispose();
      resolve();
    });
  });
  assert.ok(await vscode.workspace.applyEdit(change));
  const cost = await changed;
  await shown;
  return cost();
}
