import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The oldest Node.js that runs the runner, as [major, minor]. */
const OLDEST = [20, 19] as const;

/**
 * The Node.js that runners are started with: this process's own where it is plain Node, else the one on PATH if it is
 * new enough, else the editor's own. Asks once, so keep the answer.
 */
export async function findNode(): Promise<string> {
  if (!process.versions['electron'] && isNewEnough(process.version)) return process.execPath;
  const script = 'process.stdout.write(process.execPath + "\\n" + process.version)';
  const { stdout } = await promisify(execFile)('node', ['-e', script], { windowsHide: true }).catch(() => ({
    stdout: '',
  }));
  const [path = '', version = ''] = stdout.split('\n');
  return isNewEnough(version) ? path : process.execPath;
}

/**
 * For a short command of plain Node: no more threads to compile and collect in than there are processors to spare. Node
 * starts four anywhere, and on two processors the command then waits for its own threads, up to a third of its time.
 */
export const FEW_THREADS = '--v8-pool-size=0';

/** What a process started with that Node needs in its environment: the editor's own must be told to be Node. */
export const nodeEnvironment = (node: string): { ELECTRON_RUN_AS_NODE?: string } =>
  process.versions['electron'] && node === process.execPath ? { ELECTRON_RUN_AS_NODE: '1' } : {};

function isNewEnough(version: string): boolean {
  const [, major = '0', minor = '0'] = /^v(\d+)\.(\d+)\./.exec(version) ?? [];
  return Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1]);
}
