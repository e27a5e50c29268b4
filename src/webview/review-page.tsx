import { Approval } from './approval.tsx';
import { Gates } from './gates.tsx';
import { Graph } from './graph.tsx';
import { Elapsed } from './elapsed.tsx';
import type { Page, Say } from './protocol.ts';
import { Requirements } from './requirements.tsx';
import { Revision } from './revision.tsx';
import { Summary } from './summary.tsx';
import { Waiting } from './waiting.tsx';
import { AtWork, Waves } from './waves.tsx';
import { doneOf, phaseWord } from './words.ts';

/** A run from its plan to its result: to be approved, watched and read afterwards. */
export function ReviewPage({ page, say }: { page: Page; say: Say }) {
  // While agents work, what they are at comes first.
  const isRead = page.phase === 'approval' || page.phase === 'ended';
  const isOver = page.phase === 'ended';
  const requirements = page.requirements && <Requirements requirements={page.requirements} isOver={isOver} />;
  return (
    <>
      <header class="head">
        <p class="over">
          {page.planFile} · from {page.base}
        </p>
        <h1>{page.objective}</h1>
        <Progress page={page} />
      </header>
      {page.phase === 'approval' && <Approval page={page} say={say} />}
      {page.revision && <Revision revision={page.revision} say={say} />}
      <Waiting waiting={page.waiting} act={(what, attention) => say({ kind: 'do', what, attention })} />
      {page.warnings.length > 0 && !isOver && (
        <section class="warnings" aria-label="Warnings">
          <h2>Worth knowing</h2>
          <ul>
            {page.warnings.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
      )}
      {isOver && <Summary page={page} say={say} />}
      {isRead && requirements}
      {page.atWork && <AtWork tasks={page.atWork} say={say} />}
      <Graph page={page} />
      <Gates gates={page.gates} />
      {!isRead && requirements}
      <Waves waves={page.waves} isOver={isOver} say={say} />
    </>
  );
}

function Progress({ page }: { page: Page }) {
  const { total, byStatus } = page.tasks;
  const done = byStatus.done ?? 0;
  const word = phaseWord(page);
  return (
    <div class="progress">
      <span class={`pill ${page.outcome?.kind ?? page.phase}`} role="status">
        {word}
      </span>
      <progress max={total} value={done} aria-label="Tasks done" />
      <span>{doneOf(done, total)}</span>
      {page.phase !== 'approval' && <Elapsed from={page.startedAt} to={page.endedAt} />}
    </div>
  );
}
