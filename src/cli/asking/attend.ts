import type { RunSession } from '../../engine/session.ts';
import { until } from '../../engine/until.ts';
import { decide } from '../../model/decide/decide.ts';
import { describe, type Failure, ok, type Result } from '../../model/failure.ts';
import type { Wish } from '../../model/run/order.ts';
import type { RunState } from '../../model/run/state.ts';
import { hashInQuestion, rest } from '../../model/run/view.ts';
import type { Options } from '../arguments.ts';
import { EXIT, type ExitCode, exitOfRun } from '../exit.ts';
import { Interruption } from './interruption.ts';
import { Keyboard } from './keyboard.ts';
import { LiveView } from '../shown/live-view.ts';
import { plain } from '../shown/text.ts';
import { PreparedAnswers } from './prepared-answers.ts';
import { summary } from '../shown/summary.ts';
import type { Terminal } from '../terminal.ts';
import { jsonView, plainView, type View } from './view.ts';

/** Stays with a run until it ends, waits for a person who is not here, or is left; then says what came of it. */
export async function attend(
  session: RunSession,
  terminal: Terminal,
  options: Options,
  answers = new PreparedAnswers(),
): Promise<Result<ExitCode>> {
  const live = terminal.interactive && options.json !== true;
  const interruption = new Interruption(session, terminal, options['on-interrupt'] ?? (live ? 'ask' : undefined));
  const view = live ? liveView(session, terminal, interruption) : plainOrJson(session, terminal, options);
  using _subscription = session.subscribe((change) => view.change(change));
  using _answering = answers.follow(session, terminal);
  try {
    const refused = await approved(session, options);
    if (refused) return { ok: false, failure: refused };
    const stays = (live && options.auto !== true) || options.wait === true;
    const isOver = (state: RunState): boolean =>
      state.ended !== undefined || (!stays && isWaiting(state) && !answers.isDue(state));
    await Promise.race([until(session, isOver), interruption.left]);
  } finally {
    await view.close();
    interruption.dispose();
    await session.dispose();
  }
  return ok(conclude(session, terminal, { left: interruption.hasLeft, json: options.json === true }));
}

const plainOrJson = (session: RunSession, terminal: Terminal, { json }: Options): View =>
  json ? jsonView(session, terminal) : plainView(session, terminal);

function liveView(session: RunSession, terminal: Terminal, interruption: Interruption): View {
  const keyboard = new Keyboard(() => session.state, {
    give: (wish) => void give(wish),
    interrupt: () => interruption.interrupt(),
    stop: () => interruption.stop(),
    leave: () => interruption.leave(),
    goOn: () => interruption.goOn(),
  });
  const view = new LiveView(session, terminal, keyboard);
  interruption.onAsk = () => {
    keyboard.askInterrupt();
    view.change();
  };
  const give = async (wish: Wish): Promise<void> => {
    const given = await session.order(wish);
    if (!given.ok) keyboard.refuse(describe(given.failure));
    view.change();
  };
  return view;
}

/**
 * `--yes` approves a plan that waits for it, or what its file says by now; not what is edited later. `--baseline` goes
 * with it, or answers what was asked since. That somebody else was faster is no failure.
 */
async function approved(session: RunSession, { yes, baseline }: Options): Promise<Failure | undefined> {
  const { state } = session;
  if (state.ended) return undefined;
  if (yes === true && (state.approval.kind === 'awaited' || state.proposal)) {
    const planHash = hashInQuestion(state);
    const given = await session.order({ type: 'approve', planHash, ...(baseline ? { baseline } : {}) });
    return given.ok || session.state.approval.kind === 'given' ? undefined : given.failure;
  }
  const red = [...state.questions.values()].find(({ kind }) => kind === 'baseline');
  if (baseline !== true || !red) return undefined;
  const given = await session.order({ type: 'answer', question: red.id, choice: 'accept' });
  return given.ok || !session.state.questions.has(red.id) ? undefined : given.failure;
}

/** Only a person can help, and nothing follows from what was said last. */
const isWaiting = (state: RunState): boolean =>
  rest(state) === 'waiting' && decide(state, { now: Date.now() }).events.length === 0;

function conclude(
  { state, ref, role, findings }: RunSession,
  terminal: Terminal,
  { left, json }: { left: boolean; json: boolean },
): ExitCode {
  const say = json ? terminal.note : terminal.print;
  const world = { columns: terminal.size().columns, now: Date.now(), folder: ref.folder };
  if (!json) say(...summary(state, world, terminal.style));
  terminal.note(...findings.map(plain));
  if (!left) return exitOfRun(state);
  if (!state.ended) terminal.note('', ` ${goesOn(state, role)}: orchestrate resume ${ref.run}`);
  return EXIT.cancelled;
}

/** What becomes of a run that is left, and what the command that follows is for. */
function goesOn({ open }: RunSession['state'], role: RunSession['role']): string {
  if (role !== 'drives') return 'The run goes on. Look at it again';
  const work =
    open.size > 0 ? 'Agents at work go on by themselves' : 'Nothing is at work, and nothing begins by itself';
  return `${work}. Take it up again`;
}
