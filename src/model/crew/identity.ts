import type { Task } from '../plan/plan.ts';

/** The five kinds of engineer that Orchestra knows (O12). */
const IDENTITIES = ['backend', 'frontend', 'devops', 'architect', 'fullstack'] as const;
export type Identity = (typeof IDENTITIES)[number];

const SIGNS: Readonly<Record<Exclude<Identity, 'fullstack'>, RegExp>> = {
  backend:
    /\b(?:apis?|endpoints?|databases?|sql|schemas?|migrations?|servers?|backend|auth\w*|queues?|queries|query|controllers?|services?|repositor(?:y|ies)|models?|webhooks?|transactions?|cron|graphql|rest)\b/giu,
  frontend:
    /\b(?:ui|ux|frontend|components?|pages?|screens?|css|styles?|buttons?|forms?|layouts?|react|vue|svelte|angular|browsers?|accessib\w+|responsive|modals?|dialogs?|themes?|icons?|html|dom|hover)\b/giu,
  devops:
    /\b(?:devops|ci|cd|pipelines?|deploy\w*|docker\w*|containers?|kubernetes|k8s|helm|terraform|infra\w*|provision\w*|github actions|workflows?|monitoring|nginx|rollbacks?|environments?)\b/giu,
  architect:
    /\b(?:architect\w*|adrs?|rfcs?|design (?:document|decision|doc)s?|trade-?offs?|decision records?|module boundar(?:y|ies)|interface design|system design)\b/giu,
};

/**
 * Whose work a task is, by its words and the skills it asks for; folders say nothing. Mixed or unclear: fullstack. A word
 * counts once however often it is there, and the first kind must be well ahead of the second.
 */
export function identityOf(
  task: Pick<Task, 'title' | 'description' | 'acceptanceCriteria' | 'skills' | 'role'>,
): Identity {
  const said = /^(backend|frontend|architect|devops)\b/i.exec(task.role ?? '')?.[1]?.toLowerCase();
  const named = IDENTITIES.find((identity) => identity === said);
  if (named) return named;
  const text = [task.title, task.description, ...task.acceptanceCriteria, ...(task.skills ?? [])].join('\n');
  const scores = Object.entries(SIGNS).map(([identity, signs]) => ({ identity, score: distinct(text, signs) }));
  const [first, second] = scores.toSorted((a, b) => b.score - a.score);
  const isClear = first !== undefined && first.score > 0 && first.score >= 2 * (second?.score ?? 0);
  return (isClear && IDENTITIES.find((identity) => identity === first.identity)) || 'fullstack';
}

const distinct = (text: string, signs: RegExp): number =>
  new Set([...text.matchAll(signs)].map(([word]) => word.toLowerCase())).size;
