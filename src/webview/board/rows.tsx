import { Sign } from '../sign.tsx';
import { WORD } from '../words.ts';
import { type BoardRow, idOf, type Placed, placed, placeOf, type Scale } from './layout.ts';
import type { AttemptLine, TaskLine } from './protocol.ts';
import { sentenceOf } from './words.ts';

/** Where a row stands, and what the width stands for. */
export interface Place {
  top: number;
  /** How many tasks there are. */
  of: number;
  scale: Scale;
  now: number;
}

/** The head of a wave; the rows of its tasks say the wave too. */
export function WaveRow({ row: { wave, done, many }, top }: { row: BoardRow & { kind: 'wave' }; top: number }) {
  return (
    <div class="row wave" role="presentation" style={{ top: `${top}px` }}>
      <div class="label">
        Wave {wave}
        <span class="status">
          {done} of {many}
        </span>
      </div>
      <div class="track" />
    </div>
  );
}

/** A task with the bars of all its attempts. */
export function TaskRow({
  line,
  place: { top, of, scale, now },
  isChosen,
  choose,
}: {
  line: TaskLine;
  place: Place;
  isChosen: boolean;
  choose: () => void;
}) {
  const names = ['row', 'task', line.status, ...(line.isCritical ? ['critical'] : []), ...(isChosen ? ['chosen'] : [])];
  const sentence = sentenceOf(line, now);
  const working = line.status === 'running' ? line.attempts.at(-1)?.words : undefined;
  return (
    <div
      id={idOf(line.id)}
      class={names.join(' ')}
      role="option"
      aria-selected={isChosen}
      aria-setsize={of}
      aria-label={sentence}
      title={sentence.replaceAll('; ', '\n')}
      style={{ top: `${top}px` }}
      onClick={choose}
    >
      <div class="label">
        <Sign status={line.status} />
        <span class="title">{line.title}</span>
        {line.attempts.length > 1 && <span class="status">×{line.attempts.length}</span>}
        <span class="status">{working?.split(' · ')[1] ?? (line.attempts.length === 0 ? WORD[line.status] : '')}</span>
      </div>
      <div class="track">
        {line.attempts.map((attempt) => (
          <Attempt key={attempt.number} attempt={attempt} scale={scale} />
        ))}
      </div>
    </div>
  );
}

const SIGN = { merged: 'done', failed: 'failed', stopped: 'skipped' } as const;

function Attempt({ attempt, scale }: { attempt: AttemptLine; scale: Scale }) {
  const last = attempt.bars.at(-1);
  return (
    <>
      {placed(attempt.bars, scale).map((bar, index) => (
        <i key={index} class={`bar ${bar.kind}`} style={styleOf(bar)} />
      ))}
      {attempt.end && last && (
        <b class={`end ${attempt.end}`} style={{ left: `${placeOf(last.to, scale)}%` }}>
          <Sign status={SIGN[attempt.end]} />
        </b>
      )}
    </>
  );
}

/** An open bar ends where the present is, which moves without its being drawn anew. */
const styleOf = ({ left, width, isOpen }: Placed): { left: string; width: string } => ({
  left: `${left}%`,
  width: isOpen ? `calc(var(--now) * 100% - ${left}%)` : `${width}%`,
});
