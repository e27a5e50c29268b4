import { useEffect, useRef, useState } from 'preact/hooks';
import { Changes } from './changes.tsx';
import type { GateCard, Page, Say } from './protocol.ts';
import { retriesText } from './words.ts';

/** Approve, send back to a planner, or reject with a comment. What is red already is named beside the button that accepts it. */
export function Approval({ page, say }: { page: Page; say: Say }) {
  const red = page.gates.filter(({ baseline }) => baseline !== undefined && baseline.result !== 'passed');
  const unknown = page.gates.filter(({ baseline }) => baseline === undefined);
  return (
    <section class="approval" aria-label="Approval">
      <News page={page} />
      <p>
        No agent starts before you approve. {page.limits.agents} agents may work at once; a task that fails is{' '}
        {retriesText(page.limits.retries)}.
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
      <Answers page={page} say={say} red={red.length > 0} known={unknown.length === 0} />
    </section>
  );
}

const names = (gates: readonly GateCard[]): string => gates.map(({ name }) => name).join(', ');

/** What is not as it was when the plan was first shown. */
const News = ({ page: { changed, anew } }: { page: Page }) => (
  <>
    {changed && (
      <>
        <h2>Changed with the last edit</h2>
        <Changes lines={changed} />
      </>
    )}
    {anew && (
      <p class="anew" role="status">
        A planner makes the plan anew: “{anew.comment}”. Until you take what it makes, this is the plan.
      </p>
    )}
  </>
);

/** What a person does with a comment: a planner makes the plan anew, or the run ends. */
type Word = 'revise' | 'reject';
const WORDS: readonly Word[] = ['revise', 'reject'];
const OPENS: Record<Word, string> = { revise: 'Ask for changes…', reject: 'Reject…' };
const ASKS: Record<Word, string> = { revise: 'What should be different?', reject: 'Why not?' };
const MEANS: Record<Word, string> = {
  revise: 'A planner makes the plan anew, and you see what it changes before anything begins.',
  reject: 'The run ends here; your words are kept with it. Nothing has begun.',
};
const SENDS: Record<Word, string> = { revise: 'Have it made anew', reject: 'Reject the plan' };

function Answers({ page, say, red, known }: { page: Page; say: Say; red: boolean; known: boolean }) {
  const [opened, setOpened] = useState<Word>();
  const [left, setLeft] = useState<Word>();
  const [sent, setSent] = useState(false);
  const place = useRef<HTMLButtonElement>(null);
  // The next page is the answer: where it still asks, the person may answer once more.
  useEffect(() => setSent(false), [page]);
  // The keyboard's place is where it was before.
  useEffect(() => (opened === undefined ? place.current?.focus() : undefined), [opened]);
  const approve = (): void => {
    setSent(true);
    say({ kind: 'approve', planHash: page.planHash, baseline: red && known });
  };
  const back = (): void => {
    setLeft(opened);
    setOpened(undefined);
  };
  if (opened) return <Comment page={page} word={opened} say={say} back={back} />;
  return (
    <div class="buttons">
      <button type="button" class="primary" disabled={sent} onClick={approve}>
        {red ? 'Approve, red gates included' : 'Approve'}
      </button>
      {WORDS.map((word) => (
        <button
          key={word}
          type="button"
          ref={word === left ? place : null}
          disabled={sent || (word === 'revise' && page.anew !== undefined)}
          onClick={() => setOpened(word)}
        >
          {OPENS[word]}
        </button>
      ))}
    </div>
  );
}

function Comment({ page, word, say, back }: { page: Page; word: Word; say: Say; back: () => void }) {
  const [comment, setComment] = useState('');
  const place = useRef<HTMLTextAreaElement>(null);
  useEffect(() => place.current?.focus(), []);
  const send = (): void => {
    say(word === 'revise' ? { kind: 'revise', comment } : { kind: 'reject', planHash: page.planHash, comment });
    if (word === 'revise') back();
  };
  return (
    <form
      onKeyDown={({ key }) => key === 'Escape' && back()}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label for="comment">{ASKS[word]}</label>
      <p class="quiet" id="means">
        {MEANS[word]}
      </p>
      <textarea
        id="comment"
        aria-describedby="means"
        ref={place}
        rows={3}
        value={comment}
        onInput={({ currentTarget }) => setComment(currentTarget.value)}
      />
      <div class="buttons">
        <button type="submit" class="primary" disabled={comment.trim() === ''}>
          {SENDS[word]}
        </button>
        <button type="button" onClick={back}>
          Back
        </button>
      </div>
    </form>
  );
}
