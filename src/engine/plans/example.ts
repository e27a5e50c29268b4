import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A plan to begin with: small enough to read in a minute, it needs no account, and it runs as it stands. */
export const examplePlan = (
  id: string,
): string => `# A plan: tasks for agents, each done in its own git worktree, tested, then merged.
# Tasks of one wave run side by side. A task that depends on others starts when these are merged, and finds what they did.
plan_id: ${id}
objective: Say hello in two languages

tasks:
  - id: en
    title: English
    wave: 1
    # Who does it: shell runs the line below, manual is you, claude or codex is a coding agent.
    # Without "agent" it is the default of orchestrate.yaml. Write a "description" instead of "run", and it writes the code.
    agent: shell
    run: mkdir -p hello && echo hello > hello/en.txt
    # The files it may change. Tasks whose scopes overlap never run at the same time.
    scope: [hello/en.txt]
    acceptance_criteria:
      - hello/en.txt says hello

  - id: de
    title: German
    wave: 1
    agent: shell
    run: mkdir -p hello && echo hallo > hello/de.txt
    scope: [hello/de.txt]
    acceptance_criteria:
      - hello/de.txt says hallo

  - id: index
    title: Index of all languages
    wave: 2
    agent: shell
    run: cat hello/en.txt hello/de.txt > hello/index.txt
    scope: [hello/index.txt]
    dependencies: [en, de]
    acceptance_criteria:
      - hello/index.txt lists both
`;

/** The orchestrate.yaml beside it: the tests of the repository are its gate where it has some. */
export const exampleConfig = async (
  root: string,
): Promise<string> => `# What decides whether a task is done, who does the tasks, and how many at once.
# Everything here may be left out.

# Gates are commands whose exit code 0 means "good". \`on\` says when:
#   task   on the tree of each attempt       merge  on every tree that is about to be merged
#   wave   on what completes a wave          final  on the last
gates:
  ${(await hasTests(root)) ? 'test: { run: "npm test", on: [wave, final] }' : FILLED}
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

const FILLED = `filled: { run: 'test -z "$(find hello -empty 2>/dev/null)"', on: [task, final] } # for the example`;

/** npm's own placeholder fails always, so it is no test. */
async function hasTests(root: string): Promise<boolean> {
  const text = await readFile(join(root, 'package.json'), 'utf8').catch(() => '');
  return /"test"\s*:\s*"(?!echo )/.test(text);
}
