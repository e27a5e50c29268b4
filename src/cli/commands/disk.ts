import { prune, type Pruned } from '../../engine/disk/prune.ts';
import { judge, measure, type Measured } from '../../engine/disk/use.ts';
import { readConfigured } from '../../engine/runs.ts';
import type { Repository } from '../../git/repository.ts';
import { type DiskLimits, type Kept, keptText, prunedLines, mayText } from '../../model/disk.ts';
import { bytesIn } from '../../model/config/scalars.ts';
import { defined } from '../../model/defined.ts';
import { ok, refuse, type Result } from '../../model/failure.ts';
import { sizeText } from '../../model/text/size.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { clip, clockText, pad, plain, widthOf } from '../shown/text.ts';
import { saysYes } from '../asking/yes.ts';

export const disk: Command = {
  summary: 'what runs and removed worktrees take on the disk, and making room',
  more: `--prune deletes, the oldest first, what is older than "keep" of orchestrate.yaml, and beyond its "budget" ended runs
whose result was taken and removed worktrees whose content a commit has. The same is done at the end of each run.
Never: a run that has not ended, is in use or has a worktree, a result branch, or work that nothing else has; the
last with --force. --budget 0MB: whatever may go goes.`,
  places: [],
  options: ['prune', 'dry-run', 'budget', 'force', 'yes', 'json'],
  run: (call) => inRepository(call, (repository) => look(call, repository)),
};

async function look(call: Call, repository: Repository): Promise<Result<ExitCode>> {
  const limits = await limitsOf(call, repository);
  if (!limits.ok) return limits;
  return call.options.prune || call.options['dry-run']
    ? makeRoom(call, repository, limits.value)
    : show(call, repository, limits.value);
}

async function limitsOf({ options }: Call, repository: Repository): Promise<Result<DiskLimits>> {
  const read = await readConfigured(repository);
  if (!read.ok) return read;
  const { config } = read.value;
  if (!config) return refuse('orchestrate.yaml has errors: orchestrate validate says which.');
  const budget = options.budget === undefined ? undefined : bytesIn(options.budget);
  if (options.budget !== undefined && budget === undefined)
    return refuse(`--budget is a size such as 500MB or 5GB, not "${options.budget}".`);
  return ok({ ...config.disk, ...defined({ budget }) });
}

async function makeRoom(call: Call, repository: Repository, limits: DiskLimits): Promise<Result<ExitCode>> {
  const { terminal, options } = call;
  if (options.force && !options['dry-run'] && !(await isMeant(call, repository, limits))) {
    terminal.note('Nothing is deleted. Say yes with --yes.');
    return ok(EXIT.waiting);
  }
  const given = { limits, force: options.force === true, dryRun: options['dry-run'] === true };
  const pruned = await prune(repository, given);
  if (!pruned.ok) return pruned;
  terminal.print(...(options.json ? [JSON.stringify(pruned.value, undefined, 2)] : toldLines(pruned.value, given)));
  return ok(EXIT.merged);
}

/** What would be lost for good is said before. */
async function isMeant({ terminal, options }: Call, repository: Repository, limits: DiskLimits): Promise<boolean> {
  if (options.yes || !terminal.interactive) return options.yes === true;
  const planned = await prune(repository, { limits, dryRun: true });
  if (!planned.ok || planned.value.asking.length === 0) return planned.ok;
  terminal.print(...planned.value.asking.map(goneLine));
  return saysYes(terminal, 'No commit holds their work. Delete it?');
}

function toldLines({ gone, asking, total }: Pruned, { dryRun }: { dryRun: boolean }): string[] {
  const left = `${sizeText(total)} ${dryRun ? 'would be' : 'are'} left.`;
  if (!dryRun) return [...(gone.length === 0 ? ['Nothing had to go.'] : []), ...prunedLines({ gone, asking }), left];
  const first = gone.length === 0 ? 'Nothing would go.' : `would go: ${keptText(gone)}`;
  return [first, ...gone.map(goneLine), ...prunedLines({ gone: [], asking }), left];
}

const goneLine = ({ kind, id, at, bytes }: Kept): string =>
  `  ${kind === 'run' ? 'run' : 'removed worktree'} ${plain(id)}, ${clockText(at)}, ${sizeText(bytes)}`;

async function show(call: Call, repository: Repository, limits: DiskLimits): Promise<Result<ExitCode>> {
  const { terminal, options } = call;
  const looked = await measure(repository);
  if (!looked.ok) return looked;
  const { measured, caches, total } = looked.value;
  const kept = await judge(repository, measured);
  const rows = kept.map((one, index) => ({ ...one, parts: measured[index]?.parts }));
  if (options.json) terminal.print(JSON.stringify({ kept: rows, caches, total, limits }, undefined, 2));
  else terminal.print(...useLines(rows, { caches, total, limits }, terminal.size().columns));
  return ok(EXIT.merged);
}

type Row = Kept & { parts: Measured['parts'] };

function useLines(
  rows: readonly Row[],
  { caches, total, limits }: { caches: number; total: number; limits: DiskLimits },
  columns: number,
): string[] {
  const ordered = rows.toSorted((a, b) => a.at - b.at);
  const names = Math.min(48, Math.max(8, ...ordered.map(({ id }) => widthOf(plain(id)))));
  const { keep, budget } = limits;
  const days = keep === undefined ? 'for ever' : `${Math.round(keep / DAY)} days`;
  return [
    ...ordered.map((row) => clip(` ${pad(plain(row.id), names)}  ${sizeColumn(row.bytes)}  ${about(row)}`, columns)),
    ` ${pad('caches', names)}  ${sizeColumn(caches)}`,
    ` ${pad('all', names)}  ${sizeColumn(total)}  ${budget === undefined ? '' : `of ${sizeText(budget)}, `}kept ${days}`,
    '',
    'Make room: orchestrate disk --prune (--dry-run says what would go)',
  ];
}

const DAY = 86_400_000;
const sizeColumn = (bytes: number): string => sizeText(bytes).padStart(8);

function about(row: Row): string {
  const { kind, at, parts } = row;
  const what = kind === 'run' ? 'run' : 'removed worktree';
  const most = parts && parts.output > 0 ? [`${sizeText(parts.output)} of it output`] : [];
  return [`${what}, ${clockText(at)}`, ...most, mayText(row)].join(', ');
}
