import type { TaskStatus } from '../model/run/view.ts';
import type { RequirementCard } from './protocol.ts';
import { Sign } from './sign.tsx';
import { WORD } from './words.ts';

/** From each requirement to its tasks, their commits, and the gates that speak for them. */
export function Requirements({ requirements }: { requirements: readonly RequirementCard[] }) {
  return (
    <section class="requirements" aria-label="Requirements">
      <h2>Requirements</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Requirement</th>
            <th scope="col">Standing</th>
            <th scope="col">Tasks</th>
            <th scope="col">Commit</th>
            <th scope="col">Gates</th>
          </tr>
        </thead>
        {requirements.map((one) => (
          <Rows key={one.id} {...one} />
        ))}
      </table>
    </section>
  );
}

const STANDING: Record<RequirementCard['standing'], readonly [TaskStatus, string]> = {
  met: ['done', 'met'],
  open: ['pending', 'open'],
  missed: ['failed', 'not met'],
  uncovered: ['failed', 'no task covers it'],
};

/** The requirement stands beside the first of its tasks, and holds for all of them. */
function Rows({ id, text, standing, tasks }: RequirementCard) {
  const [status, word] = STANDING[standing];
  const head = (
    <>
      <th scope="rowgroup" rowSpan={Math.max(1, tasks.length)}>
        {id} {text !== '' && <span class="sentence">{text}</span>}
      </th>
      <td class="word" rowSpan={Math.max(1, tasks.length)}>
        <Sign status={status} />
        {word}
      </td>
    </>
  );
  if (tasks.length === 0)
    return (
      <tbody>
        <tr>
          {head}
          <td colSpan={3} class="quiet">
            –
          </td>
        </tr>
      </tbody>
    );
  return (
    <tbody>
      {tasks.map((task, at) => (
        <tr key={task.title}>
          {at === 0 && head}
          <td class="word">
            <Sign status={task.status} />
            {task.title}
            {task.status !== 'done' && <span class="quiet"> {WORD[task.status]}</span>}
          </td>
          <td>{task.commit === undefined ? <span class="quiet">–</span> : <code>{task.commit}</code>}</td>
          <td>
            {task.gates.length === 0 && <span class="quiet">–</span>}
            {task.gates.map(({ name, result, words }) => (
              <div key={name} class={result === 'passed' ? 'good' : 'bad'}>
                {name}: {words}
              </div>
            ))}
          </td>
        </tr>
      ))}
    </tbody>
  );
}
