import { once } from 'node:events';
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import type { Tool } from './mcp-tools.ts';

/** Serves tools over the Model Context Protocol on standard input and output, until its client has gone. */
export async function serve(tools: readonly Tool[]): Promise<void> {
  const server = serveStdio(() => {
    const made = new McpServer({ name: 'orchestrate', version: manifest.version });
    for (const tool of tools) offer(made, tool);
    return made;
  });
  await once(process.stdin, 'close');
  await server.close();
}

function offer(server: McpServer, { name, title, description, input, reads, use }: Tool): void {
  const fields = Object.entries(input).map(([key, about]) => {
    const field = z.string().trim().min(1).max(4096).describe(about);
    return [key.replace(/\?$/, ''), key.endsWith('?') ? field.optional() : field];
  });
  const annotations = { readOnlyHint: reads, destructiveHint: false, openWorldHint: false };
  server.registerTool(
    name,
    { title, description, annotations, inputSchema: z.object(Object.fromEntries(fields)) },
    async (given) => {
      const done = await use(given as Readonly<Record<string, string>>);
      return { content: [{ type: 'text', text: done.ok ? done.value : done.failure }], isError: !done.ok };
    },
  );
}
