import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const FOLDER = resolve('.cache', 'agents');

/**
 * The real Claude Code, installed from npm below `.cache/agents` the first time, exactly this version. Its wrapper
 * wants a newer Node than ours; the platform's own program needs none, so that one is started.
 */
export function installClaude(): Promise<string> {
  const platform = `claude-code-${process.platform}-${process.arch}`;
  return install('@anthropic-ai/claude-code@2.1.329', join('@anthropic-ai', platform, 'claude'));
}

async function install(packageAndVersion: string, program: string): Promise<string> {
  const path = join(FOLDER, 'node_modules', program);
  if (existsSync(path)) return path;
  mkdirSync(FOLDER, { recursive: true });
  const args = ['install', '--prefix', FOLDER, '--no-audit', '--no-fund', '--ignore-scripts', packageAndVersion];
  await promisify(execFile)('npm', args, { maxBuffer: 16 * 1024 * 1024 });
  if (!existsSync(path)) throw new Error(`${packageAndVersion} has no ${program}`);
  return path;
}
