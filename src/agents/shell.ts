import { ok, refuse, type Result } from '../model/failure.ts';
import type { AgentEvent, AgentOutcome } from '../model/run/job.ts';
import type { AgentReader, AgentRequest, AgentStart, ProcessAgent, ProgramExit } from './agent.ts';
import { NONE } from './capabilities.ts';
import { readable } from './readable.ts';
import { stoppedOutcome } from './adapter.ts';

/** Runs the task's own `run:` line. It needs no account, so it is the agent of first tries, of tests and of chores. */
export const shell: ProcessAgent = {
  kind: 'process',
  name: 'shell',
  title: 'Shell command',
  runsLine: true,
  capabilities: NONE,
  start,
  reader: () => new ShellReader(),
};

function start(request: AgentRequest): Result<AgentStart> {
  const { task, attempt, run, promptFile, feedbackFile, settings } = request;
  if (!task.run) return refuse(`Task "${task.id}" has no \`run:\` line for the shell agent.`);
  const env = {
    ...settings.env,
    ORCHESTRATE_RUN: run,
    ORCHESTRATE_TASK: task.id,
    ORCHESTRATE_ATTEMPT: String(attempt),
    ORCHESTRATE_PROMPT_FILE: promptFile,
    ORCHESTRATE_FEEDBACK_FILE: feedbackFile ?? null,
  };
  return ok({ command: { line: task.run }, env });
}

/** A shell line says nothing but its exit code; the last lines it printed are the evidence. */
class ShellReader implements AgentReader {
  readonly #tail: string[] = [];

  line(line: string, stream: 'stdout' | 'stderr'): AgentEvent[] {
    this.#tail.push(readable(line));
    if (this.#tail.length > 20) this.#tail.shift();
    return [{ type: 'output', stream, text: line }];
  }

  outcome(exit: ProgramExit): AgentOutcome {
    const summary = this.#tail.findLast((line) => line.trim() !== '')?.trim() ?? '';
    if (exit.stopped) return { ...stoppedOutcome(exit.stopped), summary };
    if (exit.code === 0) return { kind: 'succeeded', summary };
    const how = exit.signal ? `was ended by ${exit.signal}` : `exited with ${exit.code}`;
    const message = [`The command ${how}.`, ...this.#tail].join('\n').slice(0, 4000);
    return { kind: 'failed', type: 'fixable', message, summary };
  }
}
