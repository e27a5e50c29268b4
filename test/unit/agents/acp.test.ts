import { deepEqual, equal, match, throws } from 'node:assert/strict';
import { choiceCalls } from '../../../src/agents/acp/choices.ts';
import { AcpReader } from '../../../src/agents/acp/reader.ts';
import type { AgentOutcome } from '../../../src/model/run/job.ts';
import { DEFAULT_POLICY, leaveFor, type Permission } from '../../../src/model/crew/permission.ts';

const line = (message: object): string => JSON.stringify({ jsonrpc: '2.0', ...message });
const update = (one: object): string => line({ method: 'session/update', params: { update: one } });
const says = (text: string): string =>
  update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
const toolSays = (more: object): string => update({ sessionUpdate: 'tool_call_update', toolCallId: 't', ...more });
const ends = (result: object = { usage: { inputTokens: 3, outputTokens: 2 } }): string =>
  line({ id: 2, result: { stopReason: 'end_turn', ...result } });

describe('The reader of an agent over the Agent Client Protocol', () => {
  it('tells words a message at a time, a tool when something is known of it, and tokens of all turns', () => {
    const reader = new AcpReader({});
    reader.turn();
    const lines = [
      says('Wri'),
      says('ting.'),
      update({ sessionUpdate: 'tool_call', toolCallId: 't', kind: 'execute', title: 'bash', status: 'pending' }),
      toolSays({ rawInput: { command: ['bash', '-lc', 'npm test'] }, status: 'in_progress' }),
      toolSays({ status: 'failed', content: [{ content: { text: 'red' } }] }),
      says('Done.'),
      ends(),
    ];
    deepEqual(
      lines.flatMap((one) => reader.line(one, 'stdout')).filter(({ type }) => type !== 'other'),
      [
        { type: 'text', text: 'Writing.' },
        { type: 'toolStarted', id: 't', name: 'execute', detail: 'npm test' },
        { type: 'toolEnded', id: 't', failed: true, output: 'red' },
        { type: 'text', text: 'Done.' },
        { type: 'usage', usage: { inputTokens: 3, outputTokens: 2 } },
        { type: 'ended', success: true, message: '' },
      ],
    );
    reader.turn();
    reader.line(ends(), 'stdout');
    deepEqual(reader.outcome({ code: 0, signal: null }).usage, { inputTokens: 6, outputTokens: 4 });
  });

  it('asks leave for all of a command, in letters that stand as they are read', () => {
    const reader = new AcpReader({});
    const { permission } = reader.tools.permission('1', {
      toolCall: { toolCallId: 't', kind: 'execute', rawInput: { command: '\n cd src\r\nrm \u202e*\u001b[2K' } },
      options: [{ optionId: 'yes', kind: 'allow_once', name: 'Yes' }],
    });
    deepEqual([permission.title, permission.detail], ['cd src', '\n cd src\nrm *']);
  });

  it('does not take the past of a loaded session for news', () => {
    const reader = new AcpReader({});
    deepEqual(
      reader.line(says('Long ago.'), 'stdout').map(({ type }) => type),
      ['other'],
    );
  });

  const ended: [what: string, end: string, lines: string[]][] = [
    ['a good end with words', 'succeeded', [says('Done.'), ends()]],
    ['a good end without a word or a tool', 'transient', [ends()]],
    ['a good end without tokens of one that counts them', 'transient', [says('Sorry.'), ends({ usage: null })]],
    ['an error for last words', 'transient', [says('Error: status 500'), ends()]],
    ['a refused key for last words', 'escalate', [says('Error: refused (HTTP 401).'), ends()]],
    ['an error before the end that it got over', 'succeeded', [says('Error: status 500'), says('Done.'), ends()]],
    ['no end', 'transient', [says('Done.')]],
    ['a limit of its own', 'fixable', [says('Long.'), line({ id: 2, result: { stopReason: 'max_tokens' } })]],
    ['a refusal', 'escalate', [line({ id: 2, result: { stopReason: 'refusal' } })]],
    ['a login that is missing', 'escalate', [line({ id: 2, error: { code: -32000, message: 'Authenticate' } })]],
    ['an overloaded model', 'transient', [line({ id: 2, error: { code: -32603, message: 'API Error: 529 busy' } })]],
    ['lines of no meaning', 'transient', ['{', 'null', line({}), update({}), line({ method: 'session/update' })]],
  ];
  for (const [what, end, lines] of ended)
    it(`makes of ${what}: ${end}`, () => {
      const outcome = read({ failureText: '^Error: ', countsTokens: true }, lines);
      equal(outcome.kind === 'failed' ? outcome.type : outcome.kind, end);
    });

  it('makes a matter for a person of a turn that ended because one said no', () => {
    const reader = new AcpReader({});
    reader.turn();
    reader.rejected('rm -rf build');
    reader.line(line({ id: 2, result: { stopReason: 'cancelled' } }), 'stdout');
    const outcome = reader.outcome({ code: 0, signal: null });
    deepEqual([outcome.kind, outcome.kind === 'failed' && outcome.type], ['failed', 'escalate']);
    match(outcome.kind === 'failed' ? outcome.message : '', /said no to: rm -rf build/);
  });
});

describe('A mode or a model', () => {
  const option = { id: 'm', category: 'mode', currentValue: 'auto', options: [{ value: 'auto' }, { value: 'ask' }] };

  it('is chosen by the way that a session offers, and not where it is so already', () => {
    deepEqual(choiceCalls({ configOptions: [option] }, { mode: 'ask' }), [
      ['session/set_config_option', { configId: 'm', value: 'ask' }],
    ]);
    deepEqual(choiceCalls({ configOptions: [option] }, { mode: 'auto' }), []);
    const models = { currentModelId: 'a', availableModels: [{ modelId: 'a' }, { modelId: 'b' }] };
    deepEqual(choiceCalls({ models }, { model: 'b' }), [['session/set_model', { modelId: 'b' }]]);
  });

  it('that is not offered is said, with those that are', () => {
    throws(() => choiceCalls({ configOptions: [option] }, { mode: 'yolo' }), /no mode "yolo": it offers auto, ask/);
    throws(() => choiceCalls({}, { model: 'b' }), /it offers no choice/);
  });
});

describe('The policy for what an agent asks leave for', () => {
  const options = [
    { id: 'ever', kind: 'allow_always' as const, name: '' },
    { id: 'once', kind: 'allow_once' as const, name: '' },
  ];
  const asks = (tool: string, ...paths: string[]): Permission => ({
    id: '1',
    tool,
    title: '',
    detail: '',
    paths,
    options,
  });
  const inside = (path: string): boolean => path.startsWith('/w/');

  it('allows once what stays in the worktree, and nothing for always', () => {
    equal(leaveFor(DEFAULT_POLICY, asks('edit', '/w/a'), inside), 'once');
    equal(leaveFor(DEFAULT_POLICY, asks('edit', '/w/a', '/etc/passwd'), inside), undefined);
    equal(leaveFor(DEFAULT_POLICY, asks('edit'), inside), undefined);
    equal(leaveFor(DEFAULT_POLICY, asks('execute', '/w/a'), inside), undefined);
    equal(leaveFor(DEFAULT_POLICY, asks('new kind', '/w/a'), inside), undefined);
    equal(leaveFor({ ...DEFAULT_POLICY, execute: 'allow' }, asks('execute'), inside), 'once');
    const always = { ...asks('edit', '/w/a'), options: options.slice(0, 1) };
    equal(leaveFor(DEFAULT_POLICY, always, inside), undefined);
  });
});

function read(conversation: ConstructorParameters<typeof AcpReader>[0], lines: readonly string[]): AgentOutcome {
  const reader = new AcpReader(conversation);
  reader.turn();
  for (const one of lines) reader.line(one, 'stdout');
  return reader.outcome({ code: 0, signal: null });
}
