import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of a few mebibytes; gone when disposed. */
export class SmallDisk implements Disposable {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'orchestrate-disk-')));
  /** What takes the room; anybody may remove it. */
  readonly filler = join(this.path, 'filler');

  constructor(mebibytes: number) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', this.path]);
  }

  /** Leaves room for so many bytes. */
  fill(left = 0): void {
    this.free();
    const { bavail, bsize } = statfsSync(this.path);
    writeFileSync(this.filler, Buffer.alloc(bavail * bsize - left));
  }

  free(): void {
    rmSync(this.filler, { force: true });
  }

  [Symbol.dispose](): void {
    execFileSync('umount', [this.path]);
    rmSync(this.path, { recursive: true });
  }
}

/**
 * A test that may mount: as root it just runs; as anybody else it runs once more in a user namespace where that user is
 * root. Where there is no such thing it fails and says so, because nothing else shows the same. Not defined outside Linux.
 */
export function itMayMount(title: string, test: () => Promise<void>): void {
  if (process.platform !== 'linux') return;
  it(title, async function () {
    if (process.getuid?.() === 0) return test();
    const mocha = [...process.execArgv, process.argv[1] ?? '', this.test?.file ?? '', '--fail-zero', '--fgrep', title];
    const again = spawnSync('unshare', ['-Urm', process.execPath, ...mocha], { encoding: 'utf8' });
    if (again.status !== 0)
      throw new Error(`as root of a user namespace: ${again.error?.message ?? again.stdout + again.stderr}`);
  });
}
