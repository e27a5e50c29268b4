import { deepEqual, doesNotMatch, equal, match, ok } from 'node:assert/strict';
import * as fc from 'fast-check';
import type { AgentRequest } from '../../../src/agents/agent.ts';
import { AGENTS, agentNamed } from '../../../src/agents/all.ts';
import { claude } from '../../../src/agents/claude.ts';
import { manual } from '../../../src/agents/manual.ts';
import { buildPrompt } from '../../../src/agents/prompt.ts';
import { readable, readableLines } from '../../../src/agents/readable.ts';
import { systemText } from '../../../src/agents/system.ts';
import { shell } from '../../../src/agents/shell.ts';
import { plainTask, type Task } from '../../../src/model/plan/plan.ts';
import { LONGEST_LINE, Lines } from '../../../src/runner/lines.ts';

const task: Task = {
  id: 'parse',
  title: 'Write the parser',
  description: 'It reads the format.',
  wave: 1,
  priority: 'medium',
  status: 'pending',
  dependencies: [],
  conflictsWith: [],
  scope: ['src/parser/**'],
  produces: 'change',
  acceptanceCriteria: ['All examples are read'],
  verification: ['npm test'],
  contextFiles: [{ path: 'docs/format.md', description: 'the format' }],
};

const request: AgentRequest = {
  run: 'r1',
  objective: 'A compiler',
  task,
  attempt: 1,
  prompt: 'Do it; `now` $HOME',
  promptFile: '/state/prompt.md',
  cwd: '/repo/.worktrees/parse',
  branch: 'orchestrate-tasks/parse',
  session: '00000000-0000-4000-8000-000000000001',
  settings: {},
};

describe('An agent', () => {
  it('is found by its name, and each name is there once', () => {
    for (const agent of AGENTS) equal(agentNamed(agent.name), agent);
    equal(new Set(AGENTS.map(({ name }) => name)).size, AGENTS.length);
    equal(agentNamed('nobody'), undefined);
  });

  it('claude gets its prompt by standard input, and options only where they are set', () => {
    const plain = claude.start(request);
    ok(plain.ok && 'argv' in plain.value.command);
    const { argv } = plain.value.command;
    deepEqual(
      [argv[0], plain.value.stdin, argv.includes('--model'), argv.includes('--max-turns')],
      ['claude', request.prompt, false, false],
    );
    const full = claude.start({
      ...request,
      model: 'm',
      effort: 'high',
      settings: { command: ['/opt/claude', '-x'], model: 'other', maxTurns: 9, args: ['--more'] },
    });
    ok(full.ok && 'argv' in full.value.command);
    match(full.value.command.argv.join(' '), /^\/opt\/claude -x -p .*--model m --effort high --max-turns 9 --more$/);
  });

  it('shell runs the line of the task and is told about feedback only when there is any', () => {
    const start = shell.start({ ...request, task: { ...task, run: 'make "it"' } });
    ok(start.ok);
    deepEqual(start.value.command, { line: 'make "it"' });
    deepEqual([start.value.env['ORCHESTRATE_TASK'], start.value.env['ORCHESTRATE_FEEDBACK_FILE']], ['parse', null]);
    const again = shell.start({ ...request, attempt: 2, feedbackFile: '/f', task: { ...task, run: 'x' } });
    ok(again.ok);
    deepEqual([again.value.env['ORCHESTRATE_ATTEMPT'], again.value.env['ORCHESTRATE_FEEDBACK_FILE']], ['2', '/f']);
  });

  it('shell refuses a task that has no line to run', () => {
    const start = shell.start(request);
    ok(!start.ok && start.failure.kind === 'refused');
    match(start.failure.reason, /"parse" has no `run:`/);
  });

  it('manual tells a person where, what, when it is done and how to say so', () => {
    const text = manual.instructions(request);
    for (const part of [request.cwd, request.branch, 'All examples are read', request.prompt, 'orchestrate'])
      ok(text.includes(part), part);
    deepEqual(text.match(/^\d\./gm)?.join(''), '1.2.3.4.5.1.2.3.4.5.');
  });
});

describe('A prompt', () => {
  const parts = {
    objective: 'A compiler',
    task,
    contracts: [{ fromTask: 'lex', toTask: 'parse', interface: 'tokens()', format: 'an iterator' }],
  };

  it('holds what the task needs, and at a first attempt nothing about failure', () => {
    const text = buildPrompt(parts);
    for (const part of [
      'Write the parser',
      'It reads the format.',
      'A compiler',
      'All examples',
      'npm test',
      'src/parser/**',
      'docs/format.md',
      'tokens(): an iterator',
    ])
      ok(text.includes(part), part);
    doesNotMatch(text, /failed|undefined/);
    equal(text, buildPrompt(parts));
  });

  it('names a task that has no description', () => {
    const text = buildPrompt({ ...parts, task: { ...task, description: '' } });
    match(text, /^# Task: Write the parser\n\n# The objective/);
  });

  it('brings the evidence of a failure, and a former change that cannot close its own fence', () => {
    const text = buildPrompt({
      ...parts,
      feedback: 'test 7 is red',
      carried: { kind: 'patch', patch: '+```\n+code\n+````' },
    });
    match(text, /test 7 is red/);
    match(text, /\n`{5}diff\n/);
    match(buildPrompt({ ...parts, carried: { kind: 'applied' } }), /already in the directory/);
  });
});

describe('A prompt of a role', () => {
  it('says what a documentation covers and for whom, and what is protected', () => {
    const document = plainTask('d', { document: 'walkthrough', audience: 'developers', coverage: ['API', 'Set-up'] });
    const bounds = { refused: ['a.lock'], asked: ['db/**'], mayChange: ['docs/**'] };
    const text = buildPrompt({ objective: 'o', task: document, contracts: [], bounds });
    match(text, /# What it is to cover\n\n- API\n- Set-up/);
    match(text, /# For whom\n\ndevelopers/);
    match(
      text,
      /All that your role may change\n\n- docs[^]*leave as they are\n\n- a\.lock[^]*allow you to change\n\n- db/,
    );
  });
});

describe('A prompt of a reviewer', () => {
  it('says how closely to look, which nobody else is told', () => {
    const prompt = (agent: string) =>
      buildPrompt({ objective: 'o', task: plainTask('r', { agent, depth: 'full' }), contracts: [] });
    match(prompt('gem-reviewer'), /# How closely to look\n\nLook at everything/);
    doesNotMatch(prompt('gem-implementer'), /closely/);
  });
});

describe('A prompt of a browser-tester', () => {
  it('says what to try and where evidence goes, and its role how it reports', () => {
    const tester = plainTask('t', { scenarios: ['Sign in; 1. send; expected: a name'] });
    const text = buildPrompt({ objective: 'o', task: tester, contracts: [], evidence: 'docs/plan/p/evidence/t' });
    match(text, /# What to try in the browser\n\n- Sign in; 1\. send; expected: a name\n/);
    match(text, /scenario that fails in `docs\/plan\/p\/evidence\/t\/`/);
    const assignment = { role: 'browser-tester', reports: true as const };
    match(systemText({ assignment, skills: [] }), /"failures", a list of \{"scenario"[^]*"evidence_path"/);
  });
});

describe('Text of an agent', () => {
  it('reaches a terminal without anything the terminal would obey', () => {
    equal(readable('\u001B[31mred\u001B[0m \u001B]0;title\u0007 \u009B2J\r\n\tok\u0000'), 'red  \n\tok');
    const controls = fc.string({
      unit: fc.constantFrom('\u001B', '[', ']', '\u009B', '\u009D', '\u0007', '\r', 'm', '2', ';', 'a', '\n'),
    });
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    fc.assert(fc.property(controls, (text) => !/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/.test(readable(text))));
  });

  it('is shown in lines, tools with the beginning of what they printed', () => {
    deepEqual(readableLines({ type: 'toolStarted', id: '1', name: 'Bash', detail: 'ls' }), ['▸ Bash ls']);
    const output = Array.from({ length: 12 }, (_, index) => `line ${index}`).join('\n');
    const shown = readableLines({ type: 'toolEnded', id: '1', failed: true, output });
    deepEqual([shown.length, shown[0], shown.at(-1)], [11, '  ✗ line 0', '    … 2 more lines']);
    deepEqual(readableLines({ type: 'other', name: 'x' }), []);
  });

  it('comes out in the same lines however its bytes are cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.nat(20)), (text, cuts) => {
        const bytes = Buffer.from(text.replaceAll('\r', ''));
        const lines = new Lines();
        const taken: string[] = [];
        let at = 0;
        for (const cut of [...cuts, bytes.length]) taken.push(...lines.take(bytes.subarray(at, (at += cut))));
        taken.push(...lines.end());
        const whole = bytes.toString('utf8').split('\n');
        deepEqual(taken, whole.at(-1) === '' ? whole.slice(0, -1) : whole);
      }),
    );
  });

  it('is cut where one line has no end', () => {
    const lines = new Lines();
    for (let index = 0; index < 40; index += 1) lines.take(Buffer.alloc(100_000, 'x'));
    const [line, next] = [...lines.take(Buffer.from('\nnext\n'))];
    deepEqual([line?.length, next], [LONGEST_LINE, 'next']);
  });
});
