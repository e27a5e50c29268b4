import type { AttemptCard, Page, TaskCard, Say } from './protocol.ts';
import { Elapsed } from './elapsed.tsx';
import { Sign } from './sign.tsx';
import { WORD } from './words.ts';

/** The tasks, wave by wave, with all that the plan says about them. */
export function Waves({ page, say }: { page: Page; say: Say }) {
  const titles = new Map(page.waves.flatMap(({ tasks }) => tasks.map(({ id, title }) => [id, title])));
  return (
    <>
      {page.waves.map(({ wave, tasks }) => (
        <section key={wave} aria-label={`Wave ${wave}`}>
          <h2>Wave {wave}</h2>
          <ul class="tasks">
            {tasks.map((task) => (
              <Task key={task.id} task={task} titles={titles} say={say} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Task({ task, titles, say }: { task: TaskCard; titles: ReadonlyMap<string, string>; say: Say }) {
  const named = (ids: readonly string[]): string => ids.map((id) => titles.get(id) ?? id).join(', ');
  return (
    <li class={`task ${task.status}`} id={`task-${task.id}`}>
      <h3>
        <Sign status={task.status} />
        {task.title}
        <span class="status">{WORD[task.status]}</span>
      </h3>
      {task.description !== '' && <p class="description">{task.description}</p>}
      <dl>
        <dt>Agent</dt>
        <dd>{task.agent}</dd>
        <dt>Scope</dt>
        <dd>{task.scope ? <code>{task.scope.join('  ')}</code> : <span class="warn">unknown</span>}</dd>
        {task.dependencies.length > 0 && (
          <>
            <dt>After</dt>
            <dd>{named(task.dependencies)}</dd>
          </>
        )}
        {task.conflicts.length > 0 && (
          <>
            <dt>Not beside</dt>
            <dd>{named(task.conflicts)}</dd>
          </>
        )}
        {task.criteria.length > 0 && (
          <>
            <dt>Accepted if</dt>
            <dd>
              <ul class="plain">
                {task.criteria.map((text) => (
                  <li key={text}>{text}</li>
                ))}
              </ul>
            </dd>
          </>
        )}
      </dl>
      {task.attempts.length > 0 && (
        <ol class="attempts">
          {task.attempts.map((attempt) => (
            <Attempt key={attempt.number} task={task} attempt={attempt} say={say} />
          ))}
        </ol>
      )}
    </li>
  );
}

function Attempt({ task, attempt, say }: { task: TaskCard; attempt: AttemptCard; say: Say }) {
  const about = { task: task.id, attempt: attempt.number };
  return (
    <li>
      <span>
        Attempt {attempt.number}: {attempt.words}
      </span>
      <Elapsed from={attempt.startedAt} to={attempt.endedAt} />
      {attempt.gates.map(({ name, result, words }) => (
        <span key={name} class={result === 'passed' ? 'good' : 'bad'}>
          {name} {words}
        </span>
      ))}
      <button
        type="button"
        class="link"
        aria-label={`Terminal of ${task.title}, attempt ${attempt.number}`}
        onClick={() => say({ kind: 'do', what: 'openTerminal', ...about })}
      >
        Terminal
      </button>
      <button
        type="button"
        class="link"
        aria-label={`Changes of ${task.title}, attempt ${attempt.number}`}
        onClick={() => say({ kind: 'do', what: 'openDiff', ...about })}
      >
        Changes
      </button>
    </li>
  );
}
