import { OPTIONS, type OptionName } from './arguments.ts';
import type { Command } from './call.ts';

/** Every command but `help`, in the order in which help names them. Its code is evaluated when it is asked for. */
export const COMMANDS = {
  init: async () => (await import('./init.ts')).init,
  plan: async () => (await import('./plan.ts')).plan,
  hotfix: async () => (await import('./hotfix.ts')).hotfix,
  import: async () => (await import('./import.ts')).importPlans,
  new: async () => (await import('./new.ts')).make,
  validate: async () => (await import('./validate.ts')).validate,
  agents: async () => (await import('./agents.ts')).agents,
  analyze: async () => (await import('./analyze.ts')).analyze,
  rehearse: async () => (await import('./rehearse.ts')).rehearse,
  run: async () => (await import('./run.ts')).run,
  status: async () => (await import('./status.ts')).status,
  why: async () => (await import('./why.ts')).why,
  report: async () => (await import('./report.ts')).report,
  history: async () => (await import('./history.ts')).history,
  log: async () => (await import('./log.ts')).log,
  resume: async () => (await import('./resume.ts')).resume,
  pause: async () => (await import('./order.ts')).pause,
  cancel: async () => (await import('./order.ts')).cancel,
  approve: async () => (await import('./order.ts')).approve,
  reject: async () => (await import('./order.ts')).reject,
  answer: async () => (await import('./order.ts')).answer,
  retry: async () => (await import('./order.ts')).retry,
  skip: async () => (await import('./order.ts')).skip,
  rollback: async () => (await import('./rollback.ts')).rollback,
  push: async () => (await import('./push.ts')).push,
  done: async () => (await import('./order.ts')).done,
  tell: async () => (await import('./order.ts')).tell,
  interrupt: async () => (await import('./order.ts')).interrupt,
  takeover: async () => (await import('./takeover.ts')).takeover,
  handback: async () => (await import('./order.ts')).handback,
  trash: async () => (await import('./trash.ts')).trash,
  disk: async () => (await import('./disk.ts')).disk,
  mcp: async () => (await import('./mcp.ts')).mcp,
} as const satisfies Record<string, () => Promise<Command>>;

export type CommandName = keyof typeof COMMANDS;

export async function helpText(): Promise<string[]> {
  const names = await Promise.all(
    Object.entries<() => Promise<Command>>(COMMANDS).map(async ([name, load]) => {
      const { places, summary } = await load();
      return [[name, ...places].join(' '), summary] as const;
    }),
  );
  const width = Math.max(...names.map(([usage]) => usage.length));
  return [
    'orchestrate turns a plan into merged, tested code: coding agents in parallel, each in its own git worktree.',
    '',
    'usage: orchestrate <command> [options]',
    '',
    ...names.map(([usage, summary]) => `  ${usage.padEnd(width)}  ${summary}`),
    '',
    ...optionLines(['cwd', 'help', 'version']),
    '',
    'More on one: orchestrate help <command>',
  ];
}

export async function helpOn(name: CommandName): Promise<string[]> {
  const { summary, more, places, options }: Command = await COMMANDS[name]();
  return [
    `orchestrate ${[name, ...places].join(' ')}`,
    '',
    summary,
    ...(more === undefined ? [] : ['', ...more.split('\n')]),
    '',
    ...optionLines([...options, 'cwd', 'help']),
  ];
}

function optionLines(names: readonly OptionName[]): string[] {
  const lines = names.map((name) => {
    const option = OPTIONS[name];
    const short = 'short' in option ? `-${option.short}, ` : '    ';
    return [`${short}--${name}${'value' in option ? ` <${option.value}>` : ''}`, option.help] as const;
  });
  const width = Math.max(...lines.map(([usage]) => usage.length));
  return lines.map(([usage, help]) => `  ${usage.padEnd(width)}  ${help}`);
}
