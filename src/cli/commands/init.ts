import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeNewInside } from '../../engine/text-file.ts';
import type { Repository } from '../../git/repository.ts';
import { ok, type Result } from '../../model/failure.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';

export const init: Command = {
  summary: 'write an example plan and an orchestrate.yaml, never over a file that is there',
  places: [],
  options: [],
  run: (call) => inRepository(call, (repository) => writeExamples(call, repository)),
};

const PLAN_FILE = join('docs', 'plan', 'example', 'plan.yaml');

async function writeExamples({ terminal }: Call, { root }: Repository): Promise<Result<ExitCode>> {
  const files = [
    ['orchestrate.yaml', configText(await hasTests(root))],
    [PLAN_FILE, PLAN],
  ] as const;
  for (const [file, text] of files) {
    const written = await writeNewInside(file, root, text);
    if (!written.ok) return written;
    terminal.print(written.value ? `wrote ${file}` : `${file} is there already and was left as it is`);
  }
  terminal.print('', 'Next: look at both, then', `  orchestrate run ${PLAN_FILE}`);
  return ok(EXIT.merged);
}

/** npm's own placeholder fails always, so it is no test. */
async function hasTests(root: string): Promise<boolean> {
  const text = await readFile(join(root, 'package.json'), 'utf8').catch(() => '');
  return /"test"\s*:\s*"(?!echo )/.test(text);
}

const configText = (
  tests: boolean,
): string => `# What decides whether a task is done, who does the tasks, and how many at once.
# Everything here may be left out.

# Gates are commands whose exit code 0 means "good". \`on\` says when:
#   task   on the tree of each attempt       merge  on every tree that is about to be merged
#   wave   on what completes a wave          final  on the last
${tests ? '' : '# '}gates:
${tests ? '' : '# '}  test: { run: "npm test", on: [wave, final] }
#   lint: { run: "npm run lint", on: [task] }
#   types: { run: "npx tsc --noEmit", on: [task, final], problems: ["$tsc"] }
# Or an agent that reviews, changes nothing and says what is wrong; best another than the author:
#   review: { agent: codex, on: [task, final], depth: standard, prompt: "Look at the migrations first." }

agents:
  default: auto # of tasks that name none: whichever is installed and signed in; or its name, shell (a task's own \`run:\` line), manual (you)

limits:
  agents: 4 # at work at once
  retries: 3 # further attempts of a task, each with the output of what failed

# Files that only these may change: roles, agents, person (you are asked) or nobody.
# protected: { "migrations/**": [person], package-lock.json: nobody }

# Where the result is pushed once all of it has passed, as orchestrate/<plan_id>; else nothing leaves this machine.
# push: origin
`;

const PLAN = `# An example that needs no account: each task is a line for the shell.
# Replace \`agent: shell\` and \`run:\` by a \`description:\`, and an agent writes the code.
plan_id: example
objective: Say hello in two languages

tasks:
  # Tasks of one wave run side by side, each in a git worktree of its own.
  - id: en
    title: English
    wave: 1
    agent: shell
    run: echo hello > en.txt
    scope: [en.txt] # the files it may change; tasks whose scopes overlap never run at the same time

  - id: de
    title: German
    wave: 1
    agent: shell
    run: echo hallo > de.txt
    scope: [de.txt]

  # It starts when what it depends on is merged, and finds it in its worktree.
  - id: index
    title: Index
    wave: 2
    agent: shell
    run: cat en.txt de.txt > index.txt
    scope: [index.txt]
    dependencies: [en, de]
`;
