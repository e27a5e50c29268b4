import * as z from 'zod';
import { deleteFile, editFile, listFolder, readFileText, searchText, writeWhole } from './files.ts';
import { fail, type Result } from '../../model/failure.ts';

/** A tool that a model may call: what it may say, and what is done in the worktree `root`. Both answers go to the model. */
export interface WorktreeTool {
  name: string;
  description: string;
  /** JSON schema of its input. */
  inputSchema: object;
  /** The input in a few words, for people who look on. */
  detail(input: unknown): string;
  use(root: string, input: unknown): Promise<Result<string, string>>;
}

const path = z.string().min(1).describe('relative to the worktree, with / between folders');

/** All of them; each stays inside the worktree, whatever it is asked. */
export const WORKTREE_TOOLS: readonly WorktreeTool[] = [
  tool('list', {
    description: 'Lists a folder of the worktree, and all below it when `deep` is true.',
    input: z.object({ path: path.default('.'), deep: z.boolean().default(false) }),
    use: listFolder,
  }),
  tool('read', {
    description: 'Reads a text file, whole or `count` lines from line `from` (1 is the first).',
    input: z.object({
      path,
      from: z.int().min(1).default(1),
      count: z.int().min(1).max(5000).default(2000),
    }),
    use: readFileText,
  }),
  tool('search', {
    description: 'Finds a text in the files of the worktree, as it is written and not as a pattern.',
    input: z.object({ text: z.string().min(1), path: path.default('.'), matchCase: z.boolean().default(true) }),
    use: searchText,
  }),
  tool('write', {
    description: 'Writes a whole file; makes it, and folders above it, where they are missing.',
    input: z.object({ path, content: z.string() }),
    use: writeWhole,
  }),
  tool('edit', {
    description: 'Replaces `old` by `new` in a file. `old` must stand there exactly once, unless `all` is true.',
    input: z.object({ path, old: z.string().min(1), new: z.string(), all: z.boolean().default(false) }),
    use: editFile,
  }),
  tool('delete', {
    description: 'Deletes a file, or a folder with all that is in it.',
    input: z.object({ path }),
    use: deleteFile,
  }),
];

function tool<T extends z.ZodObject>(
  name: string,
  of: {
    description: string;
    input: T;
    use: (root: string, input: z.output<T>) => Promise<Result<string, string>>;
  },
): WorktreeTool {
  return {
    name,
    description: of.description,
    inputSchema: z.toJSONSchema(of.input, { io: 'input' }),
    detail: (input) => {
      const read = z.object({ path: z.string().optional(), text: z.string().optional() }).safeParse(input).data;
      return [read?.text, read?.path].filter(Boolean).join(' in ');
    },
    async use(root, input) {
      const read = of.input.safeParse(input);
      return read.success ? of.use(root, read.data) : fail(z.prettifyError(read.error));
    },
  };
}
