import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Finding } from '../model/run/event.ts';
import { finding } from '../model/run/finding.ts';
import type { Result } from '../model/failure.ts';
import { adminFolder } from './admin.ts';
import { io, readIfAny, writeWhole } from './files.ts';
import type { Repository } from './repository.ts';

/**
 * What can steer git in a repository without being part of a commit: configuration, hooks, info/. Taken before an
 * agent starts and compared before git touches what it left, so that nothing it put there is ever obeyed.
 */
export interface Fingerprint {
  /** Hook folders looked into; in the file from the repository's own folder on, which may be moved. */
  hooks: readonly string[];
  /** Lines of info/exclude that are ours. */
  excluded: readonly string[];
  /** Label (`config`, `hooks/pre-commit`, `info/attributes`, `worktree/.git`) → SHA-256, hex. */
  entries: Readonly<Record<string, string>>;
}

/** Takes the fingerprint of a worktree into `<keep>/fingerprint.json`. Take it again after set-up: that is trusted. */
export async function saveFingerprint(
  repo: Repository,
  {
    path,
    keep,
    hooks,
    excluded,
  }: { path: string; keep: string; hooks: readonly string[]; excluded: readonly string[] },
): Promise<Result<void>> {
  return io(keep, async () => {
    const entries = await readEntries(repo, path, { hooks, excluded });
    const folders = hooks.map((folder) => relative(repo.commonDir, folder));
    await writeWhole(
      fileIn(keep),
      JSON.stringify({ hooks: folders, excluded, entries } satisfies Fingerprint, null, 1),
    );
  });
}

/** The same hook folders and excluded lines as before, today's content. */
export async function renewFingerprint(repo: Repository, path: string, keep: string): Promise<Result<void>> {
  const before = await io(fileIn(keep), () => read(repo, keep));
  return before.ok ? saveFingerprint(repo, { path, keep, ...before.value }) : before;
}

/** What changed since the fingerprint was taken. */
export async function compareFingerprint(repo: Repository, path: string, keep: string): Promise<Result<Finding[]>> {
  return io(fileIn(keep), async () => {
    const before = await read(repo, keep);
    return differences(before.entries, await readEntries(repo, path, before));
  });
}

const fileIn = (keep: string): string => join(keep, 'fingerprint.json');

async function read({ commonDir }: Repository, keep: string): Promise<Fingerprint> {
  const fingerprint: Fingerprint = JSON.parse(readFileSync(fileIn(keep), 'utf8'));
  return { ...fingerprint, hooks: fingerprint.hooks.map((folder) => resolve(commonDir, folder)) };
}

function differences(before: Fingerprint['entries'], now: Fingerprint['entries']): Finding[] {
  const labels = [...new Set([...Object.keys(before), ...Object.keys(now)])].toSorted();
  const changed = labels.filter((label) => before[label] !== now[label]);
  const hooks = changed.filter((label) => label.startsWith('hooks/'));
  const others = changed.filter((label) => !label.startsWith('hooks/'));
  return [...finding('configChanged', others, CHANGED), ...finding('hooksChanged', hooks, CHANGED)];
}

const CHANGED = 'Changed in the repository while the agent was at work';

async function readEntries(
  repo: Repository,
  path: string,
  { hooks, excluded }: Pick<Fingerprint, 'hooks' | 'excluded'>,
): Promise<Record<string, string>> {
  const texts = new Map<string, string | undefined>();
  texts.set('config', steering(await readIfAny(join(repo.commonDir, 'config'))));
  texts.set('config.worktree', await readIfAny(join(repo.commonDir, 'config.worktree')));
  for (const [name, text] of contentsOf(filesBelow(join(repo.commonDir, 'info')))) {
    if (STEERING.has(name)) texts.set(`info/${name}`, name === 'exclude' ? without(text, excluded) : text);
  }
  for (const folder of hooks) {
    for (const [name, text] of contentsOf(hooksIn(folder))) texts.set(`hooks/${name}`, text);
  }
  const admin = await adminFolder(repo, path);
  texts.set('worktree/.git', await readIfAny(join(path, '.git')).catch(() => 'not a file'));
  for (const name of admin === undefined ? [] : ['commondir', 'config.worktree']) {
    texts.set(`worktree/${name}`, await readIfAny(join(admin ?? '', name)));
  }
  const present = [...texts].filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '');
  return Object.fromEntries(present.map(([label, text]) => [label, createHash('sha256').update(text).digest('hex')]));
}

/** What git reads of info/, gitrepository-layout(5); the rest is of its housekeeping and of the user's own sparse checkout. */
const STEERING = new Set(['attributes', 'exclude', 'grafts']);

/**
 * The configuration without plain `[branch "x"]` and `[remote "x"]` sections, which editors and pushes write all
 * the time and which steer nothing here. Whatever is written unusually counts.
 */
function steering(text: string | undefined): string | undefined {
  if (text === undefined || /\\\r?$/m.test(text)) return text;
  let skipping = false;
  const kept = text.split('\n').filter((line) => {
    if (/^\s*\[/.test(line)) skipping = /^\s*\[(branch|remote) "[^"\]]*"\]\s*$/.test(line);
    return !(skipping && /^\s*(\[[^\]]*\]\s*|[A-Za-z][A-Za-z0-9-]*\s*(=.*)?)?$/.test(line));
  });
  return kept.join('\n').trim();
}

function without(text: string, lines: readonly string[]): string {
  return text
    .split('\n')
    .filter((line) => !lines.includes(line))
    .join('\n')
    .trim();
}

/** What a folder of hooks holds; git's own samples steer nothing as long as nothing else is there that could use them. */
function hooksIn(folder: string): [name: string, file: string][] {
  const files = filesBelow(folder);
  return files.every(([name]) => name.endsWith('.sample')) ? [] : files;
}

/**
 * Every file below a folder, by its path in it. Read at once: they are a few small files, looked at three times for each
 * attempt, and handing each to another thread would take longer than reading it.
 */
function filesBelow(folder: string): [name: string, file: string][] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((file) => [relative(folder, file).split(sep).join('/'), file]);
}

const contentsOf = (files: readonly [name: string, file: string][]): [name: string, text: string][] =>
  files.map(([name, file]) => [name, contentOf(file)]);

function contentOf(file: string): string {
  try {
    return readFileSync(file).toString('latin1');
  } catch {
    return target(file);
  }
}

function target(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return 'unreadable';
  }
}
