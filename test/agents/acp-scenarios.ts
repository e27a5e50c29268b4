import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import type { AgentSettings } from '../../src/model/config/config.ts';
import type { Report, Steering } from '../../src/model/run/job.ts';
import { choicesOf, type Permission } from '../../src/model/crew/permission.ts';
import { sendOrder } from '../../src/process/job.ts';
import { Reports } from '../../src/process/reports.ts';
import type { Step } from '../rig/model-server/script.ts';
import type { Attempt } from './attempt.ts';
import { DRIVEN, OPEN } from './driven.ts';
import { ACP_EXPECTED, type Expected, type Judged } from './expected.ts';
import type { AgentRig, Driven } from './rig.ts';
import { goThroughScenarios, judged, succeeded } from './scenarios.ts';

/** What differs between agents that are spoken with, beside what is expected of any. */
export interface Spoken {
  /** What an attempt comes to in which a person said no. */
  rejected: Judged;
  /** Settings in which it asks leave, beside what is asked of all. */
  asking?: AgentSettings;
  /** It asks to write a file, as its commands are contained. */
  asksToEdit?: true;
  /** It offers no models to choose from: it is told one by its environment, and takes any. */
  anyModel?: true;
}

/** Everything an agent that is spoken with goes through. */
export function speakWith(name: keyof typeof ACP_EXPECTED, spoken: Spoken): void {
  const driven: Driven = DRIVEN[name];
  describe(`${driven.agent.title}, the real program with a scripted model`, function () {
    this.timeout(180_000);
    const expected: Expected = ACP_EXPECTED[name];
    tellAndAsk(goThroughScenarios(driven, expected), expected, spoken);
  });
}

/** What an agent reports while it works, and what is said to it. */
export class Dialogue implements Disposable {
  readonly reports: Report[] = [];
  readonly #attempt: Attempt;
  readonly #reports: Reports;
  #onMore: () => void = () => undefined;

  constructor(attempt: Attempt) {
    this.#attempt = attempt;
    this.#reports = new Reports(attempt.folder, (lines) => {
      this.reports.push(...lines.map(([, report]) => report));
      this.#onMore();
    });
  }

  /** Resolves with the first report that is one. */
  async heard<T>(find: (report: Report) => T | undefined): Promise<T> {
    for (;;) {
      for (const report of this.reports) {
        const found = find(report);
        if (found !== undefined) return found;
      }
      await new Promise<void>((resolve) => {
        this.#onMore = resolve;
      });
    }
  }

  asked(): Promise<Permission> {
    return this.heard((report) => (report.type === 'permissionAsked' ? report.permission : undefined));
  }

  /** Says it and resolves with the kind of the reply. */
  async say(id: string, steering: Steering): Promise<string> {
    await sendOrder(this.#attempt.folder, { id, epoch: 1, ...steering });
    return this.heard((report) => (report.type === 'ordered' && report.order === id ? report.reply.kind : undefined));
  }

  answer(permission: Permission, choice: string): Promise<string> {
    const option = choicesOf(permission).find((one) => one.id === choice)?.option ?? '';
    return this.say(`answer-${choice}`, { kind: 'answer', permission: permission.id, option });
  }

  [Symbol.dispose](): void {
    this.#reports.dispose();
  }
}

/** What only an agent that is spoken with can do. */
function tellAndAsk(rig: () => AgentRig, { injects }: Expected, spoken: Spoken): void {
  const { rejected, asksToEdit, anyModel } = spoken;
  const asking = { permissions: { ...OPEN, execute: 'ask', edit: 'ask' } as const, ...spoken.asking };
  const touch = (name: string): Step[] => [
    {
      actions: [
        asksToEdit
          ? { do: 'write', path: rig().path(name), content: 'x\n' }
          : { do: 'shell', command: `touch ${name}` },
      ],
    },
    { text: 'That is all.' },
  ];

  it('asks leave, waits for it, and does just what was allowed', async () => {
    const { attempt } = await rig().begin(touch('allowed.txt'), { settings: asking });
    using dialogue = new Dialogue(attempt);
    const permission = await dialogue.asked();
    equal(permission.tool, asksToEdit ? 'edit' : 'execute');
    ok(`${permission.title}${permission.detail}`.includes('allowed.txt'), JSON.stringify(permission));
    equal(existsSync(rig().path('allowed.txt')), false);
    equal(await dialogue.answer(permission, 'allow'), 'applied');
    succeeded(await rig().exitOf(attempt, 'allowed'));
    equal(existsSync(rig().path('allowed.txt')), true);
  });

  it('told no does not do it, and is no success where it gave up for that', async () => {
    const { attempt } = await rig().begin(touch('rejected.txt'), { settings: asking });
    using dialogue = new Dialogue(attempt);
    await dialogue.answer(await dialogue.asked(), 'reject');
    equal(judged(await rig().exitOf(attempt, 'rejected')), rejected);
    equal(existsSync(rig().path('rejected.txt')), false);
  });

  it('cancelled while it waits for leave leaves no process, and nobody is asked any more', async () => {
    const { attempt } = await rig().begin(touch('never.txt'), { settings: asking });
    using dialogue = new Dialogue(attempt);
    const { id } = await dialogue.asked();
    await rig().cancel(attempt);
    equal((await attempt.exit()).stopped, 'cancelled');
    await dialogue.heard((report) =>
      report.type === 'permissionSettled' && report.permission === id ? true : undefined,
    );
    deepEqual(await rig().bench.leftovers(), []);
  });

  it('is told something while it works, and heeds it', async () => {
    const command = '[ -e ready ] || { mkfifo pipe; touch ready; read line <pipe; }';
    const { attempt, run } = await rig().begin([{ actions: [{ do: 'shell', command }] }, { text: 'Heard.' }]);
    using dialogue = new Dialogue(attempt);
    await rig().appeared('ready');
    equal(await dialogue.say('m1', { kind: 'message', text: 'Mind the heron.' }), injects ? 'applied' : 'queued');
    writeFileSync(rig().path('pipe'), 'go on\n');
    succeeded(await attempt.exit());
    ok(run.bodies.some((body) => body.includes('Mind the heron.')));
    rig().attempts.git('clean', '-fdq');
  });

  it('interrupted waits for what a person says next, in the same session', async () => {
    const { attempt, run } = await rig().begin([
      { text: 'Waiting.', actions: [{ do: 'shell', command: '[ -e held ] || { touch held; tail -f /dev/null; }' }] },
      { text: 'Done.' },
    ]);
    using dialogue = new Dialogue(attempt);
    await rig().appeared('held');
    equal(await dialogue.say('i1', { kind: 'interrupt' }), 'applied');
    await dialogue.say('m1', { kind: 'message', text: 'Then mind the heron.' });
    succeeded(await attempt.exit());
    ok(run.bodies.some((body) => body.includes('Then mind the heron.')));
    rig().attempts.git('clean', '-fdq');
  });

  it('whose model never answers is given up', async () => {
    const { attempt } = await rig().begin([{ faults: [{ kind: 'hang' }] }], { settings: { stall: 10_000 } });
    const exit = await rig().exitOf(attempt, 'stalled');
    equal(judged(exit), 'transient');
    match(exit.agent?.kind === 'failed' ? exit.agent.message : '', /^It said nothing for 0\.2 min/);
  });

  if (!anyModel)
    it('that offers no such model is a matter for a person', async () => {
      const { attempt } = await rig().begin([{ text: 'Never.' }], { settings: { model: 'no-such-model' } });
      equal(judged(await rig().exitOf(attempt, 'no-such-model')), 'escalate');
    });
}
