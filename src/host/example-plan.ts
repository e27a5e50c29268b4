/** What "Create Plan" writes: small enough to read in a minute, and it runs as it stands. */
export const examplePlan = (
  id: string,
): string => `# A plan: tasks for agents, each done in its own git worktree, tested, then merged.
# Tasks of one wave run at the same time; a task also waits for its dependencies.
plan_id: ${id}
objective: Say hello in two languages

tasks:
  - id: en
    title: English
    wave: 1
    # Who does it: shell runs the line below, manual is you, claude or codex is a coding agent.
    # Without "agent" it is the default of orchestrate.yaml.
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

export const EXAMPLE_CONFIG = `# How results are tested before they are merged, and who works.
# A gate is a command: it passes when it ends with 0.
#   on: task   in the worktree of each task
#       wave   on the merged tasks that complete a wave
#       final  on everything
gates:
  filled:
    run: test -z "$(find hello -empty 2>/dev/null)"
    on: [task, final]
  # test:
  #   run: npm test
  #   on: [task, wave, final]
  #   problems: ["$tsc"]

agents:
  # The agent of a task that names none. auto: whichever is installed and signed in; or claude, codex, shell, manual, …
  default: auto

limits:
  # Agents at work at once, and further attempts after one that failed.
  agents: 4
  retries: 3
`;
