import { defined } from '../../model/defined.ts';
import { headline } from '../../model/text/headline.ts';
import { finishDraft } from '../draft.ts';
import { conventional } from './commit.ts';

/**
 * The text of a plan of one task: what is wrong, put right by a commit of the type "fix". `agent`: who does it, absent
 * for the configured default.
 */
export const hotfixPlan = (id: string, wrong: string, agent?: string): string =>
  finishDraft(
    {
      data: {
        plan_id: id,
        objective: `Hotfix: ${headline(wrong)}`,
        tasks: [
          defined({
            id: 'fix',
            title: conventional(headline(wrong), 'fix'),
            description: wrong.trim(),
            priority: 'high',
            agent,
            acceptance_criteria: [
              'What is described is put right at its cause, and where there are tests one of them shows it',
              'Nothing is changed that this does not need',
            ],
          }),
        ],
      },
      places: new Map(),
    },
    'A hotfix: one urgent change that nobody plans. Every gate of orchestrate.yaml holds.',
  ).native;
