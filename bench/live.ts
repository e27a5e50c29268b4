import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Frame, Page } from 'playwright-core';
import { openScene, type Scene } from '../test/rig/vscode/scene.mjs';
import { makeRepository } from '../test/rig/vscode/scratch-repository.mjs';
import { HEARD, LiveRun, TASKS } from './live-run.ts';
import { spreadOf } from './measure.ts';
import type { Line, Row } from './row.ts';
import type { Scratch } from './scratch.ts';

/** Words of agents that are looked for in each round, and milliseconds between two of them. */
const MARKS = 60;
const GAP = 150;

/** From a line in the journal of a run with 10,000 tasks to what stands on the screen. */
export const live = (scratch: Scratch): Row => ({
  number: 13,
  title: `${TASKS} tasks live: from the journal to the screen, in the real editor`,
  run: async (rounds) => {
    const vsix = join(scratch.folder, 'orchestrate.vsix');
    execFileSync('npm', ['run', 'package', '--', '--out', vsix], { stdio: ['ignore', 'ignore', 'inherit'] });
    const workspace = makeRepository(join(scratch.folder, 'live'), { 'plan.yaml': 'tasks: []\n' });
    using run = await LiveRun.write(workspace);
    const scene = await openScene({ name: 'live', vsix, workspace });
    try {
      const [review, board]: Round[][] = [[], []];
      for (const page of [await lookAtReview(scene), undefined]) {
        const seen = page ? review : board;
        const frame = page ?? (await lookAtRun(scene));
        const act = page ? OPEN_AND_CLOSE : undefined;
        for (let round = 0; round < Math.min(rounds, 3); round += 1)
          seen?.push(await follow(scene, { frame, act }, run, `${act ? 'r' : 'b'}${round}`));
        await scene.shot(act ? 'followed' : 'followed-on-the-page-of-the-run');
      }
      return linesOf(review ?? [], board ?? []);
    } finally {
      await scene.close();
    }
  },
});

/** Opens what a person watches: the group of tasks in the tree, and the review page with those at work. Answers the page. */
async function lookAtReview(scene: Scene): Promise<Frame> {
  await scene.openView('Orchestrate');
  await scene.row('1 – 200').click();
  await scene.row('Task number 0 of the plan').waitFor();
  await scene.command('Orchestrate: Show Review Page');
  await scene.webview().getByRole('heading', { name: 'At work' }).waitFor();
  return frameOf(scene);
}

/** Puts the page of the run in its place. */
async function lookAtRun(scene: Scene): Promise<Frame> {
  await scene.command('Orchestrate: Show Run');
  await scene.webview().getByRole('option', { name: 'Task number 0 of the plan' }).waitFor();
  return frameOf(scene);
}

async function frameOf(scene: Scene): Promise<Frame> {
  const inner = await scene.page.locator('iframe.webview.ready').elementHandle();
  const frame = await (await inner?.contentFrame())?.waitForSelector('iframe#active-frame');
  const page = await frame?.contentFrame();
  if (!page) throw new Error('the page has no frame');
  return page;
}

/** A page that is looked at; `act`: what is done on it meanwhile, which answers how long it took. */
interface Looked {
  frame: Frame;
  act: string | undefined;
}

/** Milliseconds. */
interface Round {
  tree: number[];
  page: number[];
  /** From a click on the page to what the extension answers. */
  answers: number[];
  /** Between two frames of the window. */
  frames: number[];
}

async function follow(scene: Scene, { frame, act }: Looked, run: LiveRun, round: string): Promise<Round> {
  await scene.page.evaluate(watch('.pane-body .monaco-list'));
  await frame.evaluate(watch('#page'));
  const said = new Map<string, number>();
  const answers: number[] = [];
  let ticks = 0;
  // Twenty words a second of agents that nobody looks at; a task ends and another begins every two or three seconds.
  const going = setInterval(() => run.goOn((ticks += 1) % 4 === 0), 50);
  for (let mark = 0; mark < MARKS; mark += 1) {
    await wait(GAP);
    // What stands behind it on a page may be a number.
    const name = `mark-${round}-${mark}x`;
    said.set(name, Date.now());
    run.say(name);
    if (act && mark % 6 === 5) answers.push(await frame.evaluate(act));
  }
  await wait(2_000);
  const [tree, page] = [await taken(scene.page), await taken(frame)];
  // What is past shows nothing of what is said now: it is looked at when all of that has been seen.
  if (!act) for (let step = 0; step < MARKS / 6; step += 1) answers.push(await frame.evaluate(STEP_BACK));
  if (!act) await frame.evaluate(BACK_TO_LIVE);
  clearInterval(going);
  return {
    tree: delays(said, tree.seen, 'the tree'),
    page: delays(said, page.seen, 'the page'),
    answers,
    frames: tree.frames,
  };
}

/** What an agent says stands until it says something else: overtaken on the way, its next word stands for it. */
function delays(said: ReadonlyMap<string, number>, seen: Readonly<Record<string, number>>, where: string): number[] {
  const names = [...said.keys()];
  return [...said.values()].map((at, index) => {
    const shown = names.flatMap((name, later) =>
      later >= index && (later - index) % HEARD === 0 ? (seen[name] ?? []) : [],
    )[0];
    if (shown === undefined) throw new Error(`${names[index]} never stood in ${where}`);
    return shown - at;
  });
}

function linesOf(review: readonly Round[], board: readonly Round[]): Line[] {
  const all = [...review, ...board];
  const line = (
    what: string,
    rounds: readonly Round[],
    pick: (round: Round) => readonly number[],
    { atMost, at = 0.95 }: { atMost: number; at?: number },
  ): Line => ({
    row: 13,
    what: `${what}, ${at * 100}th percentile`,
    against: 'the clock',
    value: spreadOf(rounds.map((round) => percentile(pick(round), at))),
    target: { atMost, unit: 'ms' },
  });
  return [
    line('an agent’s word to the tree', all, ({ tree }) => tree, { atMost: 500 }),
    line('an agent’s word to the review page', review, ({ page }) => page, { atMost: 100 }),
    line('an agent’s word to the page of the run', board, ({ page }) => page, { atMost: 100 }),
    line('a click on the review page to its answer', review, ({ answers }) => answers, { atMost: 100 }),
    line('an event back on the page of the run', board, ({ answers }) => answers, { atMost: 1_000 }),
    line('between two frames of the window', all, ({ frames }) => frames, { atMost: 100, at: 0.99 }),
  ];
}

function percentile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * at) - 1)] ?? Number.NaN;
}

interface Watched {
  /** By mark, the time of day at the frame that shows it. */
  seen: Record<string, number>;
  frames: number[];
}

const taken = (where: Page | Frame): Promise<Watched> => where.evaluate<Watched>('window.watched');

// These run in the pages, which know nothing of this file.

const watch = (place: string): string => `(() => {
  const place = [...document.querySelectorAll(${JSON.stringify(place)})].find((one) => one.offsetParent);
  window.watched = { seen: {}, frames: [] };
  const look = () => {
    const fresh = [...new Set(place.textContent.match(/mark-\\w+-\\d+x/g) ?? [])]
      .filter((mark) => !(mark in window.watched.seen));
    for (const mark of fresh) window.watched.seen[mark] = Infinity;
    if (fresh.length > 0)
      requestAnimationFrame(() => { for (const mark of fresh) window.watched.seen[mark] = Date.now(); });
  };
  window.looking?.disconnect();
  window.looking = new MutationObserver(look);
  window.looking.observe(place, { subtree: true, childList: true, characterData: true });
  let before = performance.now();
  const watched = window.watched;
  const frame = (now) => {
    watched.frames.push(now - before);
    before = now;
    if (window.watched === watched) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})()`;

const OPEN_AND_CLOSE = `(async () => {
  const fold = [...document.querySelectorAll('details.fold')].at(1);
  const turned = () => new Promise((resolve) => {
    const watch = new MutationObserver(() => { watch.disconnect(); requestAnimationFrame(() => resolve()); });
    watch.observe(fold, { attributes: true, attributeFilter: ['open'] });
    fold.querySelector('summary').click();
  });
  const from = performance.now();
  await turned();
  const took = performance.now() - from;
  await turned();
  return took;
})()`;

const STEP_BACK = `(async () => {
  const moment = document.querySelector('.moment');
  const told = new Promise((resolve) => {
    const watch = new MutationObserver(() => { watch.disconnect(); requestAnimationFrame(() => resolve()); });
    watch.observe(moment, { subtree: true, childList: true, characterData: true });
  });
  const from = performance.now();
  document.querySelector('.time button').click();
  await told;
  return performance.now() - from;
})()`;

const BACK_TO_LIVE = `[...document.querySelectorAll('.time button')].at(-1).click()`;
