import { namesOf, type Shape, textsOf } from './shape.ts';

function grades(example: string): Record<string, Shape> {
  const about = (what: string): Shape => ({ about: `For ${what} tasks, e.g. ${example}.` });
  return { trivial: about('trivial'), quick: about('quick'), standard: about('usual'), complex: about('hard') };
}

const LEAVE = {
  ask: 'A person is asked',
  'allow-in-worktree': "Without asking where it stays in the task's worktree",
  allow: 'Without asking',
};
const leave = (what: string, usual: string): Shape => ({ about: `Leave to ${what}.`, default: usual, words: LEAVE });
const permissions: Shape = {
  about: 'What agents that ask leave may do without asking a person.',
  keys: {
    read: leave('read files', 'allow-in-worktree'),
    edit: leave('change files', 'allow-in-worktree'),
    execute: leave('run programs', 'ask'),
    fetch: leave('read from the network', 'ask'),
    other: leave('do anything else', 'ask'),
  },
};

const settings: Shape = {
  about: 'How this agent is started.',
  keys: {
    command: textsOf('Program and leading arguments in place of the one on PATH.'),
    model: { about: 'The model of tasks that name none.' },
    effort: { about: 'How hard the model is to think, in the words of the agent.' },
    models: { about: 'The model of tasks by how hard they are; else "model".', keys: grades('opus') },
    efforts: { about: 'How hard the model is to think, by how hard the task is; else "effort".', keys: grades('high') },
    args: textsOf('Further arguments, as they are.'),
    env: { about: 'Variables of its environment.', each: { about: 'A variable of the environment.' } },
    markers: {
      about: 'It is asked to say in words how far it is: [STATUS: …], [COMPLETE].',
      words: { true: '', false: '' },
    },
    acp: { about: 'It speaks the Agent Client Protocol; makes an agent of any name.', words: { true: '', false: '' } },
    mode: { about: 'The session mode to choose, for agents that are spoken with.' },
    stall: { about: 'After so long a silence its model counts as dead: 2m, 10m.' },
    permissions,
    maxTurns: { about: 'After so many turns the agent is stopped.' },
    max_turns: { about: 'After so many turns the agent is stopped.', instead: 'maxTurns' },
  },
};

const ON_FAILURE = {
  continue: 'Everything that does not need it goes on',
  pause: 'No task of its wave is begun until a person says how it goes on',
  stop: 'Nothing new starts',
  rollback: 'What its wave has merged goes back and the wave begins anew, once',
};

const gate: Shape = {
  about: 'A command that results must pass, which it says by ending with 0; an agent that reviews them, or a person.',
  keys: {
    run: { about: 'A line for the shell, or a list of program and arguments.' },
    agent: { about: 'Who reviews, instead of a command: it looks and changes nothing.', names: 'agents' },
    ask: { about: 'What a person is to look at, instead of a command: nothing is merged before they approve.' },
    depth: {
      about: 'How closely a reviewer looks.',
      default: 'standard',
      words: {
        full: 'Security, edge cases and tests too',
        standard: 'Criteria, correctness and quality',
        lightweight: 'What is plainly wrong',
      },
    },
    prompt: { about: 'What a reviewer is to look for beyond that: the migrations, the wording of messages.' },
    model: { about: 'The model of the reviewer.' },
    effort: { about: 'How hard the reviewer is to think.' },
    on: {
      about: 'When it runs.',
      default: 'wave',
      words: {
        task: "In the task's own worktree, before its result is merged",
        merge: 'On every candidate of the merge queue',
        wave: 'On the merged tasks that complete a wave',
        final: 'On everything, at the end',
        plan: 'On a plan that an agent makes, before you are asked to take it',
      },
    },
    problems: namesOf('matchers', 'Matchers that find file, line and message in its output.'),
    report: {
      about: 'A report of tests that it writes.',
      keys: {
        format: {
          about: 'The form of the report.',
          words: { junit: 'JUnit XML', tap: 'Test Anything Protocol', lines: '[GATE: name] … PASSED (45/45 tests)' },
        },
        file: {
          about: 'Where it is written, from the root of the tree; without it the output is the report.',
          names: 'files',
        },
      },
    },
    timeout: { about: 'It is ended after this long: 30s, 10m, 2h.' },
    on_failure: {
      about: 'What happens when a task is given up because of it, instead of what is said of any.',
      words: ON_FAILURE,
    },
  },
};
const on = gate.keys?.['on'];
if (on) on.each = { about: on.about, ...(on.words ? { words: on.words } : {}) };

/** `orchestrate.yaml`. */
export const configShape: Shape = {
  about: 'How results are tested before they are merged, and who works.',
  keys: {
    gates: { about: 'Commands that results must pass before they are merged, by name.', each: gate },
    agents: {
      about: 'Who works, and how each is started.',
      keys: {
        default: { about: 'The agent of a task that names none.', default: 'auto', names: 'agents' },
        roles: {
          about: 'Which agent plays a role that plans name, e.g. gem-implementer: claude.',
          each: {
            about: 'The agent that plays this role, or a mapping with agent, model and effort.',
            names: 'agents',
            keys: {
              agent: { about: 'Who plays it.', names: 'agents' },
              model: { about: 'The model of this role, whatever the task.' },
              effort: { about: 'How hard it is to think.' },
              may_change: textsOf('Globs of all that this role may change, whatever its task.'),
            },
          },
        },
      },
      each: settings,
    },
    limits: {
      about: 'How much at once, and how often again.',
      keys: {
        agents: { about: 'Agents at work at once.', default: '4' },
        gates: { about: 'Gates at work at once.', default: '2' },
        retries: { about: 'Further attempts after the first that failed by its own fault.', default: '3' },
        conflicts: { about: 'Revisions after a merge conflict; they spend no retry.', default: '2' },
        batch: {
          about: 'Tasks begin in batches of so many; the next when the one before is through.',
          default: 'no batches',
        },
        attempt: { about: 'An attempt is ended after this long: 30m, 2h.', default: 'no limit' },
        idle: {
          about:
            'An attempt is ended after this long without new output, processor time, a file or a commit; 0: never.',
          default: '20m',
        },
        steps: { about: 'An attempt is ended after so many tools in a row without effect; 0: never.', default: '25' },
        errors: {
          about: 'An attempt is ended when a tool gives the same error so often, among its last tools; 0: never.',
          default: '10',
        },
        flood: { about: 'An attempt is ended when it prints more than this in a minute; 0: never.', default: '64MB' },
        budget: {
          about: 'The most that may be spent, in US dollars, or as a mapping with usd and tokens.',
          keys: {
            run: { about: 'By the run: then nothing new is begun and a person is asked.' },
            task: { about: 'By each task: its attempt is ended and a person is asked.' },
          },
        },
        memory: {
          about:
            'Nothing is begun that would take more: a share of the machine, 80%, or a size for what the run itself takes, 8GB; 0: never looked at.',
          default: '85%',
        },
        cpu: {
          about:
            'While the processors are busier than this only half as many agents and gates are begun: 90%; 0: never.',
          default: 'not looked at',
        },
        disk: {
          about: 'Nothing is begun while less is free on the disk: 2GB; 0: never looked at.',
          default: '500MB',
        },
        stuck: {
          about: 'After so many equal failures another way is tried once, then a person is asked; 0: never.',
          default: '3',
        },
        tools: { about: 'An attempt is ended when it used more tools than this.', default: 'no limit' },
      },
    },
    correlation: {
      about: 'Each task has an id that its agent must answer with and that names it in what is told.',
      default: 'disabled',
      words: { enabled: '', disabled: '' },
    },
    mode: {
      about: 'When a task may start.',
      default: 'waves',
      words: {
        waves: 'When the wave before it is merged',
        continuous: 'As soon as its dependencies are merged',
        adaptive: 'As waves, each fitted to what came of the one before',
      },
    },
    on_failure: { about: 'What happens when a task is given up.', default: 'continue', words: ON_FAILURE },
    on_conflict: {
      about: 'What happens to a result that does not merge with another.',
      default: 'revise',
      words: { revise: 'It is made anew on top of the other', ask: 'A person says what becomes of it' },
    },
    scope: {
      about: "What happens to a change outside a task's declared scope.",
      default: 'warn',
      words: { warn: 'It is shown', ask: 'A person decides', block: 'It is refused' },
    },
    protected: {
      about: 'Files that not everybody may change, as a list of globs, or globs and who may.',
      each: { about: 'Who may change them: roles, agents, "person" (you are asked) or "nobody".', names: 'agents' },
    },
    push: {
      about: 'Where the result is pushed when every task is merged and every gate green; never forced.',
      default: 'nowhere',
      keys: {
        remote: { about: 'A remote of the repository.', default: 'origin' },
        branch: textsOf('Its branch, or several of which all are moved or none; with {plan_id} and {run}.'),
      },
    },
    permissions,
    setup: { about: 'A line that is run in every new worktree before its agent, e.g. npm ci.' },
    progress: { about: 'How often progress is reported in plain terminals and logs: 30s, 5m.', default: 'never' },
    worktrees: {
      about: 'Where tasks are worked on.',
      keys: {
        folder: {
          about: 'Their folder, from the root. It starts with a dot, so that nothing watches it.',
          default: '.worktrees',
        },
        copy: textsOf('Ignored files to copy into each worktree, as paths or globs.'),
        branch: {
          about: "Pattern of an attempt's branch, with {name} and {task}.",
          default: 'orchestrate-tasks/{name}',
        },
      },
    },
    disk: {
      about: 'What is kept of runs that have ended, and of worktrees that were removed.',
      keys: {
        keep: { about: 'So long: 14d, 30d; 0: for ever.', default: '30d' },
        budget: {
          about: 'What they may take together: 500MB, 5GB; then the oldest go whose result was taken; 0: any size.',
          default: '5GB',
        },
      },
    },
    guard: {
      about: 'What is looked for in every result before it is merged.',
      keys: { exempt: textsOf('Globs of files in which conflict markers are text.') },
    },
    planning: {
      about: 'How agents make plans.',
      keys: {
        rounds: {
          about:
            'A plan, or a result that you look at, is made anew so often for what you say of it; then you are asked whether to go on.',
          default: '3',
        },
        complexity: {
          about: 'How much is found out before an objective is planned.',
          default: 'auto',
          words: {
            auto: 'Told from its words',
            simple: 'It is planned at once',
            medium: 'What is open is asked first',
            complex: 'Up to four researchers look into it first',
          },
        },
      },
    },
  },
};
