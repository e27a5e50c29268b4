import { Elapsed } from './elapsed.tsx';
import type { Page, Todo } from './protocol.ts';

const LABEL: Record<Todo, string> = {
  review: 'Review…',
  answer: 'Answer…',
  allowOnce: 'Allow once',
  allowAlways: 'Allow always',
  deny: 'Reject',
  showInstructions: 'Instructions',
  done: 'Mark done',
  handBack: 'Hand back',
  tell: 'Say…',
  resume: 'Resume',
};

/** What waits for the person, for how long, and the buttons that answer it. */
export function Waiting({ waiting, act }: { waiting: Page['waiting']; act: (what: Todo, attention: string) => void }) {
  const items = waiting.filter(({ todo }) => todo.length > 0);
  if (items.length === 0) return null;
  return (
    <section class="waiting" aria-label="Waits for you" aria-live="polite">
      <h2>Waits for you</h2>
      <ul>
        {items.map(({ id, text, detail, since, todo }) => (
          <li key={id}>
            <div class="text">
              {text}
              {detail !== undefined && <pre>{detail}</pre>}
            </div>
            <Elapsed from={since} to={undefined} />
            {todo.map((what) => (
              <button key={what} type="button" aria-label={`${LABEL[what]} ${text}`} onClick={() => act(what, id)}>
                {LABEL[what]}
              </button>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
