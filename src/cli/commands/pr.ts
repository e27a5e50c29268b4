import { mendingText } from '../../agents/mending.ts';
import { prepareMending } from '../../engine/plans/mending.ts';
import { readRun } from '../../engine/runs.ts';
import { type Access, accessTo } from '../../forge/access.ts';
import { makePullRequest } from '../../forge/pull-requests.ts';
import { tokenFor } from '../../forge/token.ts';
import { readChecks } from '../../forge/checks.ts';
import type { Repository } from '../../git/repository.ts';
import { ok, type Result } from '../../model/failure.ts';
import { type Checks, mendable, type Standing, worst } from '../../model/shown/checks.ts';
import { type Asked, askedOf, type Hosting, hostingOf } from '../../model/shown/pull-request.ts';
import type { Hosted } from '../../model/run/site.ts';
import type { RunState } from '../../model/run/state.ts';
import { attend } from '../asking/attend.ts';
import { isMeant } from '../asking/yes.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { pickRun } from '../pick.ts';
import { openPrepared } from '../plan-run.ts';
import { checkLines } from '../shown/check-lines.ts';
import { plain, plainLines } from '../shown/text.ts';

export const pr: Command = {
  summary: 'make a pull request of a result that is pushed, on GitHub, and read its checks',
  more: `A run is named by its id, the beginning of it, or its plan_id. The pull request goes from the branch that was pushed into
the one the run began on, and says what is left, and of each requirement and task its commit and gates. Where there is an
open one already, that is told. Nothing is sent before you say yes (--yes); --dry-run shows what would be.
With --checks nothing is made: what the checks of it say is read, or of the commit where there is no pull request; where
they fail, with the lines they name. Ends with 0 all pass, 1 one fails, 3 some are not over, or there are none yet.
With --mend what fails becomes a plan of one task, told to its agent with what was printed: it waits for your approval
(--yes) as any plan does, begins on that very commit, and what passes all gates is pushed to the same branch.

The remote says which GitHub it is, or GitHub Enterprise (GH_HOST, where its name does not). The token is GH_TOKEN or
GITHUB_TOKEN, of another host than github.com GH_ENTERPRISE_TOKEN with GH_HOST; else what gh is signed in with there.`,
  places: ['[run]'],
  options: ['run', 'checks', 'mend', 'yes', 'baseline', 'dry-run', 'json', 'wait', 'on-interrupt'],
  run: (call) =>
    inRepository(call, async (repository) => {
      const ref = await pickRun(repository, call.positionals[0] ?? call.options.run);
      if (!ref.ok) return ref;
      const state = await readRun(ref.value);
      if (!state.ok) return state;
      if (call.options.mend) return mend(call, repository, state.value);
      if (call.options.checks) return tellChecks(call, state.value);
      const asked = askedOf(state.value, process.env);
      return asked.ok ? make(call, asked.value) : asked;
    }),
};

async function make(call: Call, asked: Asked): Promise<Result<ExitCode>> {
  const { terminal, options } = call;
  const { on, head, base, title, body } = asked;
  const what = plain(`of ${head} into ${base} on ${on.host}, ${on.owner}/${on.name}`);
  if (options['dry-run']) {
    terminal.print(`would make a pull request ${what}`, '', plain(title), '', ...plainLines(body.trimEnd()));
    return ok(EXIT.merged);
  }
  if (!(await isMeant(call, `Make a pull request ${what}?`))) {
    terminal.print(`No pull request is made ${what}. Say yes with --yes.`);
    return ok(EXIT.waiting);
  }
  const access = await open(on);
  if (!access.ok) return access;
  const made = await makePullRequest(access.value, asked);
  if (!made.ok) return made;
  const { number, url, made: isNew } = made.value;
  if (options.json) terminal.print(JSON.stringify({ type: 'pullRequest', number, url, made: isNew }));
  else terminal.print(`pull request #${number} is ${isNew ? 'made' : 'there already'}: ${plain(url)}`);
  return ok(EXIT.merged);
}

async function tellChecks(call: Call, state: RunState): Promise<Result<ExitCode>> {
  const read = await checksOf(state, { logs: false });
  if (!read.ok) return read;
  const { checks } = read.value;
  const standing = worst(checks);
  if (call.options.json) call.terminal.print(JSON.stringify({ type: 'checks', standing, ...checks }));
  else call.terminal.print(...checkLines(checks));
  return ok(standing === undefined ? EXIT.waiting : EXIT_OF[standing]);
}

const EXIT_OF: Record<Standing, ExitCode> = { passing: EXIT.merged, failing: EXIT.failed, pending: EXIT.waiting };

/** A run of its own, as that of any other plan. */
async function mend(call: Call, repository: Repository, state: RunState): Promise<Result<ExitCode>> {
  const read = await checksOf(state, { logs: true });
  if (!read.ok) return read;
  const { checks, hosting } = read.value;
  if (!call.options.json) call.terminal.note(...checkLines(checks));
  if (call.options['dry-run'] && mendable(checks).length > 0) {
    call.terminal.print('would have an agent told:', '', ...plainLines(mendingText(checks)));
    return ok(EXIT.merged);
  }
  const prepared = await prepareMending(repository, checks, hosting);
  if (!prepared.ok) return prepared;
  call.terminal.note(`wrote ${plain(prepared.value.planFile)}`);
  const session = await openPrepared(call, repository, prepared.value);
  return session.ok ? attend(session.value, call.terminal, call.options) : session;
}

/** Who types that they are to be read wants them read. */
async function checksOf(
  state: RunState,
  how: { logs: boolean },
): Promise<Result<{ checks: Checks; hosting: Hosting }>> {
  const hosting = hostingOf(state, process.env);
  if (!hosting.ok) return hosting;
  const access = await open(hosting.value.on);
  if (!access.ok) return access;
  const read = await readChecks(access.value, hosting.value, how);
  return read.ok ? ok({ checks: read.value, hosting: hosting.value }) : read;
}

async function open(on: Hosted): Promise<Result<Access>> {
  const token = await tokenFor(on.host, process.env);
  return token.ok ? accessTo(on, token.value) : token;
}
