import type { RunSession } from '../../engine/session.ts';
import { until } from '../../engine/until.ts';
import { ok, refuse, type Result } from '../../model/failure.ts';
import { refusal } from '../../model/run/accept.ts';
import { askedOf, pullRequestOf } from '../../model/shown/pull-request.ts';
import { isBeingPushed, pushLine, pushWish } from '../../model/run/push.ts';
import type { RunState } from '../../model/run/state.ts';
import type { Call, Command } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { openRun } from '../pick.ts';
import { plain } from '../shown/text.ts';
import { isMeant } from '../asking/yes.ts';

export const push: Command = {
  summary: 'push the result of a run that has passed as a whole',
  more: `[remote] [branch]  default: push of orchestrate.yaml, else origin and orchestrate/<plan_id>
It is never forced, and nobody is asked for a password: what the remote says is said here. With "push: origin" in
orchestrate.yaml each result is pushed by itself once everything has passed.`,
  places: ['[remote]', '[branch]'],
  options: ['run', 'yes', 'dry-run'],
  async run(call) {
    const session = await openRun(call, 'drive');
    if (!session.ok) return session;
    const done = await pushResult(call, session.value);
    await session.value.dispose();
    return done;
  },
};

async function pushResult(call: Call, session: RunSession): Promise<Result<ExitCode>> {
  const { state } = session;
  const [remote, branch] = call.positionals;
  const wish = pushWish(state, { remote, branch });
  const reason = refusal(state, { id: '', ...wish });
  if (reason !== undefined) return refuse(`${reason}.`);
  const what = `${state.integration.slice(0, 10)} to ${wish.remote} as ${wish.branches.join(', ')}`;
  if (call.options['dry-run']) return say(call, `would push ${what}`, EXIT.merged);
  if (!(await isMeant(call, `Push ${plain(what)}?`)))
    return say(call, 'Nothing is pushed. Say yes with --yes.', EXIT.waiting);
  const given = await session.order(wish);
  if (!given.ok) return given;
  await until(session, (now) => !isBeingPushed(now));
  return told(call, session.state);
}

function told(call: Call, state: RunState): Result<ExitCode> {
  const ways = [...(askedOf(state, process.env).ok ? [`orchestrate pr ${state.run}`] : []), ...pageOf(state)];
  const said = say(call, pushLine(state) ?? '', state.push?.kind === 'pushed' ? EXIT.merged : EXIT.failed);
  return ways.length === 0 ? said : say(call, `make a pull request: ${ways.join(', or ')}`, EXIT.merged);
}

function pageOf(state: RunState): string[] {
  const page = pullRequestOf(state);
  return page === undefined ? [] : [page];
}

function say({ terminal }: Call, text: string, code: ExitCode): Result<ExitCode> {
  terminal.print(plain(text));
  return ok(code);
}
