import { namesOf, type Shape, textsOf } from './shape.ts';

const LEVELS = { low: '', medium: '', high: '' };

const task: Shape = {
  about: 'One piece of work for one agent.',
  keys: {
    id: { about: 'The name by which the plan speaks of the task. Each task has its own.' },
    title: { about: 'A few words for people: it stands in the tree and in the commit.', default: 'the id' },
    description: { about: 'What is to be done, as the agent reads it.' },
    wave: {
      about:
        'From 1 on. A task starts after the waves before it, and never before what it depends on: it is at least one above the highest wave among its dependencies.',
      default: '1',
    },
    agent: {
      about: 'Who does it: an agent, or a role that orchestrate.yaml maps to one.',
      default: 'agents.default of orchestrate.yaml',
      names: 'agents',
    },
    agents: namesOf(
      'agents',
      'Two or more that do it at once, each in its own worktree. Of the results that pass their gates one is merged, the others are kept.',
    ),
    pick: {
      about: 'Which result of several agents is merged, where more than one passes.',
      default: 'smallest',
      words: { smallest: 'The fewest changed lines, then files, then the order of "agents"', person: 'You are asked' },
    },
    priority: {
      about: 'What starts first when several tasks are ready.',
      default: 'medium',
      words: { high: 'Before the others', medium: 'The usual', low: 'When nothing else is ready' },
    },
    status: {
      about: 'Where the task stands. Runs write it back; "completed" counts only where its result can be found.',
      default: 'pending',
      words: {
        pending: 'Not begun',
        in_progress: 'An agent is at work',
        completed: 'Done and merged',
        failed: 'Given up after its attempts',
        blocked: 'It waits for something that failed',
        needs_revision: 'Its result was sent back',
      },
    },
    dependencies: namesOf('tasks', 'The tasks whose results it starts from.'),
    conflicts_with: namesOf('tasks', 'Tasks that never work at the same time as this one. It is read both ways.'),
    scope: namesOf('files', 'The files it may change, as paths or globs from the root of the repository.'),
    run: { about: 'The line that the agent "shell" runs.' },
    gates: namesOf(
      'gates',
      'The gates that its result must pass: names of orchestrate.yaml, or approval, for which you look at it too.',
    ),
    model: { about: 'The model that the agent is to use.' },
    effort: { about: 'How hard the model is to think, in the words of the agent.' },
    role: {
      about: 'What its agent is told to be.',
      default: 'what "agent" says, else implementer, or researcher for a report',
      words: {
        implementer: '',
        reviewer: 'Looks and reports, changes nothing',
        researcher: '',
        planner: '',
        documentation: '',
        devops: '',
        'browser-tester': '',
      },
    },
    complexity: {
      about: 'How hard it is: it picks the model where the configuration has one for each.',
      default: 'told from its text',
      words: { trivial: '', quick: '', standard: '', complex: '' },
    },
    environment: {
      about: 'Where it takes effect. Before a task on production begins you are asked.',
      words: { development: '', staging: '', production: 'You are asked before it begins' },
    },
    requires_approval: { about: 'Whether you are asked before it begins.', words: { true: '', false: '' } },
    review_depth: {
      about: 'How closely a reviewer looks at what comes of it.',
      default: 'what the gate says',
      words: { full: '', standard: '', lightweight: '' },
    },
    review_security_sensitive: { about: 'A reviewer looks at it in full.', words: { true: '', false: '' } },
    task_type: {
      about: 'What a documentation task writes.',
      words: { documentation: '', walkthrough: '', update: '' },
    },
    audience: {
      about: 'For whom it is written.',
      words: { developers: '', 'end-users': '', stakeholders: '' },
    },
    coverage_matrix: textsOf('What a documentation is to cover: its agent and its reviewer go through it.'),
    validation_matrix: {
      about: 'What a browser-tester is to try.',
      each: {
        about: 'A scenario, in words or as a mapping.',
        keys: {
          scenario: { about: 'What is tried.' },
          steps: textsOf('What is done, in this order.'),
          expected_result: { about: 'What must be seen then.' },
        },
      },
    },
    skills: textsOf('Skills its agent is given: names of files in .orchestrate/skills.'),
    produces: {
      about: 'Whether a result without changes is a result.',
      default: 'change',
      words: { change: 'Files are changed', report: 'Something is found out; nothing need be changed' },
    },
    estimated_effort: {
      about: 'How large the planner thinks it: a weight for the schedule.',
      words: { small: '', medium: '', large: '' },
    },
    on_failure: {
      about: 'What follows where it fails for good, whatever its gates and orchestrate.yaml say.',
      default: 'what they say',
      words: { skip: 'It is done without: what depends on it goes on' },
    },
    acceptance_criteria: textsOf('What must hold for the task to be done.'),
    covers: namesOf(
      'requirements',
      'Which requirements of docs/PRD.yaml it fulfils, or AC-1, AC-2, … of its acceptance criteria.',
    ),
    verification: textsOf('How it is checked.'),
    context_files: {
      about: 'Files to read first.',
      each: {
        about: 'A file to read first.',
        names: 'files',
        keys: { path: { about: 'Its path.', names: 'files' }, description: { about: 'What is to be seen in it.' } },
      },
    },
    failure_modes: {
      about: 'What may go wrong, for tasks of high and medium priority.',
      each: {
        about: 'What may go wrong.',
        keys: {
          scenario: { about: 'What happens.' },
          likelihood: { about: 'How likely it is.', words: LEVELS },
          impact: { about: 'How bad it is.', words: LEVELS },
          mitigation: { about: 'What is done against it.' },
        },
      },
    },
    estimated_files: { about: 'How many files it will change: at most 3.' },
    estimated_lines: { about: 'How many lines it will change: at most 300.' },
    task_id: { about: 'The id, in some plans.', instead: 'id' },
    name: { about: 'The title, in some plans.', instead: 'title' },
    assigned_agent: { about: 'The agent, in some plans.', names: 'agents', instead: 'agent' },
    depends_on: { ...namesOf('tasks', 'The dependencies, in later versions.'), instead: 'dependencies' },
  },
};

/** `docs/plan/<id>/plan.yaml`. */
export const planShape: Shape = {
  about: 'A plan: an objective and the tasks that reach it.',
  keys: {
    plan_id: { about: 'The name of the plan: of its folder, its runs and its branch.', default: 'the folder' },
    objective: { about: 'What the whole is for. Every agent reads it.' },
    status: {
      about: 'Where the plan stands. Runs write it back.',
      words: { pending_approval: '', approved: '', in_progress: '', completed: '', failed: '' },
    },
    tasks: { about: 'The tasks, in the order in which equals start.', each: task },
    contracts: {
      about: 'What one task promises another.',
      each: {
        about: 'What one task promises another.',
        keys: {
          from_task: { about: 'The task that keeps the promise.', names: 'tasks' },
          to_task: { about: 'The task that relies on it.', names: 'tasks' },
          interface: { about: 'What is promised: names, paths, commands.' },
          format: { about: 'In which form.' },
        },
      },
    },
    created_at: { about: 'When the plan was made.' },
    created_by: { about: 'Who made it.' },
    tldr: { about: 'The plan in a few sentences.' },
    open_questions: textsOf('What is still to be answered.'),
    research_confidence: { about: 'How sure the research is.', words: LEVELS },
    plan_metrics: {
      about: 'Numbers that the planner states. They are counted again before they are believed.',
      keys: {
        wave_1_task_count: { about: 'Tasks in wave 1.' },
        total_dependencies: { about: 'References to other tasks.' },
        risk_score: { about: 'The overall risk of the pre-mortem.', words: LEVELS },
      },
    },
    pre_mortem: {
      about: 'How the plan could fail, thought of before.',
      keys: {
        overall_risk_level: { about: 'All in all.', words: LEVELS },
        critical_failure_modes: {
          about: 'The worst of what may go wrong.',
          each: task.keys?.['failure_modes']?.each ?? task,
        },
        assumptions: textsOf('What the plan takes for granted.'),
      },
    },
  },
};
