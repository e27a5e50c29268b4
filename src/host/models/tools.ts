import * as vscode from 'vscode';
import type { AgentRequest, HostedAttempt } from '../../agents/agent.ts';
import { ALLOW_COMMANDS } from '../../agents/editor.ts';
import { WORKTREE_TOOLS } from '../../agents/worktree/tools.ts';
import { fail, ok, type Result } from '../../model/failure.ts';

/** The tool with which a model says that it has finished. */
export const FINISH = 'finish';
const RUN = 'run';

/** What the model may call in this attempt. */
export const toolsFor = ({ settings }: Pick<AgentRequest, 'settings'>): vscode.LanguageModelChatTool[] => [
  ...WORKTREE_TOOLS.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
  ...(mayRun(settings) ? [RUN_TOOL] : []),
  FINISH_TOOL,
];

/** Does what the model asked for, and says so to people. Nothing but our own tools is known. */
export async function useTool(
  attempt: HostedAttempt,
  { callId, name, input }: vscode.LanguageModelToolCallPart,
): Promise<vscode.LanguageModelToolResultPart> {
  const known = WORKTREE_TOOLS.find((one) => one.name === name);
  const line = 'line' in input && typeof input.line === 'string' ? input.line : '';
  attempt.tell({ type: 'toolStarted', id: callId, name, detail: known?.detail(input) ?? line });
  const said = known ? await known.use(attempt.request.cwd, input) : await runCommand(attempt, name, line);
  const output = said.ok ? said.value : said.failure;
  attempt.tell({ type: 'toolEnded', id: callId, failed: !said.ok, output: output.slice(0, SHOWN) });
  const told = said.ok ? output : `This did not work: ${output}`;
  return new vscode.LanguageModelToolResultPart(callId, [new vscode.LanguageModelTextPart(told)]);
}

/** Characters of a tool's answer that people are shown. */
const SHOWN = 4000;

async function runCommand(attempt: HostedAttempt, name: string, line: string): Promise<Result<string, string>> {
  if (name !== RUN) return fail(`there is no tool "${name}"`);
  if (!mayRun(attempt.request.settings)) return fail('commands are not allowed here');
  if (line.trim() === '') return fail('`line` is missing');
  const { code, output } = await attempt.command(line);
  const text = `${output}\n(exit ${code ?? 'by a signal'})`;
  return code === 0 ? ok(text) : fail(text);
}

const mayRun = ({ args }: AgentRequest['settings']): boolean => args?.includes(ALLOW_COMMANDS) === true;

const RUN_TOOL: vscode.LanguageModelChatTool = {
  name: RUN,
  description: 'Runs a line with sh in the worktree and answers what it printed. What it leaves running is ended.',
  inputSchema: { type: 'object', properties: { line: { type: 'string' } }, required: ['line'] },
};

const FINISH_TOOL: vscode.LanguageModelChatTool = {
  name: FINISH,
  description: 'Ends the work. Call it once, when everything is done or nothing more can be done.',
  inputSchema: {
    type: 'object',
    properties: {
      done: { type: 'boolean', description: 'false when the task could not be done' },
      summary: { type: 'string', description: 'what was done, or why it cannot be, in a few sentences' },
    },
    required: ['done', 'summary'],
  },
};
