import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import * as vscode from 'vscode';
import { FEW_THREADS } from '../process/find-node.ts';
import { shellWord } from '../model/text/shell-word.ts';

/** Puts `orchestrate` on the PATH of the editor's terminals: a small script that starts the bundled command line. */
export async function offerCli(context: vscode.ExtensionContext): Promise<void> {
  const folder = join(context.globalStorageUri.fsPath, 'bin');
  const cli = context.asAbsolutePath(join('dist', 'cli.cjs'));
  await mkdir(folder, { recursive: true });
  await keep(join(folder, 'orchestrate'), posix(cli));
  await keep(join(folder, 'orchestrate.cmd'), windows(cli));
  const variables = context.environmentVariableCollection;
  variables.description = vscode.l10n.t('The command `orchestrate`');
  variables.prepend('PATH', folder + delimiter);
}

/** Node.js from PATH, else the editor's own. */
const posix = (cli: string): string => `#!/bin/sh
if command -v node >/dev/null 2>&1; then exec node ${FEW_THREADS} ${shellWord(cli)} "$@"; fi
ELECTRON_RUN_AS_NODE=1 exec ${shellWord(process.execPath)} ${shellWord(cli)} "$@"
`;

const windows = (cli: string): string => `@echo off
where node >nul 2>nul && (node ${FEW_THREADS} "${cli}" %* & exit /b)
set ELECTRON_RUN_AS_NODE=1
"${process.execPath}" "${cli}" %*
`;

async function keep(file: string, text: string): Promise<void> {
  const there = await readFile(file, 'utf8').catch(() => undefined);
  if (there === text) return;
  await writeFile(file, text);
  await chmod(file, 0o755);
}
