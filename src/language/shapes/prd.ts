import { type Shape, textsOf } from './shape.ts';

const list = (about: string, keys: Readonly<Record<string, Shape>>): Shape => ({ about, each: { about, keys } });

/** `docs/PRD.yaml`: ten sections under an id and a version. */
export const prdShape: Shape = {
  about: 'What is to be built, independent of any plan.',
  keys: {
    prd_id: { about: 'The name of the document.' },
    version: { about: 'A semantic version, in quotes: "1.0.0".' },
    user_stories: list('Who wants what, and why.', {
      as_a: { about: 'Who wants it.' },
      i_want: { about: 'What is wanted.' },
      so_that: { about: 'What it is good for.' },
    }),
    scope: {
      about: 'What belongs to it and what does not.',
      keys: { in_scope: textsOf('What belongs to it.'), out_of_scope: textsOf('What does not.') },
    },
    acceptance_criteria: list('What must hold in the end.', {
      criterion: { about: 'What must hold.' },
      verification: { about: 'How it is checked.' },
    }),
    needs_clarification: list('What is still to be answered.', {
      question: { about: 'What is to be answered.' },
      context: { about: 'Where the question comes from.' },
      impact: { about: 'What depends on the answer.' },
    }),
    features: list('What it can do.', {
      name: { about: 'What it is called.' },
      overview: { about: 'What it does.' },
      status: {
        about: 'Where it stands.',
        default: 'planned',
        words: { planned: 'Not begun', in_progress: 'Being built', complete: 'Built' },
      },
    }),
    state_machines: list('What goes through states.', {
      name: { about: 'What goes through them.' },
      states: textsOf('The states there are.'),
      transitions: list('How one state becomes another.', {
        from: { about: 'The state before.' },
        to: { about: 'The state after.' },
        trigger: { about: 'What makes it change.' },
      }),
    }),
    errors: list('What it says when something goes wrong.', {
      code: { about: 'A code such as ERR_AUTH_001.' },
      message: { about: 'What people read.' },
    }),
    decisions: list('What was decided.', {
      decision: { about: 'What was decided.' },
      rationale: { about: 'Why.' },
    }),
    changes: list('What changed between versions.', {
      version: { about: 'The version that changed.' },
      change: { about: 'What changed.' },
    }),
  },
};
