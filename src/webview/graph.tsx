import { useMemo } from 'preact/hooks';
import { type Box, layOut } from './layout.ts';
import type { Page, TaskNode } from './protocol.ts';
import { Sign } from './sign.tsx';
import { wordOf } from './words.ts';

/** The tasks and what waits for what, coloured by status; where they are too many, the list below says it all. */
export function Graph({ page }: { page: Page }) {
  // Of a single task there is nothing to wait for.
  if (page.tasks.total < 2) return null;
  return page.graph ? (
    <Picture tasks={page.graph} isOver={page.phase === 'ended'} />
  ) : (
    <p class="quiet">{page.tasks.total} tasks are too many for a picture.</p>
  );
}

function Picture({ tasks, isOver }: { tasks: readonly TaskNode[]; isOver: boolean }) {
  const shape = JSON.stringify(tasks.map(({ id, dependencies }) => [id, dependencies]));
  const drawing = useMemo(() => layOut(tasks), [shape]);
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return (
    <section aria-label="Graph">
      <h2>What waits for what</h2>
      <div class="graph" tabIndex={0} role="group" aria-label={`Graph of ${tasks.length} tasks`}>
        <svg
          width={drawing.width}
          height={drawing.height}
          viewBox={`0 0 ${drawing.width} ${drawing.height}`}
          role="img"
          aria-label={sentence(tasks, isOver)}
        >
          <defs>
            <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path class="tip" d="M0 0L8 4L0 8z" />
            </marker>
          </defs>
          {drawing.lines.map(({ from, to, points }) => (
            <path key={`${from}\n${to}`} class="line" d={curve(points)} marker-end="url(#arrow)" />
          ))}
          {drawing.boxes.map(({ id, x, y, width, height }) => {
            const task = byId.get(id);
            return task && <TaskBox key={id} task={task} place={{ x, y, width, height }} isOver={isOver} />;
          })}
        </svg>
      </div>
    </section>
  );
}

interface TaskBoxProps {
  task: TaskNode;
  place: Omit<Box, 'id'>;
  isOver: boolean;
}

function TaskBox({ task, place: { x, y, width, height }, isOver }: TaskBoxProps) {
  return (
    <g class={`box ${task.status}`}>
      <title>{`${task.title}: ${wordOf(task.status, isOver)}`}</title>
      <rect x={x} y={y} width={width} height={height} rx="5" />
      <Sign status={task.status} x={x + 9} y={y + height / 2 - 8} />
      <foreignObject x={x + 32} y={y} width={width - 40} height={height}>
        <div class="title" dir="auto">
          {task.title}
        </div>
      </foreignObject>
    </g>
  );
}

function sentence(tasks: readonly TaskNode[], isOver: boolean): string {
  const titles = new Map(tasks.map(({ id, title }) => [id, title]));
  const after = (ids: readonly string[]): string =>
    ids.length === 0 ? '' : `, after ${ids.map((id) => titles.get(id) ?? id).join(' and ')}`;
  return tasks
    .map(({ title, status, dependencies }) => `${title}: ${wordOf(status, isOver)}${after(dependencies)}`)
    .join('. ');
}

/** A smooth line through the points: quadratic pieces that meet half way between them. */
function curve(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  const last = rest.pop();
  if (!first || !last) return '';
  const middle = rest.map((point, index) => {
    const next = rest[index + 1];
    return next
      ? `Q${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`
      : `Q${point.x} ${point.y} ${last.x} ${last.y}`;
  });
  return `M${first.x} ${first.y}${middle.length > 0 ? middle.join('') : `L${last.x} ${last.y}`}`;
}
