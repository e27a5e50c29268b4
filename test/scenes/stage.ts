// What the scenes share: a repository to open, and agents that wait until the scene lets them go on.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { makeRepository } from '../rig/vscode/scratch-repository.mjs';

/** The packaged extension, as `npm run package` makes it. */
export const vsix = resolve(import.meta.dirname, '../../dist/orchestrate.vsix');

/** Packages the extension that brings a scripted language model, and answers the path. */
export function scriptedModel(): string {
  const out = resolve(import.meta.dirname, '../../dist/scripted-model.vsix');
  const words = ['vsce', 'package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', out];
  execFileSync('npx', words, { cwd: resolve(import.meta.dirname, '../rig/scripted-model'), stdio: 'pipe' });
  return out;
}

export interface Stage {
  workspace: string;
  /** A piece of a shell line that goes on when `release` was called with the same word. */
  wait(word: string): string;
  release(word: string): void;
  [Symbol.dispose](): void;
}

/** `place` is the path of the file that `release` makes. */
export function makeStage(
  files: (wait: Stage['wait'], place: (word: string) => string) => Readonly<Record<string, string>>,
): Stage {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'os-')));
  const place = (word: string): string => join(folder, word);
  const wait = (word: string): string => `while [ ! -e '${place(word)}' ]; do sleep 0.1; done`;
  return {
    workspace: makeRepository(join(folder, 'shop'), files(wait, place)),
    wait,
    release: (word) => writeFileSync(place(word), ''),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Five tasks in three waves; the prices are wrong at first, and say so at file and line; the last wave is held. */
export const shopFiles = (wait: Stage['wait']): Record<string, string> => ({
  'README.md': '# Shop\n',
  'src/README.md': 'Sources\n',
  'check.sh': `found=$(grep -Hn TODO src/*.ts 2>/dev/null | sed -E 's/^([^:]+):([0-9]+):.*/\\1(\\2,20): error TS2304: Cannot find name TODO./')
[ -z "$found" ] || { echo "$found"; exit 1; }
`,
  'orchestrate.yaml': `gates:
  check:
    run: sh check.sh
    on: [task, wave, final]
    problems: ["$tsc"]
limits: { agents: 3, retries: 2 }
`,
  'docs/PRD.yaml': `prd_id: shop
version: 1.0.0
acceptance_criteria:
  - criterion: What is sold has a price
    verification: sh check.sh
  - criterion: A customer is greeted
    verification: a reader
  - criterion: A basket is paid at the till
    verification: sh check.sh
  - criterion: Tea is also sold by the pound
    verification: sh check.sh
`,
  'docs/plan/shop/plan.yaml': `plan_id: shop
objective: Sell two things in a small shop
tasks:
  - id: catalogue
    title: Catalogue
    description: The list of what is sold.
    wave: 1
    agent: shell
    run: "echo 'reading what is sold'; ${wait('wave1')}; echo 'export const things = [];' > src/catalogue.ts; echo 'wrote src/catalogue.ts'"
    scope: [src/catalogue.ts]
    covers: [AC-1]
    acceptance_criteria: [The catalogue lists tea and cups]
  - id: prices
    title: Prices in euros
    wave: 1
    agent: shell
    run: "echo 'reading what is sold'; if [ -e src/prices.ts ]; then ${wait('retry')}; echo 'export const tea = 3;' > src/prices.ts; else ${wait('wave1')}; echo 'export const tea = TODO;' > src/prices.ts; fi"
    scope: [src/prices.ts]
    covers: [AC-1]
    acceptance_criteria: [Every thing has a price]
  - id: basket
    title: Basket
    wave: 2
    agent: shell
    run: "${wait('wave2')}; echo 'export const basket = [];' > src/basket.ts"
    scope: [src/basket.ts]
    covers: [AC-3]
    dependencies: [catalogue, prices]
  - id: words
    title: Words for customers
    wave: 2
    agent: manual
    scope: [words.md]
    covers: [AC-2]
    dependencies: [catalogue]
    acceptance_criteria: [A customer is greeted]
  - id: till
    title: Till
    wave: 3
    agent: shell
    run: "cat src/*.ts > src/till.ts"
    covers: [AC-3]
    dependencies: [basket, words]
`,
});

/** Waits until it is in the browser's storage: the editor keeps tabs and memories there, writes every few seconds, and not when it is left. */
export async function kept(page: Page, what: RegExp): Promise<void> {
  const limit = Date.now() + 60_000;
  while (!what.test(await page.evaluate<string>(STORED))) {
    if (Date.now() > limit) throw new Error(`the editor did not keep ${String(what)}`);
    await page.waitForTimeout(100);
  }
}

/** A page of this type, with the run it is of. */
export const pageOf = (viewType: string): RegExp =>
  new RegExp(String.raw`providedId\W+${viewType}\W(?:(?!providedId).)*?state\W+run\W`, 's');

/** Runs in the page, which knows nothing of this file. */
const STORED = `(async () => {
  const all = [];
  for (const { name } of await indexedDB.databases()) {
    const asked = (request) => new Promise((resolve) => (request.onsuccess = () => resolve(request.result)));
    const database = await asked(indexedDB.open(name));
    for (const store of name.startsWith('vscode-web-state') ? database.objectStoreNames : [])
      all.push(await asked(database.transaction(store).objectStore(store).getAll()));
    database.close();
  }
  return JSON.stringify(all);
})()`;

/** Where an attempt of a task works. */
export const worktreeOf = ({ workspace }: Stage, task: string): string => {
  const folder = join(workspace, '.worktrees');
  const name = readdirSync(folder).find((one) => one.startsWith(`${task}-`));
  if (name === undefined) throw new Error(`no worktree of ${task}`);
  return join(folder, name);
};
