import { useEffect, useRef, useState } from 'preact/hooks';
import type { GateCard, Page, Say } from './protocol.ts';

/** Approve, or reject with a comment. What is red already is named beside the button that accepts it. */
export function Approval({ page, say }: { page: Page; say: Say }) {
  const [rejecting, setRejecting] = useState(false);
  const [sent, setSent] = useState(false);
  const [backs, setBacks] = useState(0);
  const reject = useRef<HTMLButtonElement>(null);
  // The next page is the answer: where it still asks, the person may answer once more.
  useEffect(() => setSent(false), [page]);
  // The keyboard's place is where it was before.
  useEffect(() => (backs > 0 ? reject.current?.focus() : undefined), [backs]);
  const red = page.gates.filter(({ baseline }) => baseline !== undefined && baseline.result !== 'passed');
  const unknown = page.gates.filter(({ baseline }) => baseline === undefined);
  const approve = (): void => {
    setSent(true);
    say({ kind: 'approve', planHash: page.planHash, baseline: red.length > 0 && unknown.length === 0 });
  };
  const back = (): void => {
    setRejecting(false);
    setBacks(backs + 1);
  };
  return (
    <section class="approval" aria-label="Approval">
      <p>
        No agent starts before you approve. {page.limits.agents} agents may work at once; a task that fails is tried up
        to {page.limits.retries} more times.
      </p>
      <ul class="crew" aria-label="Agents">
        {page.crew.map(({ text, loose }) => (
          <li key={text} class={loose ? 'warn' : ''}>
            {text}
          </li>
        ))}
      </ul>
      {page.expected && <p class="expected">{page.expected.join(' ')}</p>}
      {unknown.length > 0 && (
        <p>
          Gates are being tried on {page.base} to know what is red before any task: {names(unknown)}.
        </p>
      )}
      {red.length > 0 && (
        <p class="red">
          Red already, before any task: {names(red)}. With your approval tasks may leave them as red as they are, and
          not worse.
        </p>
      )}
      {rejecting ? (
        <Rejection page={page} say={say} back={back} />
      ) : (
        <div class="buttons">
          <button type="button" class="primary" disabled={sent} onClick={approve}>
            {red.length > 0 ? 'Approve, red gates included' : 'Approve'}
          </button>
          <button type="button" ref={reject} disabled={sent} onClick={() => setRejecting(true)}>
            Reject…
          </button>
        </div>
      )}
    </section>
  );
}

const names = (gates: readonly GateCard[]): string => gates.map(({ name }) => name).join(', ');

function Rejection({ page, say, back }: { page: Page; say: Say; back: () => void }) {
  const [comment, setComment] = useState('');
  const place = useRef<HTMLTextAreaElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <form
      onKeyDown={({ key }) => key === 'Escape' && back()}
      onSubmit={(event) => {
        event.preventDefault();
        say({ kind: 'reject', planHash: page.planHash, comment });
      }}
    >
      <label for="comment">What should be different?</label>
      <textarea
        id="comment"
        ref={place}
        rows={3}
        value={comment}
        onInput={({ currentTarget }) => setComment(currentTarget.value)}
      />
      <div class="buttons">
        <button type="submit" class="primary" disabled={comment.trim() === ''}>
          Reject the plan
        </button>
        <button type="button" onClick={back}>
          Back
        </button>
      </div>
    </form>
  );
}
