import { DEFAULT_CONFIG } from '../src/model/config/config.ts';
import type { Event } from '../src/model/run/event.ts';
import { Simulation, task } from '../test/rig/simulation.ts';
import { WrittenRun } from '../test/rig/written-run.ts';

export const TASKS = 10_000;

/** The first tasks never end: what their agents say is looked for on the screen. */
const TALKERS = 12;
/** So many of them are looked at, one after the other: what one says stands until its next turn. */
export const HEARD = 8;

/** Virtual milliseconds: some 500 tasks are done by `BEGUN`, and every 10 of them 4 more end. */
const BEGUN = 3_000;
const MORE = 6_000;

/**
 * The journal of a run of 10,000 tasks as its driver writes it: what `decide` decided, in a world where all goes well,
 * 16 agents at once. It lies there up to a moment at which 500 tasks are done; what comes after is written when it is
 * asked for, an event at a time.
 */
export class LiveRun implements Disposable {
  readonly #written: WrittenRun;
  readonly #coming: Event[];
  readonly #talkers: readonly string[];
  readonly #told = { heard: 0, unheard: 0 };

  private constructor(written: WrittenRun, coming: Event[], talkers: readonly string[]) {
    this.#written = written;
    this.#coming = coming;
    this.#talkers = talkers;
  }

  /** In the state folder of a repository, as a program writes it that goes on living. */
  static async write(repository: string): Promise<LiveRun> {
    const simulation = simulate();
    const known = simulation.events.length;
    const start = Date.now() - BEGUN;
    const past = simulation.events.slice(0, known).map((event) => ({ ...event, at: start + event.at }));
    const written = await WrittenRun.begin(repository, simulation.state.run, past);
    const talkers = [...simulation.state.open.values()].flatMap((open) =>
      open.type === 'job.intended' && 'task' in open.purpose && isTalker(open.purpose.task) ? [open.intent] : [],
    );
    simulation.run(1_000_000, MORE);
    return new LiveRun(written, simulation.events.slice(known), talkers);
  }

  /** An agent that nobody looks at says something; with `on` the run goes on by one event, too. */
  goOn(on: boolean): void {
    const [event] = on ? this.#coming.splice(0, 1) : [];
    if (event) this.#written.append({ ...event, at: Date.now() });
    this.#tell('unheard', `nothing new ${this.#told.unheard}`);
  }

  /** One of the agents that are looked at says how far it is, each in its turn. */
  say(text: string): void {
    this.#tell('heard', text);
  }

  #tell(who: 'heard' | 'unheard', text: string): void {
    const jobs = who === 'heard' ? this.#talkers.slice(0, HEARD) : this.#talkers.slice(HEARD);
    const said = this.#told[who];
    this.#told[who] += 1;
    this.#written.append({
      at: Date.now(),
      type: 'job.reported',
      job: jobs[said % jobs.length] ?? '',
      line: Math.floor(said / jobs.length) + 1,
      report: { type: 'progress', state: 'working', text },
    });
  }

  [Symbol.dispose](): void {
    this.#written[Symbol.dispose]();
  }
}

function simulate(): Simulation {
  const tasks = Array.from({ length: TASKS }, (_, at) =>
    task(`task-${at}`, {
      title: `Task number ${at} of the plan`,
      description: `Change what module ${at} does: read it, write its test, make it pass.`,
      wave: Math.floor(at / 2_000) + 1,
      dependencies: at < 2_000 ? [] : [`task-${at - 2_000}`],
      scope: [`src/module-${at}/**`],
      acceptanceCriteria: [`The tests of module ${at} pass`],
    }),
  );
  const limits = { ...DEFAULT_CONFIG.limits, agents: 16 };
  const takes = (id: string): number => (isTalker(id) ? 1e12 : 10);
  return new Simulation(tasks, { limits }, { takes }).approve().run(1_000_000, BEGUN);
}

const isTalker = (id: string): boolean => Number(id.slice('task-'.length)) < TALKERS;
