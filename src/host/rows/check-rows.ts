import { type Check, type Checks, checksWords, mendable, type Standing, worst } from '../../model/shown/checks.ts';
import type { RunState } from '../../model/run/state.ts';
import { firstLine } from '../../model/text/headline.ts';
import { type Mark, short } from '../words.ts';
import { grouped, leaf, type Row, rowId } from './row.ts';

/** The checks of what a run has pushed, as they were last read. */
export function checksRow({ run }: RunState, checks: Checks): Row {
  const id = rowId(run, 'checks');
  const standing = worst(checks);
  const { pullRequest } = checks;
  return {
    id,
    target: { run },
    draw: () => ({
      label: pullRequest ? `Pull request #${pullRequest.number}` : 'Checks',
      description: [
        ...(pullRequest?.state === 'closed' ? ['closed'] : []),
        checksWords(checks),
        `on ${short(checks.commit)}`,
      ].join(' · '),
      mark: standing ? MARK[standing] : MARK.pending,
      can: [
        'hosted',
        ...(mendable(checks).length > 0 ? ['mendable' as const] : []),
        ...(pullRequest ? ['onForge' as const] : []),
      ],
      fold: checks.all.length === 0 ? 'leaf' : standing === 'failing' ? 'open' : 'closed',
    }),
    children: () => grouped(id, { run }, checks.all, (check) => checkRow(id, run, check)),
  };
}

const checkRow = (parent: string, run: string, { name, standing, word, said, url }: Check): Row =>
  leaf(rowId(parent, name), { run, check: name }, () => ({
    label: firstLine(name),
    description: [word, ...(said === '' ? [] : [firstLine(said)])].join(' · '),
    mark: MARK[standing],
    can: url === undefined ? [] : ['onForge'],
    ...(url === undefined ? {} : { command: 'orchestrate.openOnForge' as const }),
  }));

const MARK: Record<Standing, Mark> = {
  failing: { icon: 'error', color: 'charts.red' },
  pending: { icon: 'clock', color: 'charts.yellow' },
  passing: { icon: 'pass', color: 'charts.green' },
};
