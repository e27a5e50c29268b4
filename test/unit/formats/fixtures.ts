import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { strict as assert } from 'node:assert';
import type { Imported, ImportOptions, SourceFile } from '../../../src/formats/imported.ts';
import { importFiles } from '../../../src/formats/registry.ts';

const ROOT = path.join(import.meta.dirname, '../../fixtures/formats');

/** A fixture by its path below test/fixtures/formats. */
export const fixture = (name: string): SourceFile => ({
  path: name,
  text: readFileSync(path.join(ROOT, name), 'utf8'),
});

/** Every file of a folder and below, in order; paths are relative to `root`. */
export function filesIn(folder: string, root = ROOT): SourceFile[] {
  return readdirSync(path.join(root, folder))
    .toSorted((a, b) => (a < b ? -1 : 1))
    .flatMap((name) => {
      const inside = path.join(folder, name);
      if (statSync(path.join(root, inside)).isDirectory()) return filesIn(inside, root);
      return [{ path: inside.split(path.sep).join('/'), text: readFileSync(path.join(root, inside), 'utf8') }];
    });
}

/** The only thing that was read from some files. */
export function imported(files: SourceFile | readonly SourceFile[], options: ImportOptions = {}): Imported {
  const list: readonly SourceFile[] = 'path' in files ? [files] : files;
  const { imported: all } = importFiles(list, { ...options, named: list.length === 1 });
  assert.equal(all.length, 1, JSON.stringify(all.map((one) => one.files)));
  return all[0]!;
}

export const errorsOf = ({ problems }: Imported): string[] =>
  problems
    .filter(({ severity }) => severity === 'error')
    .map(({ range, message }) => `${range.line}:${range.column} ${message}`);

export const repairsOf = ({ repairs }: Imported): string[] =>
  repairs.map(({ range, message }) => `${range.line}:${range.column} ${message}`);

/** The numbers of the lines in which two texts differ, from 1. */
export function changedLines(before: string, after: string): number[] {
  const one = before.split('\n');
  const two = after.split('\n');
  assert.equal(two.length, one.length, 'lines were added or taken away');
  return one.flatMap((line, i) => (line === two[i] ? [] : [i + 1]));
}
