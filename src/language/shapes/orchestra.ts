import { namesOf, type Shape, textsOf } from './shape.ts';

const REVIEW = {
  required: 'It always happens',
  optional: 'The lead decides',
  skip: 'It does not happen',
};
const COMPLEXITIES = { trivial: '', quick: '', standard: '', complex: '' };
const removed = (instead: string): Shape => ({ about: 'Of an older version; it counts for nothing.', instead });

/** `.orchestra/config.yml` of 4.0.0; what older ones had is there to be told from typing errors. */
export const orchestraConfigShape: Shape = {
  about: 'Settings of Orchestra.',
  keys: {
    pipeline: {
      about: 'How a milestone is worked on.',
      keys: {
        models: {
          about: 'The model for phases of each complexity.',
          keys: {
            trivial: { about: 'The model of trivial phases.', default: 'haiku' },
            quick: { about: 'The model of quick phases.', default: 'sonnet' },
            standard: { about: 'The model of standard phases.', default: 'sonnet' },
            complex: { about: 'The model of complex phases.', default: 'opus' },
          },
          each: { about: 'The model of phases of this complexity.' },
        },
        rfc_approval: { about: 'Whether a person approves the RFC.', default: 'skip', words: REVIEW },
        review: { about: 'Whether results are reviewed.', default: 'required', words: REVIEW },
        parallel: {
          about: 'Whether phases may be worked on at once.',
          default: 'disabled',
          words: { enabled: 'Those that depend on nothing', disabled: 'One after the other' },
        },
        default_pipeline: {
          about: 'The steps of a milestone that names none.',
          default: 'full',
          words: { quick: '', standard: '', full: '' },
        },
        default_complexity: {
          about: 'The complexity of a phase that names none.',
          default: 'standard',
          words: COMPLEXITIES,
        },
        milestone_isolation: removed('a milestone always has an agent of its own'),
        max_rfc_rounds: removed('three rounds'),
        max_milestone_review_rounds: removed('three rounds'),
      },
    },
    thresholds: {
      about: 'When to stop.',
      keys: {
        stuck_retry_limit: { about: 'Attempts before a phase counts as stuck.', default: '3' },
        milestone_lock_timeout: removed('a lock is stale after 60 minutes'),
        re_review_lines: removed('a fix of 50 lines or more is reviewed again'),
        phase_time_limit: removed('no limit'),
        phase_tool_limit: removed('no limit'),
      },
    },
    verification: {
      about: 'Commands that must pass. Empty: the check is left out.',
      keys: {
        typecheck: { about: 'Checks types.', default: 'npx tsc --noEmit' },
        test: { about: 'Runs the tests.', default: 'npm test' },
        lint: { about: 'Checks the style.', default: 'npm run lint' },
      },
      each: { about: 'A further command that must pass.' },
    },
  },
};

/** What stands between the `---` lines of `phases/phase-N.md`. */
export const phaseShape: Shape = {
  about: 'A phase of a milestone.',
  keys: {
    status: {
      about: 'Where the phase stands.',
      default: 'pending',
      words: { pending: 'Not begun', 'in-progress': 'Being worked on', done: 'Done', failed: 'Given up' },
    },
    order: { about: 'Its place among the phases.', default: "the number in the file's name" },
    complexity: { about: 'Picks the model.', default: 'pipeline.default_complexity', words: COMPLEXITIES },
    skills: textsOf('Skills that the agent reads first.'),
    depends_on: namesOf('phases', 'Phases that come before it.'),
    role: { about: 'The role that works on it, of older versions.' },
  },
};
