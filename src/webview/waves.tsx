import type { ComponentChildren } from 'preact';
import { AttemptLinks } from './attempt-links.tsx';
import type { AttemptCard, Page, Say, TaskCard, TaskGroup } from './protocol.ts';
import { Elapsed } from './elapsed.tsx';
import { Sign } from './sign.tsx';
import { countsIn, wordOf } from './words.ts';

interface Shown {
  /** The run is. */
  isOver: boolean;
  say: Say;
}

/** What is done now, of a run with too many tasks to show all. */
export function AtWork({ tasks, say }: { tasks: readonly TaskCard[]; say: Say }) {
  return (
    <section aria-label="At work">
      <h2>At work</h2>
      {tasks.length === 0 ? <p class="quiet">Nothing just now.</p> : <Cards tasks={tasks} isOver={false} say={say} />}
    </section>
  );
}

/** The tasks, wave by wave, with all that the plan says about them. */
export function Waves({ waves, isOver, say }: Pick<Page, 'waves'> & Shown) {
  return (
    <>
      {waves.map(({ wave, groups }) => (
        <section key={wave} aria-label={`Wave ${wave}`}>
          <h2>Wave {wave}</h2>
          {groups.map((group) =>
            group.fold === undefined ? (
              <Cards key="all" tasks={group.tasks ?? []} isOver={isOver} say={say} />
            ) : (
              <Fold key={group.fold} fold={group.fold} group={group} isOver={isOver} say={say} />
            ),
          )}
        </section>
      ))}
    </>
  );
}

/** What is open is for the host to say: it sends the cards. */
function Fold({ fold, group, isOver, say }: { fold: string; group: TaskGroup } & Shown) {
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
      {tasks && <Cards tasks={tasks} isOver={isOver} say={say} />}
    </details>
  );
}

function Cards({ tasks, isOver, say }: { tasks: readonly TaskCard[] } & Shown) {
  return (
    <ul class="tasks">
      {tasks.map((task) => (
        <Task key={task.id} task={task} isOver={isOver} say={say} />
      ))}
    </ul>
  );
}

function Task({ task, isOver, say }: { task: TaskCard } & Shown) {
  return (
    <li class={`task ${task.status}`}>
      <h3>
        <Sign status={task.status} />
        <span class="title" dir="auto">
          {task.title}
        </span>
        <span class="status">{wordOf(task.status, isOver)}</span>
      </h3>
      {task.description !== '' && (
        <p class="description" dir="auto">
          {task.description}
        </p>
      )}
      <Facts task={task} />
      {(task.status === 'failed' || task.status === 'blocked') && (
        <p>
          <button
            type="button"
            class="link"
            aria-label={`What went wrong with ${task.title}`}
            onClick={() => say({ kind: 'do', what: 'whatWentWrong', task: task.id })}
          >
            What went wrong
          </button>
        </p>
      )}
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

/** What the plan says of a task, and who does it. */
function Facts({ task: { agent, runs, scope, after, notBeside, criteria } }: { task: TaskCard }) {
  return (
    <dl>
      <Fact name="Agent">{agent}</Fact>
      {runs !== undefined && (
        <Fact name="Runs">
          <code class="runs">{runs}</code>
        </Fact>
      )}
      <Fact name="Scope">{scope ? <code>{scope.join('  ')}</code> : <span class="warn">unknown</span>}</Fact>
      {after.length > 0 && <Fact name="After">{after.join(', ')}</Fact>}
      {notBeside.length > 0 && <Fact name="Not beside">{notBeside.join(', ')}</Fact>}
      {criteria.length > 0 && (
        <Fact name="Accepted if">
          <ul class="plain">
            {criteria.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Fact>
      )}
    </dl>
  );
}

const Fact = ({ name, children }: { name: string; children: ComponentChildren }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);

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
