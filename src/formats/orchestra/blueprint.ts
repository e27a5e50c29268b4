import { at } from '../../model/text/problem.ts';
import { slug } from '../../model/text/names.ts';
import { problem } from '../../model/text/yaml-text.ts';
import type { Blueprint } from '../documents.ts';
import { type Imported, nothingSaid, type SourceFile } from '../imported.ts';
import { bodyOf, listItems, markdownLines, type Section, sectionNamed, sectionsOf } from '../text/markdown.ts';

export function readBlueprint({ path: file, text }: SourceFile): Imported {
  const sections = sectionsOf(markdownLines(text));
  const head = sections.find(({ level }) => level === 1);
  const base = { format: 'orchestra-blueprint' as const, files: [file], ...nothingSaid };
  const milestones = sections.filter(({ title }) => /^M(?:\d+|\{N\})\s*[\u2014\u2013:-]/.test(title)).map(milestoneOf);
  if (milestones.length === 0) {
    const message =
      'The blueprint has no milestone. Add "### M1 — title" with its complexity, phases and acceptance criteria.';
    return { ...base, problems: [problem(file, at(head?.line ?? 1), message)] };
  }
  const blueprint: Blueprint = {
    name: head?.title.replace(/^Blueprint:\s*/i, '') ?? '',
    description: bodyOf(sectionNamed(sections, /^description$/i)?.lines ?? []),
    parameters: listItems(sectionNamed(sections, /^parameters$/i)?.lines ?? []).map(({ text: item }) => {
      const [, name = item, words = ''] = /^`?([\w-]+)`?\s*:\s*(.*)$/.exec(item) ?? [];
      return { name, text: words };
    }),
    milestones,
  };
  return { ...base, blueprint, origin: () => ({ file, line: head?.line ?? 1, column: 1 }) };
}

function milestoneOf({ title, lines }: Section): Blueprint['milestones'][number] {
  const [, id = '', name = ''] = /^(M(?:\d+|\{N\}))\s*[\u2014\u2013:-]+\s*(.*)$/.exec(title) ?? [];
  const items = listItems(lines);
  const part = { phases: [] as Blueprint['milestones'][number]['phases'][number][], criteria: [] as string[] };
  let into = '';
  for (const { text, indent } of items) {
    if (indent === 0) into = /^(\w[\w ]*?)\s*:/.exec(text)?.[1]?.toLowerCase() ?? '';
    else if (into === 'phases') part.phases.push(phaseOf(text));
    else if (into === 'acceptance criteria') part.criteria.push(text);
  }
  const complexity = items
    .map(({ text }) => /^Complexity:\s*(\w+)/i.exec(text)?.[1])
    .find((word) => word !== undefined);
  return {
    id,
    title: name,
    complexity: complexity ?? 'standard',
    phases: part.phases,
    acceptanceCriteria: part.criteria,
  };
}

/** `(impl) text [skills: a, b]`. */
function phaseOf(text: string): { kind: string; text: string; skills: string[] } {
  const [, kind = 'impl', rest = text] = /^\((\w+)\)\s*(.*)$/.exec(text) ?? [];
  const skills = /\[skills?:\s*([^\]]*)\]\s*$/i.exec(rest)?.[1];
  return {
    kind,
    text: rest.replace(/\s*\[skills?:[^\]]*\]\s*$/i, ''),
    skills: skills?.split(/\s*,\s*/).filter(Boolean) ?? [],
  };
}

/**
 * The files of a blueprint's milestones, numbered from `first`: milestone.md, prd.md and a file for each phase, each
 * phase after the one before. `{NAME}` is replaced by the value of the parameter; one without a value stays as it is.
 */
export function milestoneFiles(
  blueprint: Blueprint,
  { first, created, values = {} }: { first: number; created: string; values?: Readonly<Record<string, string>> },
): SourceFile[] {
  const fill = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (hole, name: string) =>
      Object.hasOwn(values, name) ? (values[name] ?? hole) : hole,
    );
  return blueprint.milestones.flatMap(({ title, complexity, phases, acceptanceCriteria }, i) => {
    const name = fill(title);
    const folder = `.orchestra/milestones/M${first + i}-${slug(name)}`;
    const boxes = acceptanceCriteria.map((one) => `- [ ] ${fill(one)}\n`).join('');
    const rows = [
      ['Status', 'planning'],
      ['Priority', 'P1'],
      ['Complexity', complexity],
      ['PRD', 'prd.md'],
      ['Created', created],
    ];
    const table = rows.map(([key, value]) => `| ${key} | ${value} |\n`).join('');
    return [
      {
        path: `${folder}/milestone.md`,
        text: `# Milestone: M${first + i} — ${name}\n\n| Field | Value |\n| --- | --- |\n${table}\n## Acceptance Criteria\n\n${boxes}`,
      },
      {
        path: `${folder}/prd.md`,
        text: `# PRD-${first + i}: ${name}\n\n## Problem Statement\n\n${fill(blueprint.description)}\n\n## Acceptance Criteria\n\n${boxes}`,
      },
      ...phases.map((phase, n) => ({ path: `${folder}/phases/phase-${n + 1}.md`, text: phaseText(phase, n, fill) })),
    ];
  });
}

function phaseText(
  { kind, text, skills }: Blueprint['milestones'][number]['phases'][number],
  n: number,
  fill: (text: string) => string,
): string {
  const complexity = kind === 'design' ? 'complex' : 'standard';
  const after = n === 0 ? '[]' : `[phase-${n}]`;
  return `---\nstatus: pending\norder: ${n + 1}\ncomplexity: ${complexity}\nskills: [${skills.join(', ')}]\ndepends_on: ${after}\n---\n\n## Objective\n\n${fill(text)}\n\n## Scope\n\n${kind === 'design' ? '- rfc.md (new)\n\n' : ''}## Acceptance Criteria\n\n- [ ] ${fill(text)}\n`;
}
