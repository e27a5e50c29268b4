import { lead, type PromptText } from './prompt-text.ts';

export const TASK_TYPES = [
  'feature_implementation',
  'bug_fix',
  'refactoring',
  'documentation',
  'configuration',
  'test_coverage',
] as const;
/** What the commit that closes a task mainly holds. */
export type TaskType = (typeof TASK_TYPES)[number];

export interface TypeFinding {
  type: TaskType;
  /** What in the text spoke for it, strongest first. */
  because: readonly string[];
}

/** Where a rule looks: the title counts most, headings next, the first words after them least. */
type Place = 'title' | 'headings' | 'lead';

interface Rule {
  type: TaskType;
  place: Place;
  pattern: RegExp;
  /** Below zero: speaks against it. */
  weight: number;
}

const rule = (type: TaskType, place: Place, weight: number, pattern: RegExp): Rule => ({
  type,
  place,
  weight,
  pattern,
});

const VERB = '^(?:re-?)?';
const starts = (verbs: string): RegExp => new RegExp(`${VERB}(?:${verbs})\\b`, 'iu');

const RULES: readonly Rule[] = [
  rule('bug_fix', 'title', 6, starts('fix(?:es|ing)?|repair|resolve|correct|debug|hotfix|patch')),
  rule(
    'bug_fix',
    'title',
    3,
    /\b(?:bugs?|errors?|failures?|failing|broken|regressions?|crash(?:es)?|violation|leaks?)\b/iu,
  ),
  rule('bug_fix', 'title', 3, /\b(?:zero|no) (?:\w+ ){0,2}(?:errors|failures|warnings|violations)\b/iu),
  rule('bug_fix', 'title', 4, /.\bfix\b|\bsuppress(?:ions?|ed)\b/iu),
  rule('bug_fix', 'lead', 3, /\b(?:fix|resolve|achieve zero) (?:\S+ ){0,4}(?:errors|failures)\b/iu),
  rule(
    'bug_fix',
    'headings',
    1,
    /\b(?:current error|root cause|steps to reproduce|failing tests|current issues? to fix)\b/iu,
  ),
  rule(
    'bug_fix',
    'lead',
    1,
    /\b(?:fails? (?:to|when|at)|type errors?|failing tests?|is broken|crashes|regression)\b/iu,
  ),
  rule(
    'feature_implementation',
    'title',
    5,
    starts(
      'implement|add|create|build|introduce|enable|support|develop|write|design|integrate|enhance|extend|improve|invoke',
    ),
  ),
  rule('feature_implementation', 'title', 4, /\b(?:implementation|feature|prototype|mvp)\b/iu),
  rule(
    'feature_implementation',
    'title',
    2,
    /\b(?:agents?|system|endpoint|api|dashboard|command|cli|engine|plugin|installation|installer|page|form|button)\b/iu,
  ),
  rule(
    'feature_implementation',
    'lead',
    1,
    /\b(?:implement(?:s|ing)? (?:a|an|the|automatic|comprehensive)|create a|new (?:specialized )?(?:agent|system|module|feature))\b/iu,
  ),
  rule(
    'feature_implementation',
    'headings',
    1,
    /^(?:feature requirements|functional requirements|implementation plan|user stor(?:y|ies))$/imu,
  ),
  rule(
    'refactoring',
    'title',
    6,
    starts(
      'refactor|reorgani[sz]e|restructure|clean-?\\s?up|tidy|rename|move|extract|simplify|remove|delete|drop|commit|consolidate|deduplicate|split|inline|modulari[sz]e',
    ),
  ),
  rule('refactoring', 'title', 2, /\b(?:clean-?up|refactor(?:ing)?|references|dead code|duplication|structure)\b/iu),
  rule(
    'refactoring',
    'lead',
    3,
    /\b(?:file movement|duplicate files|move (?:documentation|files|all)|remove all references|without changing behaviou?r)\b/iu,
  ),
  rule(
    'documentation',
    'title',
    6,
    /\b(?:readme|docs?|documentation|release notes|changelog|guide|tutorial|diagrams?|instructions?|handbook|faq|comments)\b/iu,
  ),
  rule(
    'documentation',
    'title',
    8,
    /^(?:complete|continue|resume|finish|review|execute|retarget|rebase|update|coordinate|close)\b.*\b(?:prs?|pull requests?|phases?|workflow)\b/iu,
  ),
  rule('documentation', 'title', 8, /\b(?:pr review|prs? .*review|reviewer$|code review for|conflict .*review)/iu),
  rule(
    'documentation',
    'title',
    7,
    starts('analy[sz]e|analysis|investigate|audit|research|evaluate|assess|document|describe|explain'),
  ),
  rule('documentation', 'title', 6, /^(?:verify|validate|check)\b|\b(?:verification|review)$/iu),
  rule('documentation', 'lead', 3, /\b(?:across|in) documentation files\b/iu),
  rule('documentation', 'title', -5, /\b(?:sub-?agent|implementation)\b/iu),
  rule(
    'documentation',
    'lead',
    6,
    /\b(?:simple documentation update|add (?:a )?new section to readme|update readme)\b/iu,
  ),
  rule('configuration', 'lead', 1, /^(?:set up|configure)\b/imu),
  rule('configuration', 'title', 6, /.\bset-?up$/iu),
  rule('configuration', 'title', 6, starts('configure|set-?\\s?up|migrate|upgrade|bump|pin|downgrade|provision')),
  rule(
    'configuration',
    'title',
    6,
    /\b(?:pre-?commit|configs?|configuration|settings|lint(?:er|ing)?|tsconfig|dockerfile|dependenc(?:y|ies)|packaging|toolchain|environment variables?|model: \w+|github actions)\b/iu,
  ),
  rule('configuration', 'title', 2, /\b(?:ci|ci\/cd|pipeline|hooks?|environment|build)\b/iu),
  rule(
    'configuration',
    'title',
    -4,
    /\b(?:agent|parser|validator|validation|system|dashboard|dependencies and)\b(?! inherit)/iu,
  ),
  rule('configuration', 'lead', 2, /\b(?:frontmatter|configuration file|\.ya?ml|\.toml|pyproject|package\.json)\b/iu),
  rule('configuration', 'lead', -5, /\b(?:implements? a|isolated execution|new specialized)\b/iu),
  rule(
    'test_coverage',
    'title',
    8,
    /^(?:(?:add|write|create|increase|improve|extend|raise|expand|implement)\b.*\b(?:tests?|coverage|specs?)$|(?:unit |integration )?tests? (?:for|of)\b|test coverage|cover )/iu,
  ),
  rule(
    'test_coverage',
    'title',
    7,
    /\b(?:(?:add|write|create|more|missing|increase|improve|raise|extend) (?:\w+ ){0,3}(?:tests?|coverage)\b(?! (?:agent|solver|writer|framework|infrastructure)))/iu,
  ),
  rule('test_coverage', 'title', 7, /\bcomplete (?:the )?test(?:ing|s)\b/iu),
  rule('test_coverage', 'title', -6, /\b(?:fix|agents?|failures?|failing|errors?)\b/iu),
  rule(
    'test_coverage',
    'lead',
    3,
    /\b(?:test coverage (?:for|of)|untested|coverage (?:is|below|from)|write (?:unit )?tests for)\b/iu,
  ),
];

/** By weighed evidence; nothing found means a feature. Ties go to the earlier of TASK_TYPES. */
export function typeOf(prompt: PromptText): TypeFinding {
  const title = plainTitle(prompt.title);
  const headings = prompt.sections.map(({ heading }) => heading).join('\n');
  const places: Readonly<Record<Place, string>> = { title, headings, lead: `${lead(prompt)}\n${taskLines(prompt)}` };
  const matched = RULES.flatMap((one) => {
    const match = one.pattern.exec(places[one.place]);
    return match ? [{ ...one, text: match[0].trim() }] : [];
  });
  const score = (type: TaskType): number => sum(matched.filter((one) => one.type === type).map(({ weight }) => weight));
  const type = TASK_TYPES.reduce((best, one) => (score(one) > score(best) ? one : best));
  const own = matched.filter((one) => one.type === type && one.weight > 0).toSorted((a, b) => b.weight - a.weight);
  return { type, because: own.map(({ place, text }) => `${place}: ${text.slice(0, 60)}`) };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** `REVISED:`, `Fix Issue #12:` and `(Issue #12)` say where a task comes from; what follows says what it is. */
function plainTitle(title: string): string {
  const plain = title
    .replace(/^[A-Z]{4,}:\s+/u, '')
    .replace(/\s*[([]?(?:-\s*)?issue\s*#?\d+[)\]]?\s*$/iu, '')
    .trim();
  const rest = /^(?:fix(?:es)?|resolve|close)\s+issue\s+#?\d+\s*[:-]\s*(.+)$/iu.exec(plain)?.[1];
  return rest !== undefined && starts('add|create|implement|remove|document|refactor|write|update').test(rest)
    ? rest
    : plain;
}

/** What a list of tasks says of each, where a file holds several. */
const taskLines = ({ sections }: PromptText): string =>
  sections
    .filter(({ heading }) => /^task\s*\d*\s*:/iu.test(heading))
    .map(({ heading, body }) => `${heading}\n${body.slice(0, 300)}`)
    .join('\n')
    .slice(0, 1500);
