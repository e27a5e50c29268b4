import { mcpTools } from '../mcp-tools.ts';
import { type Command, inRepository } from '../call.ts';
import { EXIT } from '../exit.ts';
import { ok } from '../../model/failure.ts';

export const mcp: Command = {
  summary: 'let another program look at runs and put plans before you, over the Model Context Protocol',
  more: `Serves tools on standard input and output until its client goes: a run's state and journal, checking a file, what a
plan will touch, and making a run that waits for your approval. None of them approves, answers or cancels: that is yours.

For example: claude mcp add orchestrate -- orchestrate mcp`,
  places: [],
  options: [],
  run: (call) =>
    inRepository(call, async (repository) => {
      const { serve } = await import('../mcp-server.ts');
      await serve(mcpTools(call, repository));
      return ok(EXIT.merged);
    }),
};
