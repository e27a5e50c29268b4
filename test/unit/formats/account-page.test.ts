import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { accountPage } from '../../../src/formats/account-page.ts';
import { importFiles } from '../../../src/formats/registry.ts';

const page = (path: string, text: string): string =>
  accountPage(
    importFiles([{ path, text }], { named: true }).imported.map((imported) => ({
      imported,
      target: { file: 'docs/plan/a/plan.yaml', isThere: false },
    })),
    [],
  );

describe('the page about an import', () => {
  it('says what was read, repaired, counted again and kept', () => {
    const text =
      'plan_id: a\nobjective: o\nplan_metrics:\n  total_dependencies: 9\nmystery: 1\ntasks:\n\t- id: a\n\t\ttitle: First\n';
    const said = page('docs/plan/a/plan.yaml', text);
    for (const words of [
      '1 task in 1 wave',
      '| 1 | a | First |',
      'It becomes **docs/plan/a/plan.yaml**',
      '### Repaired',
      '### Counted again',
      '### Kept',
      'mystery',
    ])
      assert.ok(said.includes(words), `${words} in\n${said}`);
  });

  it('holds no link, picture or HTML of a file', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('[x](command:evil)', '<img src=x onerror=y>', '![](http://x)', '`</script>`', 'www://x'),
        (evil) => {
          const said = page('prompts/a.md', `# ${evil}\n\n## Target Files\n\n- ${evil}\n`);
          assert.ok(!/\]\(|<[a-z/]|!\[/.test(said), said);
        },
      ),
    );
  });
});
