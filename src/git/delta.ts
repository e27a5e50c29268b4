import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '../model/failure.ts';
import { COMPARE, type Delta, type Entry, keepKnown } from './objects.ts';
import type { Repository } from './repository.ts';
import { failureOf, type GitOptions } from './run.ts';

/** Many in one question. Each of `pairs` is `commit` (against its own parent) or `commit other`. */
export async function readDeltas(
  repo: Repository,
  context: GitOptions,
  pairs: readonly string[],
): Promise<Result<Delta[]>> {
  const asked = pairs.filter((pair) => !repo.deltas.has(pair));
  const read = asked.length === 0 ? ok<Delta[]>([]) : await compare(repo, context, asked);
  if (!read.ok) return read;
  const fresh = new Map(asked.map((pair, at) => [pair, read.value[at]]));
  for (const [pair, delta] of fresh) if (delta?.commit === pair) rememberDelta(repo, delta);
  return ok(pairs.flatMap((pair) => repo.deltas.get(pair) ?? fresh.get(pair) ?? []));
}

/** For the next merges: each result is compared once, and each merge not at all. */
export function rememberDelta({ deltas }: Repository, delta: Delta): void {
  if (delta.paths.length <= MOST_PATHS) keepKnown(deltas, delta.commit, delta, MOST_DELTAS);
}

const MOST_DELTAS = 2_000;
const MOST_PATHS = 1_000;

async function compare(repo: Repository, context: GitOptions, pairs: readonly string[]): Promise<Result<Delta[]>> {
  // No path and no oid ends like this.
  const end = `--${randomUUID()}\n`;
  const chunks: Buffer[] = [];
  const told = await repo.differ.ask(context, `${pairs.join('\n')}\n${end}`, (chunk) => {
    chunks.push(chunk);
    return Buffer.concat(chunks.slice(-2)).includes(end);
  });
  if (!told.ok) return told;
  if (told.value.kind === 'ended') return fail(failureOf(COMPARE, told.value, context));
  return ok(parse(Buffer.concat(chunks).toString('latin1').slice(0, -end.length)));
}

function parse(text: string): Delta[] {
  const deltas: { commit: string; parent: string; entries: Entry[]; paths: string[] }[] = [];
  const parts = text.split('\0');
  for (let i = 0; i < parts.length; i++) {
    const part = (parts[i] ?? '').replace(/^\n/, '');
    if (part.startsWith(':')) {
      const [, mode = '', , oid = ''] = part.split(' ');
      const path = parts[++i] ?? '';
      deltas.at(-1)?.entries.push({ mode, oid, path });
      deltas.at(-1)?.paths.push(path);
    } else if (part !== '') {
      const space = part.indexOf(' ');
      deltas.push({ commit: part.slice(0, space), parent: part.slice(space + 1), entries: [], paths: [] });
    }
  }
  return deltas;
}
