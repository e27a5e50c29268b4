import { BAR } from './words.ts';

/** What the bars stand for, and how wide they are drawn. */
export function Legend({
  enlarge,
  canEnlarge,
  canShrink,
}: {
  enlarge: (by: number) => void;
  canEnlarge: boolean;
  canShrink: boolean;
}) {
  return (
    <div class="legend">
      {(['start', 'agent', 'gate', 'queue', 'person'] as const).map((kind) => (
        <span key={kind}>
          <i class={`bar ${kind}`} /> {BAR[kind]}
        </span>
      ))}
      <span class="critical">
        <span class="title">title</span> on the critical path
      </span>
      <span class="zoom">
        <button type="button" aria-label="Narrower bars" disabled={!canShrink} onClick={() => enlarge(-1)}>
          −
        </button>
        <button type="button" aria-label="Wider bars" disabled={!canEnlarge} onClick={() => enlarge(1)}>
          +
        </button>
      </span>
    </div>
  );
}
