import { lead, type PromptText } from './prompt-text.ts';
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
  const facts = type === 'documentation' ? ofWords(prompt) : ofCode(prompt, { type, targets });
  const points = facts.reduce((sum, fact) => sum + fact.points, 0);
  const highest = facts.some((fact) => fact.atMost && fact.points > 0) ? 2 : COMPLEXITIES.length - 1;
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

function ofWords({ words, sections, title }: PromptText): Fact[] {
  const isAll = ALL.test(title) || REVIEW_OF_WHOLE.test(title);
  const analyses = sections.filter(({ heading }) => /analysis|risk|decision/iu.test(heading)).length;
  return [
    { points: words > 1000 ? 2 : words > 380 ? 1 : 0, why: `${words} words` },
    { points: isAll && words <= 380 ? 1 : 0, why: 'about all there is' },
    { points: ONE_FILE.test(title) ? -1 : 0, why: 'about one file of words' },
    { points: analyses > 5 ? 0.3 : 0, why: `${analyses} parts of analysis` },
  ];
}

const ALL = /\b(?:all|every|each|entire)\b/iu;
/** Whoever reviews a design, or whether things fit together, has to look at everything. */
const REVIEW_OF_WHOLE = /\b(?:system|design|architecture|consistency)\s+(?:\w+\s+)?review/iu;
const ONE_FILE = /\bREADME\b|\bCHANGELOG\b|\w\.md\b/u;

interface Known {
  type: TaskType;
  targets: readonly string[];
}

function ofCode(prompt: PromptText, { type, targets }: Known): Fact[] {
  const text = prompt.sections.map(({ heading, body }) => `${heading}\n${body}`).join('\n');
  const phases = new Set([...text.matchAll(/^(?:#+\s*)?(?:phase|step)\s+(\d+)/gimu)].map((match) => match[0])).size;
  const parts = prompt.sections.filter(({ level }) => level >= 3).length;
  const isNarrow = inFewFiles(prompt, { type, targets });
  // Settings that are told in many steps are settings.
  const split = type === 'configuration' ? 0 : phases >= 5 ? 0.3 : parts >= 12 ? 0.25 : 0;
  return [
    { points: 1, why: 'changes code' },
    sizeOf(prompt, { type, targets }),
    { points: isNarrow ? 0 : split, why: `${Math.max(parts, phases)} parts` },
    ...(type === 'bug_fix' ? everywhere(text, prompt) : several(prompt, type)),
    ...counted(text),
    ...depth(text, prompt),
    ...small(prompt, targets),
  ];
}

/** What one or two files hold is one component: many words say how, not how much. */
const inFewFiles = ({ words }: PromptText, { type, targets }: Known): boolean =>
  targets.length > 0 && targets.length <= 2 && (type === 'bug_fix' || words < 800);

/**
 * Many words, many files in few words, and the name of a system say the same: the strongest of them counts. A name of
 * which little is said is a name.
 */
function sizeOf(prompt: PromptText, { type, targets }: Known): Fact {
  const length = inFewFiles(prompt, { type, targets }) ? 0 : lengthPoints(prompt, type);
  const facts: Fact[] = [{ points: length, why: `${prompt.words} words` }];
  if (type === 'feature_implementation') {
    const files = partsNamed([...(wholeOf(prompt).match(CODE_FILE) ?? []), ...targets]);
    facts.push({ points: files >= 5 && prompt.words < 500 ? 0.5 : 0, why: `${files} files` });
  }
  const isSystem = SYSTEM.test(prompt.title) && prompt.words >= 200;
  facts.push({ points: isSystem && type !== 'bug_fix' ? 0.5 : 0, why: 'a system of several parts' });
  return facts.reduce((most, one) => (one.points > most.points ? one : most));
}

/** Files that are something by themselves: each once, by whatever path, without its tests and without lists of packages. */
const partsNamed = (paths: readonly string[]): number =>
  new Set(paths.map((path) => path.split('/').at(-1) ?? path).filter((name) => !/test|\.txt$/iu.test(name))).size;

const SYSTEM = /\b(?:system|framework|platform|engine|infrastructure)\b/iu;
const CODE_FILE = /[\w./-]+\.(?:py|[cm]?[jt]sx?|go|rs|java|proto|sh|ya?ml|toml|json)\b/gu;

const wholeOf = ({ sections }: PromptText): string =>
  sections.map(({ heading, body, code }) => `${heading}\n${body}\n${code}`).join('\n');

/** A repair that takes many words has more than one cause; but nothing stands on tests. */
function lengthPoints({ words, title }: PromptText, type: TaskType): number {
  const isRepair = type === 'bug_fix' && !/\btests?\b/iu.test(title);
  if (words > 2500) return 1.4;
  if (isRepair && words > 1800) return 1.1;
  if (words > 720 || (isRepair && words > 500)) return 0.6;
  return words > 400 ? 0.2 : 0;
}

/** All of hundreds of errors, in whatever they are. */
function everywhere(text: string, { title }: PromptText): Fact[] {
  const most = mostCounted(text, /\b(\d{2,6})\s+(?:\S+\s+){0,2}errors\b/giu);
  const isAll = /\b(?:all|every|zero|complete)\b/iu.test(title);
  return [{ points: isAll && most >= 150 ? 1 : 0, why: `all of ${most} errors`, atMost: 'HIGH' }];
}

/** A list of tasks to be done at once, and tests of everything there is. */
function several(prompt: PromptText, type: TaskType): Fact[] {
  const whole = wholeOf(prompt);
  const tasks = new Set(whole.match(TASK)).size;
  const isBuilt = type === 'feature_implementation' || type === 'configuration';
  const isBatch = isBuilt && tasks >= 3 && /\b(?:orchestrat\w+|execute|batch|tasks)\b/iu.test(prompt.title);
  const isAll = type === 'test_coverage' && /\ball (?:\S+ )?(?:components|modules|services|packages)\b/iu.test(whole);
  return [
    { points: isBatch ? 2 : 0, why: `${tasks} tasks at once` },
    { points: isAll ? 1 : 0, why: 'tests of all components' },
  ];
}

const TASK = /^(?:#+\s*)?task\s+\d+\b|^\d+\.\s+\*\*[\w.-]+\.md\*\*/gimu;

/** Hundreds of errors or files named as a number. */
function counted(text: string): Fact[] {
  const most = mostCounted(
    text,
    /\b(\d{2,6}|\d{1,3},\d{3})\s+(?:\w+\s+)?(?:errors|issues|files|usages|call sites|tests)\b/giu,
  );
  return most >= 1000 ? [{ points: 1, why: `speaks of ${most}`, atMost: 'HIGH' }] : [];
}

const mostCounted = (text: string, pattern: RegExp): number =>
  [...text.matchAll(pattern)].reduce((highest, match) => Math.max(highest, Number(match[1]?.replace(',', ''))), 0);

const DEEP =
  /\b(?:architecture|concurren(?:t|cy)|distributed|parallel execution|state machine|migration|security|isolation|performance|scalab\w+|backward compat\w+|sync(?:hroni[sz]ation)?)\b/giu;

function depth(text: string, { title }: PromptText): Fact[] {
  const themes = new Set([...text.matchAll(DEEP)].map((match) => match[0].toLowerCase()));
  const isMany = /\b(?:orchestrat\w+ .*\bbacklog|rewrite|rearchitect|platform)\b/iu.test(title);
  return [
    { points: themes.size >= 5 ? 0.4 : themes.size >= 3 ? 0.3 : 0, why: [...themes].join(', ') },
    { points: isMany ? 1 : 0, why: 'several systems at once' },
  ];
}

/** A short text, or one about one or two files of words. */
function small(prompt: PromptText, targets: readonly string[]): Fact[] {
  const wordsOnly =
    !/\b(?:all|every|remaining)\b/iu.test(prompt.title) &&
    targets.length > 0 &&
    targets.length <= 3 &&
    targets.every((path) => /\.(?:md|mdx|txt|rst)$/iu.test(path));
  const tidies = /^(?:clean-?\s?up|tidy|bump|typo|commit)/iu.test(prompt.title) && prompt.words < 420;
  const isTrivial =
    prompt.words < 120 && /\b(?:simple|minimal|trivial|tiny) (?:\w+ )?(?:test|task|file|change)\b/iu.test(lead(prompt));
  return [
    { points: wordsOnly && prompt.words < 320 ? -1 : 0, why: 'only files of words' },
    { points: tidies ? -1 : 0, why: 'tidying' },
    { points: isTrivial ? -1 : 0, why: 'said to be small' },
  ];
}
