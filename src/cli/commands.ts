import { agents } from './agents.ts';
import { analyze } from './analyze.ts';
import { OPTIONS, type OptionName } from './arguments.ts';
import type { Command } from './call.ts';
import { importPlans } from './import.ts';
import { init } from './init.ts';
import { log } from './log.ts';
import { answer, approve, cancel, done, handback, interrupt, pause, reject, retry, skip, tell } from './order.ts';
import { make } from './new.ts';
import { mcp } from './mcp.ts';
import { plan } from './plan.ts';
import { rehearse } from './rehearse.ts';
import { resume } from './resume.ts';
import { rollback } from './rollback.ts';
import { run } from './run.ts';
import { status } from './status.ts';
import { takeover } from './takeover.ts';
import { trash } from './trash.ts';
import { validate } from './validate.ts';

/** Every command but `help`, in the order in which help names them. */
export const COMMANDS = {
  init,
  plan,
  import: importPlans,
  new: make,
  validate,
  agents,
  analyze,
  rehearse,
  run,
  status,
  log,
  resume,
  pause,
  cancel,
  approve,
  reject,
  answer,
  retry,
  skip,
  rollback,
  done,
  tell,
  interrupt,
  takeover,
  handback,
  trash,
  mcp,
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;

export function helpText(): string[] {
  const names = Object.entries<Command>(COMMANDS).map(
    ([name, { places, summary }]) => [[name, ...places].join(' '), summary] as const,
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

export function helpOn(name: CommandName): string[] {
  const { summary, more, places, options }: Command = COMMANDS[name];
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
