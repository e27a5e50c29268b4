import * as vscode from 'vscode';
import { type Access, accessTo } from '../forge/access.ts';
import { readChecks } from '../forge/checks.ts';
import { makePullRequest } from '../forge/pull-requests.ts';
import type { Result } from '../model/failure.ts';
import { type Checks, worst } from '../model/shown/checks.ts';
import { type Asked, type Hosting, hostingIn, type PullRequest, pullRequestOf } from '../model/shown/pull-request.ts';
import type { Hosted } from '../model/run/site.ts';
import type { RunState } from '../model/run/state.ts';
import type { SignIn } from './sign-in.ts';

/** Whether a pull request of it can be made, here or on a page of its host. */
export const isRequestable = (state: RunState): boolean =>
  hostingIn(state, process.env) !== undefined || pullRequestOf(state) !== undefined;

/** The checks of a branch of a forge, and what they were last read with. */
interface Known {
  run: string;
  hosting: Hosting;
  access: Access;
  checks: Checks;
}

/**
 * What forges say of what is pushed, as far as a person has asked in this window; nothing is kept beyond it. Checks that
 * were not over are read again when the person comes back to the window.
 */
export class Forges implements vscode.Disposable {
  readonly #signIn: SignIn;
  readonly #known = new Map<string, Known>();
  readonly #kept: Access['kept'] = new Map();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #focused = vscode.window.onDidChangeWindowState(({ focused }) => focused && void this.lookAgain());

  constructor(signIn: SignIn) {
    this.#signIn = signIn;
  }

  /** All that are known, each with the run that was asked about. */
  get all(): readonly { run: string; checks: Checks }[] {
    return [...this.#known.values()];
  }

  of(state: RunState): Checks | undefined {
    const hosting = this.#known.size > 0 ? hostingIn(state, process.env) : undefined;
    return hosting && this.#known.get(branchOf(hosting))?.checks;
  }

  async make(asked: Asked): Promise<Result<PullRequest & { made: boolean }>> {
    const access = await this.#access(asked.on);
    return access.ok ? makePullRequest(access.value, asked) : access;
  }

  /** Reads the checks of a run's branch, and remembers them. `logs`: what their jobs printed, too. */
  async read({ run }: RunState, hosting: Hosting, logs = false): Promise<Result<Checks>> {
    const access = await this.#access(hosting.on);
    if (!access.ok) return access;
    const read = await readChecks(access.value, hosting, { logs });
    if (read.ok) this.#remember({ run, hosting, access: access.value, checks: read.value });
    return read;
  }

  /** What cannot be read now stays as it was. */
  async lookAgain(): Promise<void> {
    const open = [...this.#known.values()].filter(
      ({ checks }) => worst(checks) !== 'failing' && worst(checks) !== 'passing',
    );
    for (const known of open) {
      const read = await readChecks(known.access, known.hosting, { logs: false });
      if (read.ok) this.#remember({ ...known, checks: read.value });
    }
  }

  dispose(): void {
    this.#focused.dispose();
    this.#changed.dispose();
  }

  #remember(known: Known): void {
    this.#known.set(branchOf(known.hosting), known);
    this.#changed.fire();
  }

  async #access(on: Hosted): Promise<Result<Access>> {
    const token = await this.#signIn(on.host);
    return token.ok ? accessTo(on, token.value, this.#kept) : token;
  }
}

/** Runs that are pushed to one branch share its checks. */
const branchOf = ({ on, head }: Hosting): string => `${on.host}/${on.owner}/${on.name}:${head}`;
