import { readReport } from '../../engine/past/report.ts';
import type { RunSession } from '../../engine/session.ts';
import { describe } from '../../model/failure.ts';
import { reportInShort, reportPage } from '../../model/report/page.ts';
import type { Report } from '../../model/report/report.ts';
import { diagnose, type Diagnosis, failedTasks } from '../../model/run/diagnosis.ts';
import { diagnosisWords, optionWords, REMEDY } from '../../model/shown/diagnosis-words.ts';
import { escaped } from '../../model/text/markdown.ts';
import { CHAT_COMMANDS, type ChatCommand } from '../contributions.ts';
import type { Parts } from '../parts.ts';
import { inSite, type Tools } from './tools.ts';
import { clock, span } from '../words.ts';

/** Answers what is said to `@orchestrate`, in Markdown: a command of it where one was given, and the words. */
export type Chat = (command: string | undefined, words: string) => Promise<string>;

/**
 * `@orchestrate` of the editor's chat tells of runs without asking a model, and may put a plan before the person. It gets
 * no way to say yes.
 */
export function chatOf(parts: Parts, tools: Tools): Chat {
  const answers: Record<ChatCommand, (words: string) => Promise<string>> = {
    status: (words) => inSite(parts, () => told(parts, words, reportInShort)),
    why: (words) => inSite(parts, () => Promise.resolve(why(parts, words))),
    report: (words) => inSite(parts, () => told(parts, words, reportPage)),
    start: async (words) => escaped(await tools.orchestrate_start({ plan: words })),
  };
  return (command, words) => answers[CHAT_COMMANDS.find((one) => one === command) ?? 'status'](words.trim());
}

const NONE = 'There is no such run among those that are shown.';

/** The run that words name by its id, its beginning, or its plan; the newest where there are none. */
const runOf = ({ runs }: Parts, words: string): RunSession | undefined =>
  words === ''
    ? runs.current
    : runs.sessions.find(({ state }) => state.run.startsWith(words) || state.plan.id === words);

async function told(
  parts: Parts,
  words: string,
  write: (report: Report, clocks: { clock: typeof clock; span: typeof span }) => string,
): Promise<string> {
  const session = runOf(parts, words);
  if (!session) return NONE;
  const report = await readReport(session.ref, span);
  return report.ok ? write(report.value, { clock, span }) : escaped(describe(report.failure));
}

/** Of the task of the current run that is named, or of all that failed. */
function why(parts: Parts, words: string): string {
  const session = runOf(parts, '');
  if (!session) return NONE;
  const { state } = session;
  const named = state.tasks.get(words);
  if (words !== '' && !named) return escaped(`Run ${state.run} has no task "${words}".`);
  const found = diagnose(state, named ? [named] : failedTasks(state), state.at);
  return found.length === 0 ? 'Nothing has failed.' : found.map(diagnosisPart).join('\n\n');
}

function diagnosisPart(found: Diagnosis): string {
  const { cause, impact } = diagnosisWords(found);
  const options = found.options.map((option) => {
    const advice = option.because === undefined ? '' : ` (advised: ${option.because})`;
    return `${REMEDY[option.remedy]}${advice}: ${optionWords(option, found.task)}`;
  });
  const lines = [...cause, ...impact, ...options].map((line) => `- ${escaped(line)}`);
  return [`**${escaped(found.task.task.id)}**`, '', ...lines].join('\n');
}
