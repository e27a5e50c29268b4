import { readRun } from '../../engine/runs.ts';
import { type Access, accessTo } from '../../forge/access.ts';
import { makePullRequest } from '../../forge/pull-requests.ts';
import { tokenFor } from '../../forge/token.ts';
import { ok, type Result } from '../../model/failure.ts';
import { type Asked, askedOf } from '../../model/run/pull-request.ts';
import { isMeant } from '../asking/yes.ts';
import { type Call, type Command, inRepository } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { pickRun } from '../pick.ts';
import { plain, plainLines } from '../shown/text.ts';

export const pr: Command = {
  summary: 'make a pull request of a result that is pushed, on GitHub',
  more: `A run is named by its id, the beginning of it, or its plan_id. The pull request goes from the branch that was pushed into
the one the run began on, and says what is left, and of each requirement and task its commit and gates. Where there is an
open one already, that is told. Nothing is sent before you say yes (--yes); --dry-run shows what would be.

The remote says which GitHub it is, or GitHub Enterprise (GH_HOST, where its name does not). The token is GH_TOKEN or
GITHUB_TOKEN, of another host than github.com GH_ENTERPRISE_TOKEN with GH_HOST; else what gh is signed in with there.`,
  places: ['[run]'],
  options: ['run', 'yes', 'dry-run', 'json'],
  run: (call) =>
    inRepository(call, async (repository) => {
      const ref = await pickRun(repository, call.positionals[0] ?? call.options.run);
      if (!ref.ok) return ref;
      const state = await readRun(ref.value);
      if (!state.ok) return state;
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
  const access = await open(asked);
  if (!access.ok) return access;
  const made = await makePullRequest(access.value, asked);
  if (!made.ok) return made;
  const { number, url, made: isNew } = made.value;
  if (options.json) terminal.print(JSON.stringify({ type: 'pullRequest', number, url, made: isNew }));
  else terminal.print(`pull request #${number} is ${isNew ? 'made' : 'there already'}: ${plain(url)}`);
  return ok(EXIT.merged);
}

async function open({ on }: Asked): Promise<Result<Access>> {
  const token = await tokenFor(on.host, process.env);
  return token.ok ? accessTo(on, token.value) : token;
}
