import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSession } from '../../src/engine/session.ts';
import type { TestApi } from '../../src/host/test-api.ts';
import type { AttemptFailure } from '../../src/model/run/event.ts';
import { spentInRun, usageText } from '../../src/model/crew/spending.ts';
import { orchestrate } from './command-line.ts';
import {
  clicked,
  commit,
  ended,
  eventually,
  flat,
  git,
  on,
  withRepository,
  outline,
  planFiles,
  root,
  run,
  start,
} from './orchestrate.ts';

/** A task for the scripted model of test/rig/scripted-model. */
const scripted = (id: string, turns: readonly (readonly unknown[])[], more: object = {}): object => ({
  id,
  title: `Task ${id}`,
  wave: 1,
  agent: 'editor',
  description: `SCRIPT ${JSON.stringify(turns)}`,
  ...more,
});

const finish = { finish: { done: true, summary: 'All is done.' } };

describe("the editor's language models", function () {
  this.timeout(90_000);
  let api: TestApi;
  const tree = (): string =>
    `${outline(api.rows())}\n${api
      .terminals()
      .map(({ text }) => text)
      .join('\n')}`;
  /** What the terminal of an attempt shows in the end: the editor opens it when it comes to it. */
  const toldAll = async (title: string): Promise<string> => {
    const shown = (): string => api.terminals().find(({ name }) => name.includes(title))?.text ?? '';
    await eventually('the terminal tells the end', () => shown().includes('■ done'), shown);
    return shown();
  };
  before(async () => {
    api = await withRepository();
  });

  async function approved(id: string, tasks: readonly object[], config: object = {}): Promise<RunSession> {
    commit(planFiles(id, tasks, config));
    const session = await start(api, id);
    await run('orchestrate.approve', on(session));
    return session;
  }

  const failureOf = ({ state }: RunSession, task: string): AttemptFailure | undefined => {
    const stage = state.tasks.get(task)?.attempts[0]?.stage;
    return stage?.at === 'ended' ? stage.failure : undefined;
  };

  it('do a task with tools of ours, to a merged result', async () => {
    const session = await approved('models', [
      scripted('story', [
        ['I look around.', { list: { path: '.', deep: true } }],
        [{ write: { path: 'story.md', content: '# A story\n\nOnce.\n' } }],
        [{ edit: { path: 'story.md', old: 'Once.', new: 'Once upon a time.' } }, { read: { path: 'story.md' } }],
        [finish],
      ]),
    ]);
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'merged', tree());
    assert.equal(git('show', `${session.state.integration}:story.md`), '# A story\n\nOnce upon a time.');
    const shown = await toldAll('Task story');
    for (const text of ['scripted/one', 'I look around.', '▸ write story.md', '▸ edit story.md', '■ done'])
      assert.ok(shown.includes(text), `${text}\n${shown}`);
  });

  it('cannot reach what lies outside the worktree', async () => {
    const secret = join(root, '..', 'secret.txt');
    writeFileSync(secret, 'nobody knows\n');
    const paths = ['../../secret.txt', secret, '../../../secret.txt', '.git', join(root, 'README.md')];
    const session = await approved('escape', [
      scripted('out', [
        paths.map((path) => ({ read: { path } })),
        paths.map((path) => ({ write: { path, content: 'gone' } })),
        [{ run: { line: `echo gone > ${secret}` } }, { runInTerminal: { command: 'true' } }],
        [{ write: { path: 'tried.txt', content: 'tried\n' } }, finish],
      ]),
    ]);
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'merged', tree());
    const shown = await toldAll('Task out');
    assert.ok(!shown.includes('nobody knows'), shown);
    assert.equal(shown.match(/lies outside the worktree|git's own files/g)?.length, 2 * paths.length, shown);
    assert.ok(shown.includes('commands are not allowed here') && shown.includes('there is no tool "runInTerminal"'));
    assert.equal(readFileSync(secret, 'utf8'), 'nobody knows\n');
    assert.deepEqual(git('diff', '--name-only', session.state.base, session.state.integration), 'tried.txt');
  });

  it('run commands where orchestrate.yaml allows it', async () => {
    const session = await approved(
      'commands',
      [scripted('count', [[{ run: { line: 'seq 3 > count.txt && wc -l < count.txt' } }], [finish]])],
      { agents: { editor: { args: ['--allow-commands'], model: 'scripted/two' } } },
    );
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(git('show', `${session.state.integration}:count.txt`), '1\n2\n3');
    assert.match(tree(), /scripted\/two/);
  });

  it('are interrupted by a person, wait for a word, and go on with it; their tokens are counted', async () => {
    const go = join(root, '..', 'go-held');
    const session = await approved('held', [
      scripted('held', [
        ['I begin.', { list: {} }],
        [{ wait: go }, { write: { path: 'held.md', content: 'x\n' } }],
        [finish],
      ]),
    ]);
    const row = (can: string) => flat(api.rows()).find((one) => one.can.some((word) => word === can));
    await eventually('it works', () => tree().includes('I begin.') && row('steerable'), tree);
    await clicked('orchestrate.interrupt', row('steerable')!);
    const waiting = () => flat(api.rows()).find(({ description }) => description?.startsWith('interrupted, waits'));
    await eventually('it waits for a word', waiting, tree);
    await eventually('the icon says so', () => api.head().badge === 1, tree);
    writeFileSync(go, '');
    api.answer('use x');
    await clicked('orchestrate.tell', waiting()!);
    await eventually('the run ends', () => ended(session), tree);
    assert.equal(session.state.ended?.outcome, 'merged', tree());
    assert.equal(session.state.tasks.get('held')?.attempts.length, 1);
    const spent = spentInRun(session.state);
    assert.ok(spent && spent.inputTokens > 100 && spent.outputTokens > 5, JSON.stringify(spent));
    assert.ok(
      flat(api.rows()).some(({ label }) => label === `Spent ${usageText(spent)}`),
      tree(),
    );
  });

  it('stop when the run is cancelled, also where the model does not', async () => {
    for (const [id, step] of [
      ['waits', { wait: join(root, '..', 'never') }],
      ['hangs', { hang: true }],
    ] as const) {
      const session = await approved(id, [scripted(id, [['Before.', { write: { path: 'x', content: '' } }], [step]])]);
      const path = (): string => session.state.tasks.get(id)?.attempts[0]?.path ?? '/nowhere';
      await eventually('it works', () => existsSync(join(path(), 'x')), tree);
      api.answer(true);
      await run('orchestrate.cancel', on(session));
      await eventually('the run ends', () => ended(session), tree);
      assert.equal(session.state.ended?.outcome, 'cancelled');
    }
  });

  it('fail in ways that say what follows', async () => {
    const once = { limits: { retries: 0 } };
    const session = await approved(
      'failing',
      [
        scripted('forbidden', [[{ fail: 'NoPermissions', message: 'not you' }]], { scope: ['a'] }),
        scripted('unwell', [[{ fail: 'Unknown', message: 'server answered 503' }]], { scope: ['c'] }),
        scripted('talks', [['I would rather talk.'], ['And talk.']], { scope: ['d'] }),
        scripted('givesUp', [[{ finish: { done: false, summary: 'no such thing' } }]], { scope: ['e'] }),
        scripted('turns', [[{ list: {} }], [{ list: {} }], [{ list: {} }]], { scope: ['f'] }),
      ],
      { ...once, agents: { editor: { maxTurns: 3 } } },
    );
    await eventually(
      'all have failed',
      () => [...session.state.tasks.values()].every(({ task: { id } }) => failureOf(session, id)),
      tree,
    );
    const types = Object.fromEntries(
      [...session.state.tasks.keys()].map((id) => [
        id,
        `${failureOf(session, id)?.type}: ${failureOf(session, id)?.message}`,
      ]),
    );
    assert.deepEqual(types, {
      forbidden: 'escalate: not you',
      unwell: 'transient: server answered 503',
      talks: 'fixable: It stopped without saying that it has finished.',
      givesUp: 'fixable: no such thing',
      turns: 'fixable: Its 3 turns were used up.',
    });
    api.answer(true);
    await run('orchestrate.cancel', on(session));
  });

  it('are watched as any other agent: one that hangs, goes in circles or runs into the same wall again is ended', async () => {
    const again = (step: object): readonly (readonly unknown[])[] => Array.from({ length: 6 }, () => [step]);
    const session = await approved(
      'watched',
      [
        scripted('hangs', [[{ hang: true }]], { scope: ['a'] }),
        scripted('circles', again({ list: {} }), { scope: ['b'] }),
        scripted('fails', again({ read: { path: 'missing.txt' } }), { scope: ['c'] }),
      ],
      { limits: { retries: 0, idle: '3s', steps: 3, errors: 3 } },
    );
    const ids = ['hangs', 'circles', 'fails'];
    await eventually('all are ended', () => ids.every((id) => failureOf(session, id)), tree);
    const said = (id: string): string => `${failureOf(session, id)?.kind}: ${failureOf(session, id)?.message}`;
    assert.match(said('hangs'), /^idle: .*For 3 seconds it printed nothing new/s);
    assert.match(said('circles'), /^noEffect: .*Its last 3 tools gave nothing new/s);
    assert.match(said('fails'), /^noEffect: .*The same error came 3 times: ENOENT/s);
    api.answer(true);
    await run('orchestrate.cancel', on(session));
  });

  it('hold back the run when their allowance is used up', async () => {
    const session = await approved('limited', [
      scripted('blocked', [[{ fail: 'Blocked', message: 'quota exceeded, try again in 2 hours' }]]),
    ]);
    await eventually('the breaker is open', () => session.state.breakers.get('editor'), tree);
    assert.equal(failureOf(session, 'blocked')?.kind, 'limit');
    assert.equal(session.state.tasks.get('blocked')?.retries, 0);
    api.answer(true);
    await run('orchestrate.cancel', on(session));
  });

  it('are refused by the command line, which says who has them', async () => {
    commit(planFiles('nocli', [scripted('x', [[finish]])]));
    const terminal = orchestrate('run', '--yes', 'docs/plan/nocli/plan.yaml');
    assert.equal(await terminal.over, 2, terminal.printed());
    assert.match(terminal.printed(), /"Task x" is for the agent "editor", which only an editor has/);
  });

  it('that are not there are missed when a plan is approved, which a person may do all the same', async () => {
    commit(planFiles('absent', [scripted('x', [[finish]])], { agents: { editor: { model: 'scripted/nine' } } }));
    const session = await start(api, 'absent');
    await run('orchestrate.approve', on(session));
    const why = 'This editor has no language model "scripted/nine". It has: scripted/one, scripted/two';
    assert.equal(api.asked().at(-1), why);
    assert.equal(session.state.approval.kind, 'awaited');
    api.answer(true);
    await run('orchestrate.approve', on(session));
    assert.equal(session.state.approval.kind, 'given');
    await eventually('the attempt fails', () => failureOf(session, 'x'), tree);
    api.answer(true);
    await run('orchestrate.cancel', on(session));
  });

  it('are named before a plan is approved', async () => {
    commit(planFiles('asking', [scripted('x', [[finish]])]));
    await start(api, 'asking');
    const page = await eventually('the page', () => api.pages().find(({ planId }) => planId === 'asking'));
    assert.ok(
      page.warnings.some((text) => text.includes('language models')),
      page.warnings.join('\n'),
    );
  });
});
