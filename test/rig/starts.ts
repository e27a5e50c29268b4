import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where agents of a test write down that they started: outside of every worktree, so that no kill undoes it. */
export class Starts implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'orchestrate-starts-'));

  get file(): string {
    return join(this.folder, 'starts');
  }

  /** The beginning of an agent's line. */
  get line(): string {
    return `echo $ORCHESTRATE_TASK >> ${this.file}`;
  }

  /** How often each task's agent started. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    const lines = existsSync(this.file) ? readFileSync(this.file, 'utf8').split('\n').filter(Boolean) : [];
    for (const task of lines) counts[task] = (counts[task] ?? 0) + 1;
    return counts;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
