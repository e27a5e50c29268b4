import { readReport, type Report } from '../crew/report.ts';
import { TESTER } from '../crew/role.ts';
import type { AttemptFailure } from '../run/event.ts';
import type { Attempt, RunState } from '../run/state.ts';
import { questionsOf } from './asking.ts';

/**
 * A role that ends with a report says in it how it went. What a reviewer finds wrong is wrong with the work and not with
 * the review: another review finds it again, so a person is asked.
 */
export function wrongWithReport(state: RunState, attempt: Attempt): AttemptFailure | undefined {
  const { task, end, result } = attempt;
  const { reports, readOnly, role } = state.agents[task] ?? {};
  const agent = end?.kind === 'exited' ? end.exit.agent : undefined;
  // That a reviewer changed something says more.
  if (!reports || agent?.kind !== 'succeeded' || (readOnly && result?.commit)) return undefined;
  const asked = wrongWithQuestions(questionsOf(state, attempt));
  if (asked !== undefined) return { kind: 'agent', type: 'fixable', message: asked };
  const report = readReport(agent.summary);
  if (report.ok) return reported(report.value, role, readOnly === true);
  const message = `Its last message is not the report it was asked for: ${report.failure}`;
  return { kind: 'agent', type: 'fixable', message };
}

/** What it asks and nobody was asked: those that were are answered by now. */
function wrongWithQuestions(asked: ReturnType<typeof questionsOf>): string | undefined {
  if (!asked.ok) return `Its questions cannot be asked: ${asked.failure}`;
  return asked.value.length > 0 ? 'It asked often enough: what is open it decides, and says so.' : undefined;
}

/** What it saw fail has failed, whatever it calls it; another try of it sees the same, so a person is asked. */
function tried({ failures, evidence, failureType }: Report): AttemptFailure {
  const kept = evidence === undefined ? '' : ` (evidence in its worktree: ${evidence})`;
  const more = failures.length > MOST_FAILURES ? `, and ${failures.length - MOST_FAILURES} more` : '';
  const message = `It reports what does not work: ${failures.slice(0, MOST_FAILURES).join('; ')}${more}${kept}`;
  const type = failureType === 'transient' || failureType === 'needs_replan' ? failureType : 'escalate';
  return { kind: 'agent', type, message };
}

const MOST_FAILURES = 5;

function reported(report: Report, role = '', readOnly = false): AttemptFailure | undefined {
  if (role === TESTER && report.failures.length > 0) return tried(report);
  const { status, summary, failureType = 'fixable' } = report;
  if (status === 'completed') return undefined;
  const type = readOnly && failureType !== 'transient' ? 'escalate' : failureType;
  return { kind: 'agent', type, message: `It reports ${status}: ${summary}` };
}
