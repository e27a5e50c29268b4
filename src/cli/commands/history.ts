import { pastRuns } from '../../engine/past/past-runs.ts';
import { ok } from '../../model/failure.ts';
import { type PastRun, trendsOf, trendWords } from '../../model/shown/history.ts';
import { type Command, inRepository } from '../call.ts';
import { EXIT } from '../exit.ts';
import type { Style } from '../shown/style.ts';
import { clockText, pad, plain, timeText, widthOf } from '../shown/text.ts';

export const history: Command = {
  summary: 'the last runs: what came of them, how long they took, how often they tried',
  more:
    'speed-up: the time of agents and gates, divided by the time that passed. retries: attempts that failed and were followed by another.\n' +
    'A trend is told where the last three runs all lie beyond the four to eight before them. With --json: one object.',
  places: [],
  options: ['json'],
  run: (call) =>
    inRepository(call, async (repository) => {
      const { terminal, options } = call;
      const runs = await pastRuns(repository);
      const trends = trendsOf(runs);
      if (options.json) terminal.print(JSON.stringify({ runs, trends }, undefined, 2));
      else if (runs.length === 0) terminal.print('Nothing has run here yet. Start a plan: orchestrate run');
      else
        terminal.print(
          ...table(runs, Date.now(), terminal.style),
          ...trends.map((trend) => ` ${plain(trendWords(trend))}`),
        );
      return ok(EXIT.merged);
    }),
};

const HEAD = ['run', 'began', 'outcome', 'tasks', 'time', 'speed-up', 'retries'];

/** A line for each run, newest last. */
function table(runs: readonly PastRun[], now: number, { paint }: Style): string[] {
  const rows = runs.map((run) => cellsOf(run, now));
  const widths = HEAD.map((name, column) => Math.max(...[name, ...rows.map((row) => row[column] ?? '')].map(widthOf)));
  const line = (cells: readonly string[]): string =>
    ` ${cells.map((cell, column) => pad(cell, widths[column] ?? 0)).join('  ')}`.trimEnd();
  return [paint('dim', line(HEAD)), ...rows.map(line)];
}

const cellsOf = (run: PastRun, now: number): string[] => [
  plain(run.run),
  clockText(run.startedAt, now),
  run.outcome,
  `${run.done} of ${run.tasks}${run.failed > 0 ? `, ${run.failed} failed` : ''}`,
  timeText(run.wall),
  run.speedUp === undefined ? '' : run.speedUp.toFixed(1),
  String(run.retries),
];
