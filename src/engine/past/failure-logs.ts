import { failureLogFile, planFolder } from '../../formats/gem/documents.ts';
import type { FileEdit } from '../../formats/shown.ts';
import type { AttemptFailure } from '../../model/run/event.ts';
import type { RunState } from '../../model/run/state.ts';
import { failedAttempts } from '../plans/origin-files.ts';

/**
 * A log of each task that failed for good, where gem-team's tools look for it: beside the plan in
 * `docs/plan/<id>/logs/`. Its name has the time of the failure, so it is written once.
 */
export function failureLogs(state: RunState): FileEdit[] {
  return failedAttempts(state).flatMap(({ task, attempt }): FileEdit[] => {
    if (attempt.stage.at !== 'ended' || attempt.endedAt === undefined) return [];
    const { failure } = attempt.stage;
    const { path, text } = failureLogFile({
      planId: state.plan.id,
      taskId: task.task.id,
      agent: task.task.agent ?? state.agents[task.task.id]?.name ?? 'agent',
      timestamp: new Date(attempt.endedAt).toISOString(),
      failureType: failure.type,
      summary: failure.message,
      more: {
        retries_attempted: task.retries,
        error_code: failure.kind,
        ...evidenceOf(failure),
        attempt: attempt.name,
      },
    });
    return [
      { file: logFile(state, path.slice(path.indexOf('logs/') + 'logs/'.length)), change: (there) => there ?? text },
    ];
  });
}

/** The place of a log: beside the plan. */
export const logFile = (state: RunState, name: string): string => `${planFolder(state)}/logs/${name}`;

/** What a reviewer would want to see first. */
function evidenceOf(failure: AttemptFailure): object {
  switch (failure.kind) {
    case 'gate':
    case 'together':
      return {
        gate: failure.run.gate,
        critical_issues: failure.run.problems.slice(0, 20).map(({ file, range, message }) => ({
          location: file === undefined ? 'unknown' : `${file}:${range.line}`,
          issue: message,
        })),
      };
    case 'finding':
      return {
        critical_issues: failure.findings.flatMap(({ paths, detail }) =>
          (paths.length > 0 ? paths : ['unknown']).map((location) => ({ location, issue: detail })),
        ),
      };
    case 'conflict':
      return {
        conflicts_with: failure.with,
        critical_issues: failure.paths.map((location) => ({ location, issue: 'merge conflict' })),
      };
    case 'setup':
      return { output: failure.tail };
    default:
      return {};
  }
}
