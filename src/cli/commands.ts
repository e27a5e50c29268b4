import { OPTIONS, type OptionName } from './arguments.ts';
import type { Command } from './call.ts';

/** Every command but `help`, in the order in which help names them. Its code is evaluated when it is asked for. */
export const COMMANDS = {
  init: async () => (await import('./commands/init.ts')).init,
  plan: async () => (await import('./commands/plan.ts')).plan,
  hotfix: async () => (await import('./commands/hotfix.ts')).hotfix,
  import: async () => (await import('./commands/import.ts')).importPlans,
  new: async () => (await import('./commands/new.ts')).make,
  validate: async () => (await import('./commands/validate.ts')).validate,
  agents: async () => (await import('./commands/agents.ts')).agents,
  analyze: async () => (await import('./commands/analyze.ts')).analyze,
  rehearse: async () => (await import('./commands/rehearse.ts')).rehearse,
  run: async () => (await import('./commands/run.ts')).run,
  status: async () => (await import('./commands/status.ts')).status,
  why: async () => (await import('./commands/why.ts')).why,
  report: async () => (await import('./commands/report.ts')).report,
  history: async () => (await import('./commands/history.ts')).history,
  log: async () => (await import('./commands/log.ts')).log,
  resume: async () => (await import('./commands/resume.ts')).resume,
  pause: async () => (await import('./commands/order.ts')).pause,
  cancel: async () => (await import('./commands/order.ts')).cancel,
  approve: async () => (await import('./commands/order.ts')).approve,
  reject: async () => (await import('./commands/order.ts')).reject,
  answer: async () => (await import('./commands/order.ts')).answer,
  retry: async () => (await import('./commands/order.ts')).retry,
  skip: async () => (await import('./commands/order.ts')).skip,
  rollback: async () => (await import('./commands/rollback.ts')).rollback,
  push: async () => (await import('./commands/push.ts')).push,
  pr: async () => (await import('./commands/pr.ts')).pr,
  done: async () => (await import('./commands/order.ts')).done,
  tell: async () => (await import('./commands/order.ts')).tell,
  interrupt: async () => (await import('./commands/order.ts')).interrupt,
  takeover: async () => (await import('./commands/takeover.ts')).takeover,
  handback: async () => (await import('./commands/order.ts')).handback,
  trash: async () => (await import('./commands/trash.ts')).trash,
  disk: async () => (await import('./commands/disk.ts')).disk,
  mcp: async () => (await import('./commands/mcp.ts')).mcp,
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
