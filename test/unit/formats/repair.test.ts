import { strict as assert } from 'node:assert';
import { readRepaired } from '../../../src/formats/text/repair-yaml.ts';
import { readTolerantJson } from '../../../src/formats/text/tolerant-json.ts';

const read = (text: string) => readRepaired(text, 'x.yaml');
const told = (text: string): string[] =>
  read(text).repairs.map(({ range, message }) => `${range.line}:${range.column} ${message}`);
const refused = (text: string): string[] =>
  read(text).problems.map(({ range, message }) => `${range.line}:${range.column} ${message}`);

describe('YAML that is not quite YAML', () => {
  for (const [what, text, value] of [
    ['a back-tick at the start', 'a: `b` c\n', { a: '`b` c' }],
    ['a back-tick in a list', '- `b`: c\n', ['`b`: c']],
    ['an at sign', 'name: @a/b\n', { name: '@a/b' }],
    ['a star', '- *.ts\n- **all** of it\n', ['*.ts', '**all** of it']],
    ['a colon in a text', 'a: b: c\n', { a: 'b: c' }],
    ['a colon at the end', 'a: b\nc: what is it:\n', { a: 'b', c: 'what is it:' }],
    ['a colon in a sentence of a list', '- Retry 2/2: added "x": y\n', ['Retry 2/2: added "x": y']],
    ['a colon in the second line of a text', 'a: one\n  two three: four\nb: c\n', { a: 'one two three: four', b: 'c' }],
    ['an apostrophe in what gets quotes', "a: it's: here\n", { a: "it's: here" }],
    ['quotes that end too early', 'a: "b" and c\n', { a: '"b" and c' }],
    ['a quote that never ends', 'a: "b\nc: d\n', { a: '"b', c: 'd' }],
    ['brackets that end too early', '- [ ] do it\n- {a: b} is it\n', ['[ ] do it', '{a: b} is it']],
    ['a bracket that never ends', 'a: [b\nc: d\n', { a: '[b', c: 'd' }],
    ['a path of Windows', 'a: "C:\\Users\\new"\n', { a: 'C:\\Users\\new' }],
    ['a regular expression', 'a: "\\d+\\.\\w"\n', { a: '\\d+\\.\\w' }],
    ['an escaped quote beside a bad escape', 'a: "say \\"\\d\\""\n', { a: 'say "\\d"' }],
    ['sound escapes', 'a: "b\\tc"\nd: `e`\n', { a: 'b\tc', d: '`e`' }],
    ['tabs', 'a:\n\tb: c\n\td:\n\t\t- e\n', { a: { b: 'c', d: ['e'] } }],
    ['tabs in a text', 'a: |\n\tb: c\n\t`d`\n', { a: 'b: c\n`d`\n' }],
    ['a text of many lines with everything', 'a: |\n  `b`: "c\nd: `e`\n', { a: '`b`: "c\n', d: '`e`' }],
    ['a fence around it', '```yaml\na: b\n```\n', { a: 'b' }],
    ['documents about different things', '---\na: b\n---\nc: d\n', { a: 'b', c: 'd' }],
    ['carriage returns', 'a: `b`\r\nc: d: e\r\n', { a: '`b`', c: 'd: e' }],
    ['a comment behind what gets quotes', 'a: `b` # why\n', { a: '`b`' }],
    ['a number sign in what gets quotes', 'a: see: #12\n', { a: 'see: #12' }],
  ] as const) {
    it(`is read: ${what}`, () => {
      const { yaml, problems, repairs, text: repaired } = read(text);
      assert.deepEqual(problems, []);
      assert.deepEqual(yaml?.value, value);
      assert.ok(repairs.length > 0);
      assert.equal(repaired.split('\n').length, text.split('\n').length, 'every line stays where it is');
    });
  }

  it('is told with line and column of the text as it was', () => {
    assert.deepEqual(told('a: b\nc:\n\t- `d`\n\t- "\\q"\n'), [
      '3:1 Tabs at the start of a line are read as 2 spaces each.',
      '3:4 Read as if in quotes: `d`',
      '4:5 Backslashes in double quotes that escape nothing are read as backslashes.',
    ]);
    assert.deepEqual(told('a: b\na: c\n'), ['2:1 This key is here twice. The last one counts.']);
  });

  it('keeps the places of values in the text as it was', () => {
    const { yaml } = read("a: it's: `b`\nc:\n\td: `e`\n");
    assert.equal(yaml?.rangeAt(['a']).column, 4);
    assert.deepEqual(yaml?.rangeAt(['c', 'd']), { line: 3, column: 5, endLine: 3, endColumn: 8 });
  });

  for (const [what, text, expected] of [
    [
      'entries below a value',
      'a:\n  b: c\n    - d: e\n    - f: g\n',
      /^2:\d+ .*the lines below "b" belong to no key.*Here: b: c$/,
    ],
    ['a key that stands too far in', 'a: b\n    c: d\n', /^1:4 .*the lines below "a" belong to no key/],
    ['documents about the same thing', 'a: b\n---\na: c\n', /^2:1 .*multiple documents.*Keep one document/],
    ['an alias bomb', `a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n`, /^2:8 An alias inside an anchored value is refused/],
    ['what is nested too deep', '['.repeat(1000), /nested too deep/],
    ['what is too long', 'a'.repeat(10_000_001), /longer than 10 MB/],
  ] as const) {
    it(`is refused with its place: ${what}`, () => {
      const [first = '', ...others] = refused(text);
      assert.match(first, expected);
      assert.equal(others.length, 0, others.join('\n'));
      assert.equal(read(text).yaml, undefined);
    });
  }

  it('stays as it is where nothing is wrong', () => {
    const text = 'a: "b: c"\nd: [e, {f: g}]\nh: |\n\n  `i`\nj: >-\n  k\n';
    assert.deepEqual({ ...read(text), yaml: undefined }, { yaml: undefined, text, repairs: [], problems: [] });
  });
});

describe('JSON that is not quite JSON', () => {
  it('is read with comments and commas at the end, places kept', () => {
    const { json, repairs } = readTolerantJson(
      '{\n  // a\n  "a": [1, "// no", /* b */ ",]",],\n  \'b\': true,\n}\n',
      'x.json',
    );
    assert.deepEqual(json?.value, { a: ['1', '// no', ',]'], b: 'true' });
    assert.deepEqual(
      repairs.map(({ range }) => `${range.line}:${range.column}`),
      ['2:3', '3:33', '4:12'],
    );
    assert.equal(json?.rangeAt(['b']).line, 4);
  });

  it('is found in a fence of a Markdown text', () => {
    const { json } = readTolerantJson(
      '# T\n\n```json\n{"a": 1}\n```\n\n```json\n{"waves": []}\n```\n',
      'x.md',
      '"waves"',
    );
    assert.deepEqual(json?.value, { waves: [] });
    assert.equal(json?.rangeAt(['waves']).line, 8);
  });

  it('is refused with its place', () => {
    const [problem] = readTolerantJson('{\n  "a": 1\n  "b": 2\n}\n', 'x.json').problems;
    assert.match(problem?.message ?? '', /^Not valid JSON/);
    assert.equal(problem?.range.line, 2);
  });
});
