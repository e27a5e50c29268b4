// The page of a run: live with real agents, back to a past moment, and in other colours and sizes; pictures in
// .pictures/board-…, to be looked at.
import { strict as assert } from 'node:assert';
import type { FrameLocator, Locator } from 'playwright-core';
import type { Event } from '../../src/model/run/event.ts';
import { MEGABYTE } from '../../src/model/text/size.ts';
import { openScene, type Scene } from '../rig/vscode/scene.mjs';
import { gate, Simulation, task } from '../rig/simulation.ts';
import { WrittenRun } from '../rig/written-run.ts';
import { kept, makeStage, pageOf, shopFiles, type Stage, vsix } from './stage.ts';

describe('the page of a run', () => {
  let scene: Scene;
  let stage: Stage;
  let board: FrameLocator;
  before(async () => {
    stage = makeStage(shopFiles);
    scene = await openScene({ name: 'board', vsix, workspace: stage.workspace });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await scene.shot('failed');
  });
  after(async () => {
    await scene?.close();
    stage?.[Symbol.dispose]();
  });

  const press = (key: string): Promise<void> => scene.page.keyboard.press(key);
  const option = (text: string) => board.getByRole('option', { name: text });
  /** Keys from a place of the page, again where the editor took the keyboard meanwhile, until something is there. */
  const pressAt = (place: Locator, keys: readonly string[], until: Locator): Promise<void> =>
    scene.soon(async () => {
      await place.focus({ timeout: 5_000 });
      for (const key of keys) await press(key);
      await until.first().waitFor({ timeout: 5_000 });
    });

  it('says that there is none before one is begun', async () => {
    await scene.openView('Orchestrate');
    await scene.command('Orchestrate: Show Run');
    await scene.notification('There is no run yet').waitFor();
    await scene.command('Notifications: Clear All Notifications');
  });

  it('says what waits for the person, and shows the attempts as they go on', async () => {
    await scene.command('Orchestrate: Start Plan');
    await scene.choose('shop');
    await scene.webview().getByRole('button', { name: 'Approve' }).waitFor();
    await scene.command('Orchestrate: Show Run');
    board = scene.webview();
    await board.getByRole('button', { name: 'Review…' }).waitFor();
    await scene.shot('waits-for-approval');
    await board.getByRole('button', { name: 'Review…' }).click();
    await scene.webview().getByRole('button', { name: 'Approve' }).click();
    await scene.tab('Run shop').click();
    await option('Catalogue, wave 1; running').waitFor();
    await scene.shot('running');
    stage.release('wave1');
    await option('Prices in euros, wave 1; running; attempt 1: gate check failed').waitFor();
    await scene.shot('retried');
  });

  it('goes from task to task by keys, and shows what can be done with one', async () => {
    const list = board.getByRole('listbox');
    const selected = board.locator('[aria-selected=true]', { hasText: 'Prices in euros' });
    await pressAt(list, ['Home', 'ArrowDown'], selected);
    await pressAt(list, ['Enter'], board.locator('button:focus', { hasText: 'Show in the tree' }));
    const shown = scene.page.locator('.monaco-list-row.selected', { hasText: 'Prices in euros' });
    await pressAt(board.getByRole('button', { name: 'Show in the tree' }), ['Enter'], shown);
    await scene.shot('detail');
    const tab = scene.terminal('✗ Prices in euros');
    await scene.click(board.getByRole('button', { name: 'Terminal of attempt 1' }), tab);
    await scene.tab('Run shop').click();
    await board.getByRole('button', { name: 'Close' }).click();
  });

  it('goes back to any moment, event by event, and to the present', async () => {
    const slider = board.getByRole('slider');
    await pressAt(slider, ['Home'], board.getByText('the run of shop was made'));
    await pressAt(slider, ['Home', 'ArrowRight'], board.getByText('Event 2 of'));
    const [min, max] = await Promise.all(['min', 'max'].map(async (name) => Number(await slider.getAttribute(name))));
    await slider.fill(String(((min ?? 0) + (max ?? 0)) / 2));
    await board.locator('.moment', { hasNotText: 'Event 2 of' }).waitFor();
    await scene.shot('past');
    assert.equal(await board.getByRole('button', { name: 'Review…' }).count(), 0);
    await board.getByRole('button', { name: 'Live' }).click();
    await board.locator('.moment', { hasText: 'now' }).waitFor();
  });

  it('comes back over a reload of the window', async () => {
    await pressAt(board.getByRole('slider'), ['Home', 'ArrowRight'], board.getByText('Event 2 of'));
    await kept(scene.page, pageOf('orchestrate.run'));
    await scene.reload();
    board = scene.webview();
    // When the editor writes down at which moment a page is, is its own affair: it may come back at an earlier one, or now.
    await board.locator('.moment').waitFor();
    await pressAt(board.getByRole('slider'), ['End'], board.locator('.moment', { hasText: 'now' }));
    await option('Catalogue, wave 1; merging').or(option('Catalogue, wave 1; done')).first().waitFor();
  });
});

const LOOKS = [
  { name: 'light', settings: { 'workbench.colorTheme': 'Default Light Modern' } },
  { name: 'contrast', settings: { 'workbench.colorTheme': 'Default High Contrast' } },
  { name: 'narrow', viewport: { width: 700, height: 800 } },
];

describe('the page of a long run', () => {
  for (const { name, ...look } of LOOKS) {
    it(`can be read: ${name}`, async () => {
      using stage = makeStage(() => ({ 'README.md': '# Shop\n' }));
      using _live = await WrittenRun.begin(stage.workspace, 'p-1', threeHundred());
      const scene = await openScene({ name: `board-${name}`, vsix, workspace: stage.workspace, ...look });
      try {
        await scene.openView('Orchestrate');
        await scene.row('Wave 1').waitFor();
        await scene.command('Orchestrate: Show Run');
        const board = scene.webview();
        await board
          .getByRole('option', { name: /running/ })
          .first()
          .waitFor();
        await scene.shot('live');
        await scene.soon(async () => {
          await board.getByRole('listbox').focus({ timeout: 5_000 });
          for (const key of ['Home', 'PageDown', 'Enter']) await scene.page.keyboard.press(key);
          await board.locator('button:focus', { hasText: 'Show in the tree' }).waitFor({ timeout: 5_000 });
        });
        await board.getByRole('button', { name: 'Wider bars' }).click();
        await scene.shot('detail');
      } finally {
        await scene.close();
      }
    });
  }
});

describe('the page of an old run', () => {
  it('is opened from the palette, also where the tree shows it no more, and leads back to its moments', async () => {
    using stage = makeStage(() => ({ 'README.md': '# Shop\n' }));
    const { events } = new Simulation([task('a', { title: 'The only task' })]).approve().run();
    for (let run = 1; run <= 13; run += 1) {
      const at = Date.now() - (20 - run) * 60 * MINUTE;
      const told = events.map((event) => ({ ...event, at: event.at + at }));
      const renamed = told.map((event) => named(event, `p-${run}`));
      using _run = await WrittenRun.begin(stage.workspace, `p-${run}`, renamed);
    }
    const scene = await openScene({ name: 'board-old', vsix, workspace: stage.workspace });
    try {
      await scene.openView('Orchestrate');
      await scene.row('1/1').waitFor();
      await scene.command('Orchestrate: Show Run');
      await scene.pick('p-13').waitFor();
      await scene.page.locator('.quick-input-widget input.input').fill('p-1');
      await scene.choose(/^p-1$/);
      const board = scene.webview();
      await board.getByRole('option', { name: 'The only task, wave 1; done' }).waitFor();
      await board.locator('.pill', { hasText: 'Merged' }).waitFor();
      await scene.shot('ended');
      await board.getByRole('button', { name: 'One event back' }).click();
      await board.getByText(`Event ${events.length - 1} of ${events.length}`).waitFor();
      await board.getByRole('button', { name: 'End' }).click();
      await board.locator('.pill', { hasText: 'Merged' }).waitFor();
    } finally {
      await scene.close();
    }
  });
});

const named = (event: Event, run: string): Event => (event.type === 'run.started' ? { ...event, run } : event);

const MINUTE = 60_000;

/** A run of 300 tasks in three waves with reds and retries, an hour in, as if it had begun in time to be there now. */
function threeHundred(): Event[] {
  const tasks = Array.from({ length: 300 }, (_, at) =>
    task(`t${at}`, {
      title:
        at === 7 ? '<img src=x onerror=alert(1)> & a title that is longer than its column' : `Task ${at} of the shop`,
      wave: Math.floor(at / 100) + 1,
      dependencies: at < 100 ? [] : [`t${at - 100}`],
      scope: [`m${at}/**`],
    }),
  );
  const simulation = new Simulation(
    tasks,
    { gates: [gate('test', 'task'), gate('all', 'wave')] },
    {
      takes: (id) => (id === 't120' ? 1e12 : (2 + ((Number(id.slice(1)) * 7) % 11)) * MINUTE),
      gate: (_, inside, attempt) => !(inside.length === 1 && Number(inside[0]?.slice(1)) % 9 === 4 && attempt === 1),
    },
  );
  simulation.approve().run(100_000, 320 * MINUTE);
  const start = Date.now() - simulation.state.at;
  return simulation.events.flatMap((event, index) => {
    const told = { ...measured(event, index), at: event.at + start };
    return index % 20 === 0 ? [told, seen(told.at, index)] : [told];
  });
}

const GIGABYTE = 1024 * MEGABYTE;

/** What an agent took, where the event is its end. */
function measured(event: Event, index: number): Event {
  if (event.type !== 'job.ended' || event.end.kind !== 'exited' || !event.end.exit.agent) return event;
  const used = { memory: (300 + (index % 7) * 150) * MEGABYTE, cpu: MINUTE };
  return { ...event, end: { kind: 'exited', exit: { ...event.end.exit, used } } };
}

/** What the machine had left, up and down. */
const seen = (at: number, index: number): Event => ({
  at,
  type: 'machine.seen',
  machine: {
    memory: { total: 16 * GIGABYTE, free: (9 + 4 * Math.sin(index / 200)) * GIGABYTE },
    cpu: 0.5 + 0.4 * Math.sin(index / 90),
  },
});
