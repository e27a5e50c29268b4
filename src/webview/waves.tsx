import { AttemptLinks } from './attempt-links.tsx';
import type { AttemptCard, Page, Say, TaskCard, TaskGroup } from './protocol.ts';
import { Elapsed } from './elapsed.tsx';
import { Sign } from './sign.tsx';
import { countsIn, WORD } from './words.ts';

/** What is done now, of a run with too many tasks to show all. */
export function AtWork({ tasks, say }: { tasks: readonly TaskCard[]; say: Say }) {
  return (
    <section aria-label="At work">
      <h2>At work</h2>
      {tasks.length === 0 ? <p class="quiet">Nothing just now.</p> : <Cards tasks={tasks} say={say} />}
    </section>
  );
}

/** The tasks, wave by wave, with all that the plan says about them. */
export function Waves({ waves, say }: { waves: Page['waves']; say: Say }) {
  return (
    <>
      {waves.map(({ wave, groups }) => (
        <section key={wave} aria-label={`Wave ${wave}`}>
          <h2>Wave {wave}</h2>
          {groups.map((group) =>
            group.fold === undefined ? (
              <Cards key="all" tasks={group.tasks ?? []} say={say} />
            ) : (
              <Fold key={group.fold} fold={group.fold} group={group} say={say} />
            ),
          )}
        </section>
      ))}
    </>
  );
}

/** What is open is for the host to say: it sends the cards. */
function Fold({ fold, group, say }: { fold: string; group: TaskGroup; say: Say }) {
  const { from, many, byStatus, tasks } = group;
  return (
    <details class="fold" open={tasks !== undefined}>
      <summary
        onClick={(event) => {
          event.preventDefault();
          say({ kind: 'fold', group: fold, open: tasks === undefined });
        }}
      >
        {many === 1 ? `Task ${from}` : `Tasks ${from} – ${from + many - 1}`}
        <span class="status">{countsIn(byStatus)}</span>
      </summary>
      {tasks && <Cards tasks={tasks} say={say} />}
    </details>
  );
}

function Cards({ tasks, say }: { tasks: readonly TaskCard[]; say: Say }) {
  return (
    <ul class="tasks">
      {tasks.map((task) => (
        <Task key={task.id} task={task} say={say} />
      ))}
    </ul>
  );
}

function Task({ task, say }: { task: TaskCard; say: Say }) {
  return (
    <li class={`task ${task.status}`}>
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
        {task.after.length > 0 && (
          <>
            <dt>After</dt>
            <dd>{task.after.join(', ')}</dd>
          </>
        )}
        {task.notBeside.length > 0 && (
          <>
            <dt>Not beside</dt>
            <dd>{task.notBeside.join(', ')}</dd>
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
      <AttemptLinks
        of={`${task.title}, attempt ${attempt.number}`}
        open={(what) => say({ kind: 'do', what, ...about })}
      />
    </li>
  );
}
