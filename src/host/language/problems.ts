import type * as vscode from 'vscode';
import type { SourceFile } from '../../formats/imported.ts';
import type { Beside } from '../../formats/validate.ts';
import { problemsOf } from '../../language/check.ts';
import type { TextFile } from '../../language/document.ts';
import type { Problem } from '../../model/text/problem.ts';
import { openFile } from './open-file.ts';
import { textNear } from './near.ts';

const known = new WeakMap<TextFile, { prd: string | undefined; problems: readonly Problem[] }>();

/** What is wrong with the text as it stands in the editor; of files that are none of ours nothing. */
export async function problemsIn(document: vscode.TextDocument): Promise<readonly Problem[]> {
  const beside = await besideOf(document);
  const file = openFile(document);
  if (!file) return [];
  const before = known.get(file);
  if (before && before.prd === beside.prd?.text) return before.problems;
  const problems = problemsOf(file, beside);
  known.set(file, { prd: beside.prd?.text, problems });
  return problems;
}

/** What lies beside a plan and helps to judge it. */
export async function besideOf(document: vscode.TextDocument): Promise<Beside> {
  const path = 'docs/PRD.yaml';
  if (openFile(document)?.kind !== 'plan') return {};
  const text = await textNear(document.uri, path);
  const prd: SourceFile | undefined = text === undefined ? undefined : { path, text };
  return { prd };
}
