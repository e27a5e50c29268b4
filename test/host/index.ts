// The entry that VS Code loads into the extension host: runs the bundled test files beside it with mocha and tells the
// rig about each test. The rig's side of this is test/rig/vscode/report.mjs.
import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Runner, Test } from 'mocha';
import * as vscode from 'vscode';

/** Called by VS Code once the workbench is up. Rejects when a test fails or none ran, and the editor then exits with 1. */
export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  console.log(`VS Code ${vscode.version} on Node ${process.versions.node}`);
  const grep = process.env['VSCODE_TEST_GREP'];
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 30_000,
    reporter: Mocha.reporters.Base, // the one that prints nothing
    forbidOnly: Boolean(process.env['CI']),
    ...(grep ? { grep } : {}),
  });
  for (const file of storyFirst(readdirSync(__dirname, { recursive: true, encoding: 'utf8' }))) {
    if (file.endsWith('.test.cjs')) mocha.addFile(join(__dirname, file));
  }
  await mocha.loadFilesAsync();
  const { failed, ended } = await new Promise<{ failed: number; ended: number }>((resolve) => {
    const runner = mocha.run((failures) => resolve({ failed: failures, ended: runner.stats?.tests ?? 0 }));
    tellOf(runner);
  });
  if (failed > 0) throw new Error(`${failed} failed`);
  if (ended === 0) throw new Error('no test ran');
}

type Told =
  | { kind: 'started' | 'skipped'; title: string }
  | { kind: 'passed'; title: string; milliseconds: number }
  | { kind: 'failed'; title: string; error: string }
  | { kind: 'finished' };

function tellOf(runner: Runner): void {
  runner.on('test', (test) => tell({ kind: 'started', title: test.fullTitle() }));
  runner.on('pass', (test) => tell({ kind: 'passed', title: test.fullTitle(), milliseconds: test.duration ?? 0 }));
  runner.on('fail', (test: Test, error: Error) => {
    tell({ kind: 'failed', title: test.fullTitle(), error: error.stack ?? String(error) });
  });
  runner.on('pending', (test) => tell({ kind: 'skipped', title: test.fullTitle() }));
  runner.on('end', () => tell({ kind: 'finished' }));
}

// Written at once and in order, so that a host that dies has told everything before.
function tell(told: Told): void {
  const report = process.env['VSCODE_TEST_REPORT'];
  if (report === undefined) throw new Error('VSCODE_TEST_REPORT is not set: run the tests with npm test host');
  appendFileSync(report, `${JSON.stringify(told)}\n`);
}

/** The story begins in a repository where nothing has run yet; the others do not mind. */
function storyFirst(files: readonly string[]): string[] {
  return files.toSorted((a, b) => Number(b.includes('story')) - Number(a.includes('story')) || (a < b ? -1 : 1));
}
