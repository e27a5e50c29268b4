import type { FileEdit } from '../../formats/shown.ts';
import type { Attempt, RunState, TakenBack } from '../../model/run/state.ts';
import { logFile } from './failure-logs.ts';
import { refs } from '../places.ts';

/** What was taken back and where all of it lies, one file for each time, beside the logs of failed tasks. */
export const rollbackReports = (state: RunState): FileEdit[] =>
  state.rollbacks.map((one, index) => {
    const number = index + 1;
    const file = logFile(state, `rollback-${state.run}-${number}.md`);
    return { file, change: (there) => there ?? report(state, one, number) };
  });

function report(state: RunState, { from, to, at, gone, merges }: TakenBack, number: number): string {
  const ref = refs.undone(state.run, number);
  const rows = gone.flatMap((id) => (state.tasks.get(id)?.attempts ?? []).filter(before(at)).map(row(state)));
  return [
    `# Taken back in run ${state.run}`,
    '',
    `${new Date(at).toISOString()}: the result went from ${from} back to ${to}.`,
    ...(merges.length === 0
      ? []
      : [
          '',
          `What was merged is kept as it was under \`${ref}\`. To have it again:`,
          '',
          `    git branch saved ${ref}`,
        ]),
    '',
    '| task | attempt | what it made |',
    '| --- | --- | --- |',
    ...rows,
    '',
    'Worktrees that held more than that are in the trash: `orchestrate trash`.',
    '',
  ].join('\n');
}

const before =
  (at: number) =>
  ({ startedAt }: Attempt): boolean =>
    startedAt <= at;

/** Titles and paths are data; ids and names of refs hold nothing that a table would take for its own. */
const row =
  ({ run }: RunState) =>
  ({ task, number, name, result }: Attempt): string =>
    `| \`${task.replaceAll(/[`|\n]/g, '·')}\` | ${number} | ${result?.commit ? `${result.commit.slice(0, 10)}, \`${refs.result(run, name)}\`` : 'nothing that is in a commit'} |`;
