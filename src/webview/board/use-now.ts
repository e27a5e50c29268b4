import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { placeOf, type Scale } from './layout.ts';
import type { Head } from './protocol.ts';

/**
 * The same with the time that passed since it was told, in whole seconds, while the run goes on. Time is counted by the
 * frames of the screen, which stop when nobody can see the page, and from when it was told: the two sides may have two clocks.
 */
export function usePassing(head: Head): Head {
  const [passed, setPassed] = useState(0);
  useEffect(() => {
    setPassed(0);
    if (!head.isLive) return undefined;
    return eachFrame((since) => setPassed(Math.floor(since / 1_000) * 1_000));
  }, [head]);
  return passed === 0 || !head.isLive ? head : { ...head, now: head.now + passed, end: head.end + passed };
}

/**
 * Keeps `--now` of the chart, the place of the moment that is looked at as a share of the width. While the run goes on it
 * moves, and is written when that can be seen, at most ten times a second: all that lies in the chart takes part in it.
 */
export function useNow(canvas: RefObject<HTMLElement | null>, { isLive, now }: Head, scale: Scale): void {
  const written = useRef({ place: 0, at: 0 });
  const write = (place: number): void => {
    written.current = { place, at: performance.now() };
    canvas.current?.style.setProperty('--now', String(place / 100));
  };
  useLayoutEffect(() => write(placeOf(now, scale)), [isLive || now, scale.from, scale.to]);
  useEffect(() => {
    if (!isLive) return undefined;
    return eachFrame((since) => {
      const { place, at } = written.current;
      if (performance.now() - at < 100) return;
      const next = placeOf(now + since, scale);
      if (Math.abs(next - place) >= 50 / (canvas.current?.clientWidth ?? 1_000)) write(next);
    });
  }, [isLive, now, scale.from, scale.to]);
}

/** Says at each frame how many milliseconds have passed; answers how to stop it. */
function eachFrame(say: (since: number) => void): () => void {
  const from = performance.now();
  let asked = requestAnimationFrame(function frame() {
    asked = requestAnimationFrame(frame);
    say(Math.max(0, performance.now() - from));
  });
  return () => cancelAnimationFrame(asked);
}
