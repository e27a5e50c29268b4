import type { Load as Measured } from '../../model/shown/load.ts';
import type { Scale } from './layout.ts';
import { areaOf, stepsOf, wordsOf } from './load-shape.ts';

/** Pixels that it takes below the last row. */
export const LOAD = 58;

/** What was taken of the machine, under the bars and over the same time: the agents' memory as an area, the machine's use as lines. */
export function Load({ load, scale, now }: { load: Measured; scale: Scale; now: number }) {
  const most = load.total ?? Math.max(1, ...load.agents.map(([, bytes]) => bytes));
  return (
    <div class="load" role="presentation">
      <div class="label">
        <div class="words">
          {wordsOf(load).map(([kind, words]) => (
            <div key={kind} class={kind} title={words}>
              {words}
            </div>
          ))}
        </div>
      </div>
      <div class="track">
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          <path class="agents" d={areaOf(load.agents, { scale, most, now })} />
          <path class="memory" d={stepsOf(load.memory, { scale, most: 1, now })} />
          <path class="cpu" d={stepsOf(load.cpu, { scale, most: 1, now })} />
        </svg>
      </div>
    </div>
  );
}
