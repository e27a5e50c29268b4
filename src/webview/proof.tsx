import type { AttemptCard } from './protocol.ts';

/** Two cells of a table: the commit of a task, and its gates on the way there. */
export function Proof({ commit, gates }: { commit?: string; gates: AttemptCard['gates'] }) {
  return (
    <>
      <td>{commit === undefined ? <span class="quiet">–</span> : <code>{commit}</code>}</td>
      <td>
        {gates.length === 0 && <span class="quiet">–</span>}
        {gates.map(({ name, result, words }) => (
          <div key={name} class={result === 'passed' ? 'good' : 'bad'}>
            {name}: {words}
          </div>
        ))}
      </td>
    </>
  );
}
