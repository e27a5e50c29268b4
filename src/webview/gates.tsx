import type { GateCard } from './protocol.ts';

/** The gates and how each did on the commit the run starts from. */
export function Gates({ gates }: { gates: readonly GateCard[] }) {
  if (gates.length === 0) return null;
  return (
    <section aria-label="Gates">
      <h2>Gates</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Gate</th>
            <th scope="col">Command</th>
            <th scope="col">Runs on</th>
            <th scope="col">Before any task</th>
          </tr>
        </thead>
        <tbody>
          {gates.map((gate) => (
            <tr key={gate.name}>
              <th scope="row">{gate.name}</th>
              <td>
                <code>{gate.command}</code>
              </td>
              <td>{gate.on.join(', ') || 'tasks that name it'}</td>
              <td>
                <Baseline gate={gate} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Baseline({ gate: { baseline } }: { gate: GateCard }) {
  if (!baseline) return <span class="quiet">not known yet</span>;
  if (baseline.result === 'passed') return <span class="good">{baseline.words}</span>;
  return (
    <>
      <span class="bad">{baseline.words}</span>
      {!baseline.usable && (
        <p class="bad">It does not say what fails, so it can tell nothing about a task and is not used.</p>
      )}
      {baseline.failing.length > 0 && (
        <details>
          <summary>What fails</summary>
          <ul class="plain">
            {baseline.failing.map((text) => (
              <li key={text}>
                <code>{text}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
