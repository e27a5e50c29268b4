import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const FOLDER = resolve('.cache', 'agents');

/**
 * The real programs, installed from npm below `.cache/agents` the first time, exactly these versions. What is started is
 * the program itself wherever a wrapper would not pass signals on or wants a newer Node than ours.
 */
export async function installClaude(): Promise<string[]> {
  const platform = `claude-code-${process.platform}-${process.arch}`;
  return [await install('@anthropic-ai/claude-code@2.1.329', join('@anthropic-ai', platform, 'claude'))];
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

/** It wants a newer Node.js than ours may be, and runs on it all the same; the program it drives is named for it. */
export async function installClaudeAcp(): Promise<string[]> {
  const program = join('@agentclientprotocol', 'claude-agent-acp', 'dist', 'index.js');
  return [process.execPath, await install('@agentclientprotocol/claude-agent-acp@0.101.0', program)];
}

/** Native programs that speak the protocol when they are asked to. */
export const installGeminiAcp = async (): Promise<string[]> => [...(await installGemini()), '--acp'];
export const installOpencodeAcp = async (): Promise<string[]> => [...(await installOpencode()), 'acp'];
export const installCopilotAcp = async (): Promise<string[]> => [
  ...(await installCopilot()),
  '--acp',
  '--no-auto-update',
  '--disallow-temp-dir',
];

export async function installCodexAcp(): Promise<string[]> {
  const program = join('@agentclientprotocol', 'codex-acp', 'dist', 'index.js');
  return [process.execPath, await install('@agentclientprotocol/codex-acp@2.6.0', program)];
}

/** One that is asked for while it is being installed is waited for. */
const installing = new Map<string, Promise<string>>();

function install(packageAndVersion: string, program: string): Promise<string> {
  const known = installing.get(packageAndVersion) ?? installed(packageAndVersion, join('node_modules', program));
  installing.set(packageAndVersion, known);
  return known;
}

/**
 * Each below a folder of its own, so one that is installed never changes another. The folder gets its name when all of it
 * is there: where two processes install the same, none of them starts half a program.
 */
async function installed(packageAndVersion: string, program: string): Promise<string> {
  const folder = join(FOLDER, packageAndVersion.replaceAll(/[^\w.-]+/g, '-'));
  const path = join(folder, program);
  if (existsSync(path)) return path;
  const made = `${folder}.${process.pid}`;
  mkdirSync(made, { recursive: true });
  const args = ['install', '--prefix', made, '--no-audit', '--no-fund', '--ignore-scripts', packageAndVersion];
  await promisify(execFile)('npm', args, { maxBuffer: 16 * 1024 * 1024 });
  if (!existsSync(join(made, program))) throw new Error(`${packageAndVersion} has no ${program}`);
  try {
    renameSync(made, folder);
  } catch {
    rmSync(made, { recursive: true, force: true }); // another was faster
  }
  if (!existsSync(path)) throw new Error(`${folder} holds something else than ${packageAndVersion}: remove it`);
  return path;
}
