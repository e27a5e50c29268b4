import type { Bar } from '../../model/run/timeline.ts';
import { span, WORD } from '../words.ts';
import type { AttemptLine, TaskLine } from './protocol.ts';

/** What a bar stands for. */
export const BAR: Record<Bar['kind'], string> = {
  start: 'getting ready',
  agent: 'agent',
  gate: 'gates',
  queue: 'waits to be merged',
  person: 'waits for a person',
};

/** `agent 5 s, gates 2 s`, what each took in the order in which it first came. */
export function timesOf({ bars }: AttemptLine, now: number): string {
  const times = new Map<Bar['kind'], number>();
  for (const { kind, from, to, isOpen } of bars)
    times.set(kind, (times.get(kind) ?? 0) + Math.max(0, (isOpen ? now : to) - from));
  return [...times].map(([kind, took]) => `${BAR[kind]} ${span(took)}`).join(', ');
}

/** A row of the chart as a sentence, for those who hear it. */
export function sentenceOf(line: TaskLine, now: number): string {
  const attempts = line.attempts.map(
    (attempt) => `attempt ${attempt.number}: ${[attempt.words, timesOf(attempt, now)].filter(Boolean).join(', ')}`,
  );
  const critical = line.isCritical ? ['on the critical path'] : [];
  return [`${line.title}, wave ${line.wave}`, WORD[line.status], ...critical, ...attempts].join('; ');
}

/** Time of day, to the second. */
export const clockOf = (at: number): string => TIME.format(at);

/** Made once: making one takes fifty times as long as writing a time. */
const TIME = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
