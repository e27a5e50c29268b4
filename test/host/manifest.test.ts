// The compiler keeps command ids and handlers together; this walks what it cannot see: menus, `when` clauses, texts.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { COMMANDS, VIEWS } from '../../src/host/contributions.ts';
import type { Ability } from '../../src/host/rows/row.ts';
import { activated } from './orchestrate.ts';

interface Item {
  command: string;
  when?: string;
  group?: string;
}

interface Manifest {
  icon: string;
  main: string;
  extensionKind: string[];
  contributes: {
    commands: { command: string; title: string; enablement?: string }[];
    menus: Record<string, Item[]>;
    viewsWelcome: { view: string; contents: string; when: string }[];
    viewsContainers: { activitybar: { icon: string }[] };
    configuration: { properties: Record<string, { scope: string }> };
  };
}

const ABILITIES: Record<Ability, true> = {
  approve: true,
  question: true,
  permission: true,
  permissionAlways: true,
  tellable: true,
  steerable: true,
  taken: true,
  manual: true,
  resumable: true,
  pausable: true,
  cancellable: true,
  undoable: true,
  troubled: true,
  pushable: true,
  requestable: true,
  hosted: true,
  mendable: true,
  onForge: true,
  retriable: true,
  skippable: true,
  terminal: true,
  diff: true,
  worktree: true,
  result: true,
  planned: true,
  run: true,
};
const OURS = new Set([
  'orchestrate.site',
  'orchestrate.plans',
  'orchestrate.run',
  'orchestrate.repositories',
  'orchestrate.runs',
  'orchestrate.comments',
]);

describe('the manifest', () => {
  let root: string;
  let manifest: Manifest;
  let texts: Record<string, string>;
  before(async () => {
    await activated();
    root = vscode.extensions.getExtension('orchestrate.orchestrate')!.extensionPath;
    manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    texts = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8'));
  });

  it('is what the compiler was told', () => {
    execFileSync('node', [join(root, 'src/host/generate-contributions.mjs'), '--check']);
  });

  it('has a handler for every command, and no other', async () => {
    const registered = (await vscode.commands.getCommands(true)).filter(
      (id) => id.startsWith('orchestrate.') && !id.startsWith('orchestrate.runs.'),
    );
    assert.deepEqual(new Set(registered), new Set<string>(COMMANDS));
  });

  it('names commands, views and abilities that exist in its menus', () => {
    const commands = new Set<string>(COMMANDS);
    for (const item of Object.values(manifest.contributes.menus).flat()) {
      assert.ok(commands.has(item.command), item.command);
      const when = item.when ?? '';
      for (const [, view] of when.matchAll(/view == ([\w.]+)/g))
        assert.ok((VIEWS as readonly string[]).includes(view!), when);
      for (const [, ability] of when.matchAll(/\\b(\w+)\\b/g))
        assert.ok(Object.hasOwn(ABILITIES, ability!), `${ability} is nothing a row can do`);
    }
  });

  it('asks in its when clauses only for keys that are set', () => {
    const clauses = [...Object.values(manifest.contributes.menus).flat(), ...manifest.contributes.viewsWelcome].map(
      ({ when }) => when ?? '',
    );
    for (const when of clauses)
      for (const [key] of when.matchAll(/\borchestrate\.\w+/g)) assert.ok(OURS.has(key), `${key} in: ${when}`);
  });

  it('leads from every welcome text to a command that exists', async () => {
    const all = new Set(await vscode.commands.getCommands(true));
    for (const { contents } of manifest.contributes.viewsWelcome) {
      const text = texts[contents.slice(1, -1)] ?? '';
      for (const [, id] of text.matchAll(/\(command:([^)]+)\)/g))
        assert.ok(
          all.has(id!) || id === 'git.init' || id === 'workbench.trust.manage' || id === 'vscode.openFolder',
          id,
        );
    }
  });

  it('has a text for every key, and a use for every text', () => {
    const used = new Set([...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key!));
    assert.deepEqual(used, new Set(Object.keys(texts)));
  });

  it('ships the pictures it names', () => {
    assert.match(manifest.icon, /\.png$/);
    for (const file of [manifest.icon, ...manifest.contributes.viewsContainers.activitybar.map(({ icon }) => icon)])
      assert.ok(existsSync(join(root, file)), file);
  });

  it('runs beside the workspace', () => {
    assert.deepEqual(manifest.extensionKind, ['workspace']);
  });
});
