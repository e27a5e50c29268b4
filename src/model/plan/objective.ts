/** How much is to be found out before an objective can be planned. */
export const COMPLEXITIES = ['simple', 'medium', 'complex'] as const;
export type ObjectiveComplexity = (typeof COMPLEXITIES)[number];

/** What in an objective only a person can settle, by what it is about. */
export type GrayArea = 'interface' | 'visual' | 'logic' | 'data';

/** What a researcher looks at, before a complex objective is planned. */
export type Focus = GrayArea | 'architecture' | 'security' | 'tests';

type Words = () => RegExp;

/** Made when it is first asked for: the classes of letters take longer to make than all else that a start reads here. */
const words = (...parts: readonly string[]): Words => {
  let pattern: RegExp | undefined;
  return () => (pattern ??= new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${parts.join('|')})`, 'giu'));
};

/** The words that say what an objective is about. A word that begins so is meant, too. */
const ABOUT: Readonly<Record<GrayArea, Words>> = {
  interface: words('api', 'cli', 'command', 'endpoint', 'flag', 'graphql', 'option', 'rest', 'route', 'sdk', 'webhook'),
  visual: words(
    'button',
    'chart',
    'css',
    'dashboard',
    'dialog',
    'form',
    'icon',
    'layout',
    'page',
    'screen',
    'theme',
    'ui',
    'view',
    'widget',
  ),
  logic: words(
    'approv',
    'bill',
    'calculat',
    'discount',
    'invoice',
    'payment',
    'permission',
    'polic',
    'price',
    'rule',
    'state',
    'validat',
    'workflow',
  ),
  data: words(
    'backup',
    'cache',
    'csv',
    'data',
    'export',
    'import',
    'index',
    'json',
    'migrat',
    'paginat',
    'schema',
    'search',
    'sql',
    'storage',
    'store',
    'table',
  ),
};

/** Where a mistake is dear, or what is foreign has to fit. */
const RISK = words(
  'auth',
  'concurren',
  'credential',
  'crypt',
  'distributed',
  'gdpr',
  'integrat',
  'legacy',
  'login',
  'migrat',
  'multi-tenan',
  'oauth',
  'payment',
  'permission',
  'privacy',
  'real-time',
  'secur',
  'sso',
  'third-party',
);

/** All of something, or something whole. */
const SWEEP = words(
  'architect',
  'entire',
  'everywhere',
  'from scratch',
  'overhaul',
  'redesign',
  'replace the',
  'rewrite',
  'whole',
);

/** The kinds of question that an objective leaves open, those most spoken of first. */
export function grayAreas(objective: string): GrayArea[] {
  const counts = (Object.keys(ABOUT) as GrayArea[]).map((area) => ({ area, many: distinct(objective, ABOUT[area]) }));
  return counts
    .filter(({ many }) => many > 0)
    .toSorted((a, b) => b.many - a.many)
    .map(({ area }) => area);
}

/**
 * `simple`: clear, small and without risk. `complex`: dear to get wrong, or much at once: that is looked into first.
 * A rule of thumb over the words, which a person can overrule.
 */
export function complexityOfObjective(objective: string): ObjectiveComplexity {
  const length = objective.trim().split(/\s+/).length;
  const items = (objective.match(/^\s*(?:[-*+]|\d+[.)])\s/gm) ?? []).length;
  const weight =
    (length > 150 ? 3 : length > 60 ? 2 : length > 20 ? 1 : 0) +
    (items > 5 ? 2 : items > 2 ? 1 : 0) +
    Math.max(0, grayAreas(objective).length - 1) +
    Math.min(2, distinct(objective, RISK)) +
    (distinct(objective, SWEEP) > 0 ? 2 : 0);
  return weight >= 4 ? 'complex' : weight >= 1 ? 'medium' : 'simple';
}

const MOST_RESEARCHERS = 4;

/** What is looked into before a complex objective is planned, each by a researcher of its own. */
export function focusAreas(objective: string): Focus[] {
  const risks: Focus[] = distinct(objective, RISK) > 0 ? ['security'] : [];
  return [...new Set<Focus>(['architecture', ...grayAreas(objective), ...risks, 'tests'])]
    .toSorted((a, b) => RANK.indexOf(a) - RANK.indexOf(b))
    .slice(0, MOST_RESEARCHERS);
}

/** Without the first two no plan is sound; what an objective is about comes before how things are tested. */
const RANK: readonly Focus[] = ['architecture', 'security', 'data', 'interface', 'logic', 'visual', 'tests'];

/** How many different words of these there are. */
const distinct = (text: string, pattern: Words): number =>
  new Set(Array.from(text.matchAll(pattern()), ([word]) => word.toLowerCase())).size;
