import type { TaskStatus } from '../model/run/view.ts';

/** Drawn, not written: fonts differ in how they show such signs. Each can be told from the others without colour. */
const SHAPE: Record<TaskStatus, string> = {
  pending: 'M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10z',
  ready: 'M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10zM8 7.5v1',
  running: 'M8 3a5 5 0 1 0 5 5M8 3a5 5 0 0 1 3 1',
  verifying: 'M6 2.5h4M6.8 2.5v3.8L3.5 12.5h9L9.2 6.3V2.5M5 10h6',
  merging: 'M4 3v3c0 2 4 2 4 4v3M12 3v3c0 2-4 2-4 4',
  waiting: 'M8 3v6M8 12v.6',
  done: 'M3 8.5l3.5 3.5L13 4.5',
  failed: 'M4 4l8 8M12 4l-8 8',
  blocked: 'M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10zM4.5 4.5l7 7',
  skipped: 'M3 10c1-6 8-6 9-1M12.5 5.5V9.500H9',
  needsRevision: 'M12.500 6A5 5 0 1 0 13 9M12.800 2.500V6H9.300',
};

/** A task's status as a small picture; `x` and `y` place it inside another one. */
export function Sign({ status, x, y }: { status: TaskStatus; x?: number; y?: number }) {
  return (
    <svg
      class={`sign ${status}`}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      aria-hidden="true"
      {...(x === undefined ? {} : { x, y })}
    >
      <path d={SHAPE[status]} />
    </svg>
  );
}
