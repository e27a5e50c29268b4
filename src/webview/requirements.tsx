import type { TaskStatus } from '../model/run/view.ts';
import type { RequirementCard } from './protocol.ts';
import { Sign } from './sign.tsx';
import { Proof } from './proof.tsx';
import { wordOf } from './words.ts';

/** From each requirement to its tasks, their commits, and the gates that speak for them. */
export function Requirements({ requirements, isOver }: { requirements: readonly RequirementCard[]; isOver: boolean }) {
  const proven = requirements.some(({ tasks }) => tasks.some(({ commit }) => commit !== undefined));
  return (
    <section class="requirements" aria-label="Requirements">
      <h2>Requirements</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Requirement</th>
            <th scope="col">Standing</th>
            <th scope="col">Tasks</th>
            {proven && <th scope="col">Commit</th>}
            {proven && <th scope="col">Gates</th>}
          </tr>
        </thead>
        {requirements.map((one) => (
          <Rows key={one.id} requirement={one} proven={proven} isOver={isOver} />
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
function Rows({ requirement, proven, isOver }: { requirement: RequirementCard; proven: boolean; isOver: boolean }) {
  const { id, text, standing, tasks, more } = requirement;
  const rows = Math.max(1, tasks.length + (more > 0 ? 1 : 0));
  const [status, word] = STANDING[standing];
  const head = (
    <>
      <th scope="rowgroup" rowSpan={rows}>
        {id} {text !== '' && <span class="sentence">{text}</span>}
      </th>
      <td class="word" rowSpan={rows}>
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
          <td colSpan={proven ? 3 : 1} class="quiet">
            –
          </td>
        </tr>
      </tbody>
    );
  return (
    <tbody>
      {tasks.map((task, at) => (
        <tr key={task.id}>
          {at === 0 && head}
          <td class="word">
            <Sign status={task.status} />
            {task.title}
            {task.status !== 'done' && <span class="quiet"> {wordOf(task.status, isOver)}</span>}
          </td>
          {proven && <Proof {...task} />}
        </tr>
      ))}
      {more > 0 && (
        <tr>
          <td colSpan={proven ? 3 : 1} class="quiet">
            {more} more
          </td>
        </tr>
      )}
    </tbody>
  );
}
