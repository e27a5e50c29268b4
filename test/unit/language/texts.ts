// What the tests of language features share: files with a bar for the cursor, and texts of all sorts.
import fc from 'fast-check';
import { type DocumentKind, KINDS as PLACES, type TextFile } from '../../../src/language/document.ts';

export const KINDS = Object.keys(PLACES) as DocumentKind[];

const PATHS: Record<DocumentKind, string> = {
  plan: 'docs/plan/shop/plan.yaml',
  config: 'orchestrate.yaml',
  prd: 'docs/PRD.yaml',
  orchestraConfig: '.orchestra/config.yml',
  milestone: '.orchestra/milestones/M1-shop/milestone.md',
  phase: '.orchestra/milestones/M1-shop/phases/phase-1.md',
  prompt: 'prompts/add-login.md',
};

export const fileOf = (kind: DocumentKind, text: string): TextFile => ({ kind, path: PATHS[kind], text });

/** A text with a bar where the cursor is. */
export function withCursor(kind: DocumentKind, text: string): { file: TextFile; offset: number } {
  const offset = text.indexOf('|');
  return { file: fileOf(kind, text.slice(0, offset) + text.slice(offset + 1)), offset };
}

/** A plan of so many tasks in layers of ten, each of which needs two of the layer before. */
export function largePlan(count: number): string {
  const tasks = Array.from({ length: count }, (_, n) => {
    const layer = Math.floor(n / 10);
    const needs = layer === 0 ? '[]' : `[task-${n - 10}, task-${layer * 10 - 1}]`;
    return `  - id: task-${n}
    title: Task number ${n}
    description: |
      What is to be done in ${n}, with a colon: here.
    wave: ${layer + 1}
    agent: claude
    dependencies: ${needs}
    scope: [src/part-${n}.ts]
    estimated_effort: small
    acceptance_criteria:
      - Part ${n} works
`;
  });
  return `plan_id: large\nobjective: A large plan\ntasks:\n${tasks.join('')}contracts:\n  - from_task: task-0\n    to_task: task-${count - 1}\n    interface: a\n    format: b\n`;
}

/** The same plan as people and their agents write it: comments, long texts, quotes and brackets in every task. */
export const richPlan = (count: number): string =>
  largePlan(count)
    .replace('objective: A large plan', 'objective: >\n  A large plan,\n  told in two lines')
    .replaceAll(/^ {2}- id: (task-\d*5)$/gm, '  # the next five\n  - id: $1')
    .replaceAll(
      '    agent: claude\n',
      `    agent: claude # the usual one
    context_files:
      - path: src/index.ts
        description: "where it is called from: \\"main\\""
    estimates: { files: 2, lines: 40 }
`,
    );

const PIECES =
  `plan_id: |tasks:|  - id: a|    dependencies: [b, |    dependencies:|      - "b"|gates:|  test: { run: npm test, on: [task|
---|status: done|# Title|\`\`\`|    description: \\||      text: of it|\t- id: c|{ "tasks": [{ "id": "x", |]|}|: |- |'|"|&a *a|    wave: 2|
  test:|    on: wave|contracts:|  - from_task: a|agents:|limits: {agents: 2}|## Target Files|- src/a.ts|<<<<<<<|\uE000|é漢`.split(
    '|',
  );

/** Broken, half-written and whole texts. */
export const someText: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 20 }).map((pieces) => pieces.join('\n')),
  fc
    .array(fc.oneof(fc.constantFrom(...PIECES), fc.constantFrom('\n', '\r\n', ' ', '  '), fc.string()), {
      maxLength: 20,
    })
    .map((pieces) => pieces.join('')),
  fc.string({ unit: 'binary' }),
);
