import * as vscode from 'vscode';
import { prune } from '../../engine/disk/prune.ts';
import { judge, measure } from '../../engine/disk/use.ts';
import { readConfigured } from '../../engine/runs.ts';
import type { Repository } from '../../git/repository.ts';
import { DEFAULT_CONFIG } from '../../model/config/config.ts';
import {
  type DiskLimits,
  type Kept,
  keptText,
  mayText,
  type Pressure,
  prunedLines,
  whatGoes,
} from '../../model/disk.ts';
import { describe } from '../../model/failure.ts';
import { sizeText } from '../../model/text/size.ts';
import type { Asking, Choice } from '../asking/asking.ts';
import type { Handlers, Parts } from '../parts.ts';

/** What runs take on the disk, and making room. */
export const diskCommands = (parts: Parts): Pick<Handlers, 'orchestrate.showDiskUse'> => ({
  'orchestrate.showDiskUse': () => showDiskUse(parts),
});

/** A way to make room, and what it takes away. */
interface Way {
  limits: DiskLimits;
  force: boolean;
  going: readonly Kept[];
}

async function showDiskUse({ site, asking, boards, runs }: Parts): Promise<void> {
  const { repository } = site;
  if (!repository) return void (await asking.tell('info', vscode.l10n.t('No repository is open.')));
  const read = await readConfigured(repository);
  const limits = (read.ok ? read.value.config?.disk : undefined) ?? DEFAULT_CONFIG.disk;
  await runs.letGoOfEnded();
  const measured = await measure(repository);
  if (!measured.ok) return void (await asking.tell('error', describe(measured.failure)));
  const { total } = measured.value;
  const kept = await judge(repository, measured.value.measured);
  const title =
    limits.budget === undefined
      ? vscode.l10n.t('Runs take {0}', sizeText(total))
      : vscode.l10n.t('Runs take {0} of {1}', sizeText(total), sizeText(limits.budget));
  const rows = kept.toSorted((a, b) => b.bytes - a.bytes).map(rowOf);
  const picked = await asking.pick<Way | Kept>(title, [...waysOf(kept, { limits, total, now: Date.now() }), ...rows]);
  if (picked === undefined) return;
  if ('going' in picked) return makeRoom(repository, picked, asking);
  if (runs.find(picked.run)) boards.show(picked.run);
}

const rowOf = (one: Kept): Choice<Kept> => ({
  label: one.id,
  icon: one.kind === 'run' ? 'layers' : 'archive',
  description: `${sizeText(one.bytes)}, ${mayText(one)}`,
  value: one,
});

/** Each way that would take something away which the one before leaves. */
function waysOf(kept: readonly Kept[], pressure: Pressure): Choice<Way>[] {
  const way = (label: string, limits: DiskLimits, force = false): Choice<Way> => {
    const going = whatGoes(kept, { ...pressure, limits }, force);
    return { label, icon: 'trash', description: keptText(going), value: { limits, force, going } };
  };
  const all = { ...pressure.limits, budget: 0 };
  const ways = [
    way(vscode.l10n.t('Make room as orchestrate.yaml says'), pressure.limits),
    way(vscode.l10n.t('Delete all that nobody would miss'), all),
    way(vscode.l10n.t('Delete also the work that nothing else has'), all, true),
  ];
  return ways.filter(({ value }, index) => value.going.length > (ways[index - 1]?.value.going.length ?? 0));
}

async function makeRoom(repository: Repository, { limits, force, going }: Way, asking: Asking): Promise<void> {
  const text = vscode.l10n.t('Delete {0}?', keptText(going));
  const lost = vscode.l10n.t('What holds work that nothing else has is lost for good.');
  const stays = vscode.l10n.t('Result branches stay.');
  const detail = [...going.slice(0, MOST).map(({ id }) => id), ...(force ? [lost] : []), stays].join('\n');
  if (!(await asking.confirm({ text, detail, action: vscode.l10n.t('Delete') }))) return;
  const progress = { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Making room…') };
  const pruned = await vscode.window.withProgress(progress, () => prune(repository, { limits, force }));
  if (!pruned.ok) return void (await asking.tell('error', describe(pruned.failure)));
  await asking.tell('info', prunedLines(pruned.value).join('. ') || vscode.l10n.t('Nothing had to go.'));
}

/** Names that a question shows. */
const MOST = 12;
