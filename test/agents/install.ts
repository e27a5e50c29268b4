import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const FOLDER = resolve('.cache', 'agents');

/**
 * The real programs, installed from npm below `.cache/agents` the first time, exactly these versions. What is started is
 * the program itself wherever a wrapper would not pass signals on or wants a newer Node than ours.
 */
export async function installClaude(): Promise<string> {
  const platform = `claude-code-${process.platform}-${process.arch}`;
  return install('@anthropic-ai/claude-code@2.1.329', join('@anthropic-ai', platform, 'claude'));
}

export async function installCodex(): Promise<string[]> {
  return [process.execPath, await install('@openai/codex@0.169.0', join('@openai', 'codex', 'bin', 'codex.js'))];
}

export async function installGemini(): Promise<string[]> {
  return [
    process.execPath,
    await install('@google/gemini-cli@0.61.0', join('@google', 'gemini-cli', 'bundle', 'gemini.js')),
  ];
}

export async function installOpencode(): Promise<string[]> {
  const platform = `opencode-${process.platform}-${process.arch}`;
  return [await install('opencode-ai@1.18.33', join(platform, 'bin', 'opencode'))];
}

export async function installCopilot(): Promise<string[]> {
  const platform = `copilot-${process.platform}-${process.arch}`;
  return [await install('@github/copilot@1.0.102', join('@github', platform, 'copilot'))];
}

/** Each below a folder of its own, so one that is installed never changes another. */
async function install(packageAndVersion: string, program: string): Promise<string> {
  const folder = join(FOLDER, packageAndVersion.replaceAll(/[^\w.-]+/g, '-'));
  const path = join(folder, 'node_modules', program);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--ignore-scripts', packageAndVersion];
  await promisify(execFile)('npm', args, { maxBuffer: 16 * 1024 * 1024 });
  if (!existsSync(path)) throw new Error(`${packageAndVersion} has no ${program}`);
  return path;
}
