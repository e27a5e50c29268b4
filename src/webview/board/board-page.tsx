import { useRef, useState } from 'preact/hooks';
import { phaseWord, span } from '../words.ts';
import type { Ending } from '../../model/shown/ending.ts';
import { Waiting } from '../waiting.tsx';
import { Chart } from './chart.tsx';
import { Detail } from './detail.tsx';
import type { BoardRow } from './layout.ts';
import type { Head, Say, TaskLine } from './protocol.ts';
import { TimeLine } from './time-line.tsx';
import { usePassing } from './use-now.ts';
import { clockOf } from './words.ts';

/** What the page knows. */
interface Told {
  head: Head;
  rows: readonly BoardRow[];
  /** By id. */
  lines: ReadonlyMap<string, TaskLine>;
  say: Say;
}

/** A run as it goes on: what waits for the person, what ran when, and the way to any moment of it. */
export function BoardPage({ head: told, rows, lines, say }: Told) {
  const head = usePassing(told);
  const [chosen, setChosen] = useState<string>();
  const [isOpen, setOpen] = useState<'byKey' | 'byClick'>();
  const list = useRef<HTMLDivElement>(null);
  const line = chosen === undefined ? undefined : lines.get(chosen);
  const close = (): void => {
    setOpen(undefined);
    list.current?.focus();
  };
  return (
    <div class={head.moment ? 'board past' : 'board'}>
      <Top head={head} />
      <Waiting waiting={head.waiting} act={(what, attention) => say({ kind: 'do', what, attention })} />
      <Chart
        head={head}
        rows={rows}
        lines={lines}
        list={list}
        chosen={chosen}
        choose={(task, opens) => {
          setChosen(task);
          if (opens) setOpen(opens);
        }}
      />
      {isOpen && line && <Detail line={line} now={head.now} takesFocus={isOpen === 'byKey'} say={say} close={close} />}
      <TimeLine head={head} say={say} />
    </div>
  );
}

function Top({ head }: { head: Head }) {
  const { total, byStatus } = head.tasks;
  return (
    <header class="head">
      <h1>{head.objective}</h1>
      <div class="progress">
        <span class={`pill ${head.outcome?.kind ?? head.phase}`} role="status">
          {phaseWord(head)}
        </span>
        <progress max={total} value={byStatus.done ?? 0} aria-label="Tasks done" />
        <span>
          {byStatus.done ?? 0} of {total} done
        </span>
        {head.phase !== 'approval' && <span class="elapsed">{span(head.now - head.from)}</span>}
        {head.ending && <span title={`${rangeOf(head.ending)}, by what tasks took so far`}>{endOf(head.ending)}</span>}
        {head.wait !== undefined && <span>{head.wait}</span>}
        {head.speedUp !== undefined && head.speedUp >= 1 && (
          <span title="The time of agents and gates, divided by the time that passed">
            {head.speedUp.toFixed(1)} times as fast as one by one
          </span>
        )}
        {head.spent !== undefined && <span>{head.spent}</span>}
      </div>
      {head.outlook.length > 0 && (
        <ul class="outlook" aria-label="What comes next">
          {head.outlook.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </header>
  );
}

const endOf = ({ likely }: Ending): string => `ends about ${minuteOf(likely)}`;

const rangeOf = ({ early, late }: Ending): string =>
  `Nine of ten times after ${minuteOf(early)}, and before ${minuteOf(late)}`;

const minuteOf = (at: number): string => clockOf(at).slice(0, 5);
