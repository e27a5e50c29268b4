// A large plan and its neighbours as they are being written: nothing is saved, and no run is started.
import { strict as assert } from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { CASES } from '../unit/language/fix-cases.ts';
import { fileOf, largePlan } from '../unit/language/texts.ts';
import { activated, eventually, root } from './orchestrate.ts';

const TASKS = 1_000;

async function shown(name: string, text: string): Promise<vscode.TextDocument> {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  // It may be open from before: the editor takes a moment to notice what is on disk, and drops edits and answers then.
  if (document.isDirty) await vscode.commands.executeCommand('workbench.action.files.revert');
  await eventually(
    `${name} as it is on disk`,
    () => document.getText() === text,
    () => document.getText(),
  );
  return document;
}

/** The nth of the words in the text, without the words themselves. */
function placeOf(document: vscode.TextDocument, words: string): vscode.Range {
  const offset = document.getText().indexOf(words);
  assert.ok(offset >= 0, words);
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + words.length));
}

async function write(document: vscode.TextDocument, range: vscode.Range, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

const found = (document: vscode.TextDocument, words: string): vscode.Diagnostic | undefined =>
  vscode.languages.getDiagnostics(document.uri).find(({ message }) => message.includes(words));

const codeOf = ({ code }: vscode.Diagnostic): unknown => (typeof code === 'object' ? code.value : code);

/**
 * The editor drops what it was answered where somebody else begins to offer something meanwhile, which extensions do
 * when the first text of their language is opened: they are all there before anything is asked.
 */
async function allHere(): Promise<void> {
  await activated();
  const isOfTexts = ({ packageJSON }: vscode.Extension<unknown>): boolean => {
    const { activationEvents = [] } = packageJSON as { activationEvents?: string[] };
    return activationEvents.some((event) => /^onLanguage:(?:yaml|markdown)$/.test(event));
  };
  await Promise.all(vscode.extensions.all.filter(isOfTexts).map((extension) => extension.activate()));
}

/** It drops the answer, too, where the text has changed meanwhile: then it is asked again. */
async function actionsAt(document: vscode.TextDocument, range: vscode.Range): Promise<vscode.CodeAction[]> {
  for (;;) {
    const { version } = document;
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
    );
    if (document.version === version) return actions;
  }
}

/** What stands wrong, and the words that put it right. */
async function mended(document: vscode.TextDocument, words: string, title: string): Promise<void> {
  const wrong = await eventually(
    words,
    () => found(document, words),
    () => vscode.languages.getDiagnostics(document.uri),
  );
  const actions = await actionsAt(document, wrong.range);
  const action = actions.find((one) => one.title === title);
  assert.ok(action?.edit, actions.map((one) => one.title).join('\n'));
  assert.ok(await vscode.workspace.applyEdit(action.edit));
  await eventually(
    `${words} is gone`,
    () => found(document, wrong.message) === undefined,
    () => document.getText(),
  );
}

describe('a plan of 1,000 tasks', () => {
  let document: vscode.TextDocument;
  before(async () => {
    await allHere();
    document = await shown('docs/plan/large/plan.yaml', largePlan(TASKS));
  });

  it('is checked as it is written, and a fix puts it right', async () => {
    await write(document, placeOf(document, '[task-500, task-509]'), '[task-500, task-509x]');
    const wrong = await eventually('a squiggle', () => found(document, 'task-509x'));
    assert.equal(document.isDirty, true);
    assert.equal(document.getText(wrong.range), 'task-509x');
    assert.equal(codeOf(wrong), 'dependency-unknown');
    await mended(document, 'which is no task', 'Change to "task-509"');
  });

  it('is understood while it is no YAML', async () => {
    const before = placeOf(document, 'title: Task number 700');
    await write(document, before, 'title: "Task');
    await eventually('a squiggle', () => found(document, 'YAML'));
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.ok(symbols.length > TASKS - 5, String(symbols.length));
    await write(document, placeOf(document, 'title: "Task'), 'title: Task number 700');
    await eventually('no squiggle', () => found(document, 'YAML') === undefined);
  });

  it('gives a task another id everywhere', async () => {
    const at = placeOf(document, 'id: task-0\n').start.translate(0, 6);
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      at,
      'first',
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    const text = document.getText();
    assert.equal(text.match(/\btask-0\b/g), null);
    assert.equal(text.match(/\bfirst\b/g)?.length, 3, 'its own, the dependency of task-10, and the contract');
    await eventually('it is still sound', () =>
      vscode.languages
        .getDiagnostics(document.uri)
        .every(({ severity }) => severity !== vscode.DiagnosticSeverity.Error),
    );
  });

  it('folds task by task', async () => {
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    const lines = new Set(folds.map(({ start }) => document.lineAt(start).text));
    for (const line of ['tasks:', '  - id: task-1', '  - id: task-999']) assert.ok(lines.has(line), line);
  });
});

describe('a remedy', () => {
  before(allHere);

  for (const [what, { kind, text, says, titles }] of Object.entries(CASES)) {
    it(`puts right ${what}`, async () => {
      const whole = kind === 'plan' ? amongMany(text) : text;
      const document = await shown(fileOf(kind, '').path, whole);
      for (const title of titles) {
        await write(document, new vscode.Range(0, 0, document.lineCount, 0), whole);
        await mended(document, says, title);
      }
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    });
  }
});

/** The plan with 1,000 sound tasks behind its own, where it has a list of them. */
function amongMany(text: string): string {
  if (!/^tasks:\n\s+- /m.test(text)) return text;
  const task = (n: number): string => `  - id: other-${n}
    wave: 1
    agent: claude
    scope: [src/other-${n}.ts]
    verification: [npm test]
    acceptance_criteria: [Part ${n} works]
`;
  return text + Array.from({ length: TASKS }, (_, n) => task(n)).join('');
}

describe('other files that people write for us', () => {
  before(allHere);

  it('are checked, and put right', async () => {
    const config = await shown('orchestrate.yaml', 'limits:\n  agent: 2\n');
    await mended(config, '"agent" is not known', 'Change to "agents"');
    assert.equal(config.getText(), 'limits:\n  agents: 2\n');
    const prd = await shown(
      'docs/PRD.yaml',
      'prd_id: a\nversion: "1.0.0"\nfeatures:\n  - name: Login\n    status: plannd\n',
    );
    await mended(prd, 'plannd', 'Change to planned');
    const settings = await shown('.orchestra/config.yml', 'pipeline:\n  milestone_isolation: inline\n  review: skip\n');
    await mended(settings, 'milestone_isolation', 'Upgrade the settings to 4.0.0, with these values');
    assert.match(settings.getText(), /review: skip/);
    const phase = await shown('.orchestra/milestones/M1-a/phases/phase-1.md', '---\nstatus: dnoe\n---\n# A\n');
    await mended(phase, 'dnoe', 'Change to done');
    const milestone = await shown(
      '.orchestra/milestones/M1-a/milestone.md',
      '# M1\n\n| Status | palnning |\n|---|---|\n',
    );
    await mended(milestone, 'palnning', 'Change to planning');
    const prompt = await shown('prompts/login.md', '# Login\n\n## Target Files\n\n- src/login.ts\n- and others\n');
    await eventually(
      'a word about the list',
      () => found(prompt, 'is no path'),
      () => vscode.languages.getDiagnostics(prompt.uri),
    );
  });

  it('offer keys, words, names and files', async () => {
    const config = await shown(
      'orchestrate.yaml',
      'mode: \ngates:\n  test:\n    run: npm test\n    on: [task, ]\n    problems: [""]\nagents:\n  default: \n',
    );
    const offered = async (document: vscode.TextDocument, words: string): Promise<string[]> => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        placeOf(document, words).end,
      );
      return items
        .filter(({ kind }) => kind !== vscode.CompletionItemKind.Text)
        .map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    assert.deepEqual(await offered(config, 'mode: '), ['waves', 'continuous', 'adaptive']);
    assert.deepEqual(await offered(config, '[task, '), ['task', 'merge', 'wave', 'final', 'plan']);
    assert.ok((await offered(config, 'problems: ["')).includes('$tsc'));
    assert.ok((await offered(config, 'default: ')).includes('claude'));
    const plan = await shown(
      'docs/plan/small/plan.yaml',
      'plan_id: small\ntasks:\n  - id: a\n    gates: []\n    scope: [README]\n    covers: []\n',
    );
    await shown('docs/PRD.yaml', 'prd_id: p\nacceptance_criteria:\n  - criterion: It is quick\n');
    assert.deepEqual(await offered(plan, 'gates: ['), ['test', 'approval']);
    assert.ok((await offered(plan, 'scope: [READ')).includes('README.md'));
    assert.deepEqual(await offered(plan, 'covers: ['), ['AC-1']);
    const phase = await shown(
      '.orchestra/milestones/M1-a/phases/phase-2.md',
      '---\nstatus: \ndepends_on: []\n---\n# B\n',
    );
    assert.deepEqual(await offered(phase, 'status: '), ['pending', 'in-progress', 'done', 'failed']);
    assert.deepEqual(await offered(phase, 'depends_on: ['), ['phase-1']);
  });
});
