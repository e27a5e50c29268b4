// `npm start`: the whole thing once, for real. Installs and builds what is missing, makes a git repository of
// examples/shop in a temporary folder, runs its plan there and says where to look.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build, home, makeRepository } from './repository.mjs';

build('cli', 'runner');
const folder = makeRepository('shop');
console.log(`\nrunning docs/plan/shop/plan.yaml in ${folder}\n`);
const cli = path.join(home, 'dist', 'cli.cjs');
const { status } = spawnSync(process.execPath, [cli, 'run', '--yes'], { cwd: folder, stdio: 'inherit' });

console.log(`
 The agents were small scripts (agents/ in the repository); the worktrees, tests, merges and commits are real.

 Look      cd ${folder}
           git log --graph --oneline orchestrate/shop
           node ${cli} log
 Try it    git checkout --quiet orchestrate/shop -- . && node bin/shop.js mug=3 tea
 VS Code   npm run vscode -- ${folder}
 Remove    rm -rf ${path.dirname(folder)}
`);
process.exitCode = status ?? 1;
