import { useEffect, useState } from 'preact/hooks';
import { span } from './words.ts';

/** The only clock of the page: it ticks each second while there is something to count. */
export function Elapsed({ from, to }: { from: number; to: number | undefined }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (to !== undefined) return undefined;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [to]);
  // A timer is not read aloud each time it ticks, also where what is around it is.
  return (
    <span class="elapsed" role="timer">
      {span((to ?? Math.max(now, from)) - from)}
    </span>
  );
}
