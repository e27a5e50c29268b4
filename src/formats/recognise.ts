import { VARIANT } from './gem/variants.ts';
import { hasGatePrompts } from './llm/gate-prompts.ts';
import type { SourceFile } from './imported.ts';
import { milestoneFolder } from './orchestra/plan.ts';

const IS_YAML = /\.ya?ml$/i;

/** How each format is told from the others, by path and text, and which of its files are read together. */
export function isLlmPlan(path: string, text: string): boolean {
  if (!/\.(?:jsonc?|json5|md)$/i.test(path)) return false;
  return (
    (/orchestrationId|"waves"/.test(text) && text.includes('agents')) ||
    (/qualityGates/.test(text) && text.includes('failureAction')) ||
    (/\.md$/i.test(path) && !isPrompt(path) && hasGatePrompts(text))
  );
}

export function isOrchestraConfig(path: string, text: string): boolean {
  return (
    /(?:^|\/)config\.ya?ml$/.test(path) &&
    (path.includes('.orchestra/') || /^(?:pipeline|thresholds|verification):/m.test(text))
  );
}

export function isGemPlan(path: string, text: string): boolean {
  if (!IS_YAML.test(path)) return false;
  return (
    /(?:^|\/)plan\.ya?ml$/.test(path) ||
    VARIANT.test(path) ||
    (/^\s*plan_id:/m.test(text) && /^\s*(?:-\s+)?(?:tasks|waves|phases):/m.test(text))
  );
}

export const isBlueprint = (path: string, text: string): boolean => path.endsWith('.md') && /^# Blueprint:/m.test(text);
export const isKnowledge = (path: string, text: string): boolean =>
  /(?:^|\/)knowledge\.md$/.test(path) && /^# Active Knowledge/m.test(text);
export const isPrompt = (path: string): boolean => /(?:^|\/)(?:[\w.-]*-)?prompts\/[^/]+\.md$/i.test(path);

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** Files that share something are one group, in the order of the first of each. */
function grouped(files: readonly SourceFile[], key: (file: SourceFile) => string): SourceFile[][] {
  const groups = new Map<string, SourceFile[]>();
  for (const file of files) groups.set(key(file), [...(groups.get(key(file)) ?? []), file]);
  return [...groups.values()];
}

export const byFolder = (files: readonly SourceFile[]): SourceFile[][] => grouped(files, ({ path }) => folderOf(path));

/** A plan with variants beside it is the variant that was chosen. */
export const variantsTogether = (files: readonly SourceFile[]): SourceFile[][] =>
  grouped(files, ({ path }) => (VARIANT.test(path) || /(?:^|\/)plan\.ya?ml$/.test(path) ? folderOf(path) : path));

/** The gates of a folder belong to its only plan. */
export function planWithGates(files: readonly SourceFile[]): SourceFile[][] {
  return byFolder(files).flatMap((group) => {
    const plans = group.filter(({ text }) => text.includes('orchestrationId') || text.includes('"waves"'));
    return plans.length === 1 ? [group] : group.map((file) => [file]);
  });
}

/** Each milestone with the configuration it lies under. */
export function byMilestone(files: readonly SourceFile[], all: readonly SourceFile[]): SourceFile[][] {
  return grouped(files, ({ path }) => milestoneFolder(path) ?? '').map((group) => {
    const root = /^(.*?)milestones\//.exec(group[0]?.path ?? '')?.[1];
    const config = all.find(({ path, text }) => path === `${root ?? ''}config.yml` && isOrchestraConfig(path, text));
    return config ? [...group, config] : group;
  });
}
