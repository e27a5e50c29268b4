import type { Page, TaskCard, Say } from './protocol.ts';
import { Proof } from './proof.tsx';
import { Sign } from './sign.tsx';
import { countsIn, wordOf } from './words.ts';

/** What came of it: task, commit, gates, attempts; and the way to the result. */
export function Summary({ page, say }: { page: Page; say: Say }) {
  const tasks = page.summary ?? [];
  const left = page.tasks.total - tasks.length;
  return (
    <section class="summary" aria-label="Summary">
      <h2>Summary</h2>
      {page.outcome && page.outcome.reason !== '' && <p class="sentence">{page.outcome.reason}</p>}
      {page.spent !== undefined && <p>Spent: {page.spent}</p>}
      <Next page={page} say={say} />
      {left > 0 && <p>{countsIn(page.tasks.byStatus)}.</p>}
      {tasks.length > 0 && <Table tasks={tasks} spent={page.spent !== undefined} />}
      {left > 0 && (
        <p class="quiet">
          {tasks.length === 0 ? 'Too many to list here' : `${left} more are not listed here`}; they stand below, by
          wave.
        </p>
      )}
    </section>
  );
}

/** What follows, first what is usual: of a run that failed in part, to see why. */
function Next({ page: { branch, outcome, tasks }, say }: { page: Page; say: Say }) {
  const isTroubled = (tasks.byStatus.failed ?? 0) > 0;
  const press = (what: 'whatWentWrong' | 'takeResult' | 'resume') => () => say({ kind: 'do', what });
  return (
    <p class="buttons">
      {isTroubled && (
        <button type="button" class="primary" onClick={press('whatWentWrong')}>
          What went wrong
        </button>
      )}
      {outcome?.kind === 'cancelled' && (
        <button type="button" onClick={press('resume')}>
          Resume
        </button>
      )}
      {branch !== undefined && (
        <>
          <button type="button" class={isTroubled ? '' : 'primary'} onClick={press('takeResult')}>
            Take the result
          </button>
          <span>
            {outcome?.kind === 'merged' ? 'It' : 'What is done'} is on branch <code>{branch}</code>.
          </span>
        </>
      )}
    </p>
  );
}

function Table({ tasks, spent }: { tasks: readonly TaskCard[]; spent: boolean }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Task</th>
          <th scope="col">Status</th>
          <th scope="col">Commit</th>
          <th scope="col">Gates</th>
          <th scope="col">Attempts</th>
          {spent && <th scope="col">Spent</th>}
        </tr>
      </thead>
      <tbody>
        {tasks.map((task) => (
          <Line key={task.id} task={task} spent={spent} />
        ))}
      </tbody>
    </table>
  );
}

function Line({ task, spent }: { task: TaskCard; spent: boolean }) {
  const gates = task.attempts.at(-1)?.gates ?? [];
  return (
    <tr>
      <th scope="row">{task.title}</th>
      <td class="word">
        <Sign status={task.status} />
        {wordOf(task.status, true)}
      </td>
      <Proof gates={gates} {...(task.commit === undefined ? {} : { commit: task.commit })} />
      <td>{task.attempts.length}</td>
      {spent && <td>{task.spent ?? <span class="quiet">–</span>}</td>}
    </tr>
  );
}
