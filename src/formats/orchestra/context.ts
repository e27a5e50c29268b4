import { bodyOf, listItems, markdownLines, sectionNamed, sectionsOf } from '../text/markdown.ts';

/** One line of `## Phases`. */
export interface PhaseState {
  id: string;
  status: string;
  line: number;
  commit?: string;
  files?: readonly string[];
  error?: string;
  lastError?: string;
}

/** What a context.md knows of a milestone that was begun (FORMATS.md 3.6). */
export interface ResumeState {
  milestone: string;
  started: string;
  pipeline: string;
  phases: readonly PhaseState[];
  /** `phase-1: text`. */
  decisions: readonly string[];
  metrics: readonly string[];
  codebaseMap: string;
}

export function readContext(text: string): ResumeState {
  const sections = sectionsOf(markdownLines(text));
  const lines = (title: RegExp) => sectionNamed(sections, title)?.lines ?? [];
  const field = (name: string): string => {
    const line = lines(/^status$/i).find(({ text: one }) => new RegExp(`^\\s*(?:[-*]\\s+)?${name}:`, 'i').test(one));
    return line?.text.replace(/^[^:]*:\s*/, '').trim() ?? '';
  };
  return {
    milestone: field('milestone'),
    started: field('started'),
    pipeline: field('pipeline'),
    phases: listItems(lines(/^phases$/i)).flatMap(({ text: item, line }) => phaseState(item, line)),
    decisions: listItems(lines(/^decisions$/i)).map((item) => item.text),
    metrics: listItems(lines(/^metrics$/i)).map((item) => item.text),
    codebaseMap: bodyOf(lines(/^codebase map$/i)),
  };
}

/** `phase-1: done | commit: {hash} | files: {list}`. */
function phaseState(item: string, line: number): PhaseState[] {
  const [, id, status, rest = ''] = /^([\w-]+):\s*([\w-]+)\s*(.*)$/.exec(item) ?? [];
  if (id === undefined || status === undefined) return [];
  const parts = Object.fromEntries(
    rest.split(/\s*\|\s*/).flatMap((part) => {
      const [, key, value] = /^([\w-]+):\s*(.*)$/.exec(part) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value.trim()]];
    }),
  );
  const { commit, files, error, 'last-error': lastError } = parts;
  return [
    {
      id,
      status,
      line,
      ...(commit ? { commit } : {}),
      ...(files ? { files: files.replace(/^\[|\]$/g, '').split(/,\s*/) } : {}),
      ...(error ? { error } : {}),
      ...(lastError ? { lastError } : {}),
    },
  ];
}

/** What is known of a phase, written on its line and on no other; a phase without a line gets one after the others. */
export function setContextPhase(text: string, phase: Omit<PhaseState, 'line'>): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const entry = phaseLine(phase);
  const lines = text.split(eol);
  const found = readContext(text).phases;
  const known = found.find(({ id }) => id === phase.id)?.line;
  const last = found.at(-1)?.line;
  const head = lines.findIndex((line) => /^##\s+Phases\s*$/i.test(line));
  if (known !== undefined) lines[known - 1] = entry;
  else if (last !== undefined) lines.splice(last, 0, entry);
  else if (head !== -1) lines.splice(head + 1, 0, entry);
  else return `${text === '' ? '' : `${text.trimEnd()}${eol}${eol}`}## Phases${eol}${entry}${eol}`;
  return lines.join(eol);
}

/** The head of a context.md that has none yet. */
export function setContextStatus(text: string, { milestone, started }: { milestone: string; started: string }): string {
  if (/^##\s+Status\s*$/im.test(text)) return text;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const head = ['## Status', `milestone: ${milestone}`, `started: ${started}`, ''].join(eol);
  return text === '' ? head : head + eol + text;
}

/** The numbers of a phase under `## Metrics`, on its line and on no other. */
export function setContextMetric(text: string, id: string, words: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const entry = `- ${id}: ${words}`;
  const lines = text.split(eol);
  const own = listItems(sectionNamed(sectionsOf(markdownLines(text)), /^metrics$/i)?.lines ?? []);
  const known = own.find((item) => item.text.startsWith(`${id}:`))?.line;
  const last = own.at(-1)?.line ?? lines.findIndex((line) => /^##\s+Metrics\s*$/i.test(line)) + 1;
  if (known !== undefined) lines[known - 1] = entry;
  else if (last > 0) lines.splice(last, 0, entry);
  else return `${text.trimEnd()}${eol}${eol}## Metrics${eol}${entry}${eol}`;
  return lines.join(eol);
}

function phaseLine({ id, status, commit, files, error, lastError }: Omit<PhaseState, 'line'>): string {
  const fields = { commit, files: files?.join(', '), error, 'last-error': lastError };
  const parts = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${oneLine(value)}`],
  );
  return `- ${id}: ${[status, ...parts].join(' | ')}`;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('|', '/').trim();
