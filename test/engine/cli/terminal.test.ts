import { strict as assert } from 'node:assert';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { DONE, ScriptedPlanner } from '../../rig/planner.ts';
import { TemporaryRepository } from '../../rig/repository.ts';
import { CLI, RunRig } from '../../rig/run.ts';

/** Runs the command line in a pseudo terminal and answers what it asks; gives all it wrote, and its code. */
function inTerminal(
  root: string,
  words: string,
  answers: readonly (readonly [RegExp, string])[],
): Promise<{ code: number | null; written: string }> {
  const env = { ...process.env, TERM: 'xterm-256color', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
  const command = `stty cols 80 rows 24; exec '${process.execPath}' '${CLI}' ${words}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: root, env });
  const left = [...answers];
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
    const [next] = left;
    if (!next?.[0].test(stripVTControlCharacters(written))) return;
    left.shift();
    child.stdin.write(next[1]);
  });
  return new Promise((resolve_) => child.once('close', (code) => resolve_({ code, written })));
}

describe('in a terminal', function () {
  // Its `script` makes the pseudo terminal; others have another program of that name, or none.
  if (process.platform !== 'linux') return;

  it('draws the run live, asks for the approval and gives the terminal back', async () => {
    await using rig = new RunRig({
      tasks: `  - { id: a, run: "echo a > a.txt" }\n  - { id: b, run: "echo b > b.txt", wave: 2 }\n`,
    });
    const { code, written } = await inTerminal(rig.root, 'run', [[/\[y\] Approve/, 'y']]);
    assert.equal(code, 0, written);
    for (const part of ['Wave 1', 'Approve the plan', '\u001b[?25l', '\u001b[?25h', '✔ Merged: An example']) {
      assert.ok(written.includes(part), `${part} in ${written}`);
    }
    assert.ok(written.lastIndexOf('\u001b[?25h') > written.lastIndexOf('\u001b[?25l'), 'the cursor is back');
  });

  it('takes no for an answer, with the reason', async () => {
    await using rig = new RunRig({ tasks: `  - { id: a, run: "echo a > a.txt" }\n` });
    const { code, written } = await inTerminal(rig.root, 'run', [
      [/\[n\] Reject/, 'n'],
      [/Why\?/, 'too small\r'],
    ]);
    assert.equal(code, 1, written);
    assert.match(stripVTControlCharacters(written), /✘ Rejected: An example\r\n +too small/);
  });

  it('plans an objective: asks one question after the other, writes on a key, and goes on to the approval', async () => {
    const questions = [
      { id: 'language', question: 'In which language?', options: ['English', 'German'] },
      { id: 'loud', question: 'How loud?', options: ['Softly', 'Loudly'] },
    ];
    const hello = '  - { id: hello, title: Write it, agent: shell, run: "echo hello > hello.txt" }\n';
    const plan = `plan_id: "{id}"\nobjective: A greeting\ntasks:\n${hello}`;
    const turns = [
      { says: JSON.stringify({ extra: { questions } }) },
      { files: { 'docs/plan/{id}/plan.yaml': plan }, says: DONE },
    ];
    await using repository = TemporaryRepository.with({ 'README.md': '# Example\n' });
    const planner = new ScriptedPlanner(repository.folder('planner'), turns);
    repository.commit({ 'orchestrate.yaml': planner.config });
    const { code, written } = await inTerminal(repository.root, "plan 'Greet whoever comes'", [
      [/\[2\] German/, '2'],
      [/\[3\] Another answer/, '3'],
      [/Your answer:/, 'As you like\r'],
      [/Write into the checkout\?/, 'y'],
      [/\[y\] Approve/, 'y'],
    ]);
    assert.equal(code, 0, written);
    assert.match(planner.prompts()[1]?.text ?? '', /- In which language\? German\n- How loud\? As you like/);
    assert.match(stripVTControlCharacters(written), /✔ Merged: A greeting/);
  });

  it('asks on Ctrl+C, and stops the agents', async () => {
    await using rig = new RunRig({ tasks: `  - { id: a, run: "echo a > a.txt; exec tail -f /dev/null" }\n` });
    const { code, written } = await inTerminal(rig.root, 'run --yes', [
      [/● a +.*running/, '\u0003'],
      [/\[s\] stop the agents/, 's'],
    ]);
    assert.equal(code, 130, written);
    assert.match(written, /✘ Cancelled/);
  });
});

describe('npm start', () => {
  it('runs the example to its end, with a retry, and says where to look', function () {
    this.timeout(240_000);
    const env = { ...process.env, SHOP_PACE: '0' };
    const told = execFileSync(process.execPath, [resolve('examples/start.mjs')], { encoding: 'utf8', env });
    const [, folder = ''] = /running \S+ in (\S+)/.exec(told) ?? [];
    try {
      assert.match(told, /✔ Merged: A shop/);
      assert.match(told, /discount +done +2 .* test ✘, then test ✔/);
      assert.match(told, /wave 3/);
      assert.match(told, /npm run vscode/);
      const shop = 'git checkout --quiet orchestrate/shop -- . && node bin/shop.js mug=3 tea';
      assert.equal(execFileSync('sh', ['-c', shop], { cwd: folder, encoding: 'utf8' }), 'order 1: 30.53 €\n');
    } finally {
      if (existsSync(folder)) rmSync(dirname(folder), { recursive: true });
    }
  });
});
