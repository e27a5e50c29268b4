import type { PromptText } from './prompt-text.ts';
import type { TaskType } from './task-type.ts';

export const COMPLEXITIES = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
export type Complexity = (typeof COMPLEXITIES)[number];

export interface ComplexityFinding {
  complexity: Complexity;
  /** What made it so, in words with numbers. */
  because: readonly string[];
}

/**
 * Points: how much there is to say, into how many parts it falls, how much is counted in it, and how it touches what
 * others stand on. Words weigh less than in a count of keywords: a long text about one file stays a small task.
 */
export function complexityOf(prompt: PromptText, type: TaskType, targets: readonly string[] = []): ComplexityFinding {
  const facts = type === 'documentation' ? ofWords(prompt) : ofCode(prompt, targets);
  const points = facts.reduce((sum, fact) => sum + fact.points, 0);
  const highest = facts.some((fact) => fact.atMost) ? 2 : COMPLEXITIES.length - 1;
  const level = Math.min(highest, Math.max(0, Math.round(points)));
  return {
    complexity: COMPLEXITIES[level] ?? 'MEDIUM',
    because: facts.filter((fact) => fact.points !== 0).map(({ why }) => why),
  };
}

interface Fact {
  points: number;
  why: string;
  /** The same thing many times over makes no task critical. */
  atMost?: 'HIGH';
}

function ofWords({ words, sections }: PromptText): Fact[] {
  const analyses = sections.filter(({ heading }) => /analysis|risk|decision/iu.test(heading)).length;
  return [
    { points: words > 1000 ? 2 : words > 380 ? 1 : 0, why: `${words} words` },
    { points: analyses > 5 ? 0.3 : 0, why: `${analyses} parts of analysis` },
  ];
}

function ofCode(prompt: PromptText, targets: readonly string[]): Fact[] {
  const text = prompt.sections.map(({ heading, body }) => `${heading}\n${body}`).join('\n');
  const phases = new Set([...text.matchAll(/^(?:#+\s*)?(?:phase|step)\s+(\d+)/gimu)].map((match) => match[0])).size;
  const parts = prompt.sections.filter(({ level }) => level >= 3).length;
  return [
    { points: 1, why: 'changes code' },
    { points: lengthPoints(prompt.words), why: `${prompt.words} words` },
    { points: phases >= 5 ? 0.3 : parts >= 12 ? 0.25 : 0, why: `${Math.max(parts, phases)} parts` },
    ...counted(text),
    ...depth(text, prompt),
    ...small(prompt, targets),
  ];
}

const lengthPoints = (words: number): number =>
  words > 2900 ? 1.4 : words > 1800 ? 1.1 : words > 720 ? 0.6 : words > 400 ? 0.2 : 0;

/** Hundreds of errors or files named as a number. */
function counted(text: string): Fact[] {
  const errors = [...text.matchAll(/\b(\d{2,6})\s+(?:\w+\s+)?(?:errors|files|usages|call sites|tests)\b/giu)];
  const most = errors.reduce((highest, match) => Math.max(highest, Number(match[1])), 0);
  return most >= 1000 ? [{ points: 1, why: `speaks of ${most}`, atMost: 'HIGH' }] : [];
}

const DEEP =
  /\b(?:architecture|concurren(?:t|cy)|distributed|parallel execution|state machine|migration|security|isolation|performance|scalab\w+|backward compat\w+|sync(?:hroni[sz]ation)?)\b/giu;

function depth(text: string, { title }: PromptText): Fact[] {
  const themes = new Set([...text.matchAll(DEEP)].map((match) => match[0].toLowerCase()));
  const several = /\b(?:orchestrat\w+ (?:\w+ )?backlog|rewrite|rearchitect|platform)\b/iu.test(title);
  return [
    { points: themes.size >= 5 ? 0.4 : themes.size >= 3 ? 0.3 : 0, why: [...themes].join(', ') },
    { points: several ? 1 : 0, why: 'several systems at once' },
  ];
}

/** A short text, or one about one or two files of words. */
function small(prompt: PromptText, targets: readonly string[]): Fact[] {
  const wordsOnly =
    targets.length > 0 && targets.length <= 3 && targets.every((path) => /\.(?:md|mdx|txt|rst)$/iu.test(path));
  const tidies = /^(?:clean-?\s?up|tidy|bump|typo)/iu.test(prompt.title) && prompt.words < 420;
  return [
    { points: wordsOnly && prompt.words < 320 ? -1 : 0, why: 'only files of words' },
    { points: tidies ? -1 : 0, why: 'tidying' },
  ];
}
