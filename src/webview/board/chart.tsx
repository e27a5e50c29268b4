import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type BoardRow, idOf, inView, ROW, type Scale, scaleOf, tickText, ticksOf } from './layout.ts';
import { LOAD, Load } from './load.tsx';
import { Legend } from './legend.tsx';
import type { Head, TaskLine } from './protocol.ts';
import { type Place, TaskRow, WaveRow } from './rows.tsx';
import { useNow } from './use-now.ts';

interface Shown {
  head: Head;
  rows: readonly BoardRow[];
  /** By id. */
  lines: ReadonlyMap<string, TaskLine>;
  /** What has the keyboard while a person goes through the tasks. */
  list: RefObject<HTMLDivElement | null>;
  chosen: string | undefined;
  /** A task is gone to; with `opens` what can be done with it is shown. */
  choose: (task: string, opens?: 'byKey' | 'byClick') => void;
}

const ZOOMS = [1, 2, 4, 8, 16, 32];
const LARGEST = ZOOMS.length - 1;

/** What ran when: a row for each task, of which only those on the screen are drawn. */
export function Chart({ head, rows, lines, list, chosen, choose }: Shown) {
  const [zoom, setZoom] = useState(0);
  const scale = scaleOf(head);
  const canvas = useRef<HTMLDivElement>(null);
  useNow(canvas, head, scale);
  const foot = head.load ? LOAD : 0;
  const view = useView(list, { rows, lines });
  // What was opened below it must not hide the task that it is about.
  useEffect(() => {
    if (chosen !== undefined) show(list.current, { rows, foot }, chosen);
  }, [view.height]);
  const tasks = useMemo(() => rows.flatMap((row) => (row.kind === 'task' ? [row.id] : [])), [rows]);
  const go = (task: string | undefined): void => {
    if (task === undefined) return;
    choose(task);
    show(list.current, { rows, foot }, task);
  };
  const enlarge = (by: number): void => setZoom(Math.min(LARGEST, Math.max(0, zoom + by)));
  const press = (event: KeyboardEvent): void => {
    const at = chosen === undefined ? -1 : tasks.indexOf(chosen);
    const to = placeAfter(event.key, { at, last: tasks.length - 1, height: list.current?.clientHeight ?? 0 });
    if (to !== undefined) go(tasks[to]);
    else if (event.key === 'Enter' && chosen !== undefined) choose(chosen, 'byKey');
    else if (event.key === '+' || event.key === '-') enlarge(event.key === '+' ? 1 : -1);
    else return;
    event.preventDefault();
  };
  return (
    <section class="chart" aria-label="What ran when">
      <Legend enlarge={enlarge} canEnlarge={zoom < LARGEST} canShrink={zoom > 0} />
      <div
        class="list"
        ref={list}
        tabIndex={0}
        role="listbox"
        aria-label={`${tasks.length} tasks by wave. Arrow keys go from task to task, Enter shows what can be done.`}
        onKeyDown={press}
        onFocus={() => chosen === undefined && go(tasks[0])}
        {...(chosen === undefined ? {} : { 'aria-activedescendant': idOf(chosen) })}
      >
        <div class={`canvas zoom${zoom}`} ref={canvas} style={{ height: `${rows.length * ROW + AXIS + foot}px` }}>
          <Axis scale={scale} zoom={ZOOMS[zoom] ?? 1} />
          <div class="moments" aria-hidden="true">
            <span class={head.isLive ? 'now live' : 'now'} />
          </div>
          {rows.slice(view.from, view.to).map((row, index) => (
            <Row
              key={row.kind === 'wave' ? `wave ${row.wave}` : `task ${row.id}`}
              row={row}
              line={row.kind === 'task' ? lines.get(row.id) : undefined}
              place={{ top: AXIS + (view.from + index) * ROW, of: tasks.length, scale, now: head.now }}
              chosen={chosen}
              choose={choose}
            />
          ))}
          {head.load && <Load load={head.load} scale={scale} now={head.now} />}
        </div>
      </div>
    </section>
  );
}

/** The task that a key goes to, as a place among them; undefined where it goes nowhere. */
function placeAfter(
  key: string,
  { at, last, height }: { at: number; last: number; height: number },
): number | undefined {
  const page = Math.max(1, Math.floor(height / ROW) - 2);
  const places: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: last,
  };
  const to = places[key];
  return to === undefined ? undefined : Math.min(Math.max(0, to), last);
}

/** Pixels above the first row. */
const AXIS = 24;

interface Rowed extends Pick<Shown, 'chosen' | 'choose'> {
  row: BoardRow;
  /** Of a task. */
  line: TaskLine | undefined;
  place: Place;
}

/** Drawn anew where something of it is different: of what is told many times a second, most is about other rows. */
function Row({ row, line, place: { top, of, scale, now }, chosen, choose }: Rowed) {
  const isChosen = line !== undefined && line.id === chosen;
  // The words that say how long something takes change each second.
  const second = line && goesOn(line) ? Math.round(now / 1_000) * 1_000 : 0;
  const wave = row.kind === 'wave' ? row : undefined;
  return useMemo(() => {
    if (wave) return <WaveRow row={wave} top={top} />;
    if (!line) return null;
    const place = { top, of, scale, now: second };
    return <TaskRow line={line} place={place} isChosen={isChosen} choose={() => choose(line.id, 'byClick')} />;
  }, [wave, line, top, of, scale.from, scale.to, isChosen, second]);
}

const goesOn = ({ attempts }: TaskLine): boolean => attempts.some(({ bars }) => bars.some(({ isOpen }) => isOpen));

function Axis({ scale, zoom }: { scale: Scale; zoom: number }) {
  return (
    <div class="axis" aria-hidden="true">
      <div class="label" />
      <div class="track">
        {ticksOf(scale, 8 * zoom).map(({ since, left }) => (
          <span key={since} class="tick" style={{ left: `${left}%` }}>
            {tickText(since)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Scrolls as little as brings the task's row onto the screen. */
function show(
  list: HTMLDivElement | null,
  { rows, foot }: { rows: readonly BoardRow[]; foot: number },
  task: string,
): void {
  const at = rows.findIndex((row) => row.kind === 'task' && row.id === task);
  if (!list || at < 0) return;
  const top = at * ROW;
  if (top < list.scrollTop) list.scrollTop = Math.max(0, top - ROW);
  else if (top + ROW + AXIS + foot > list.scrollTop + list.clientHeight)
    list.scrollTop = top + 2 * ROW + AXIS + foot - list.clientHeight;
}

/** The range of rows on the screen; at first it begins where something is done now. */
function useView(list: RefObject<HTMLDivElement | null>, { rows, lines }: Pick<Shown, 'rows' | 'lines'>) {
  const [[top, height], setPlace] = useState([0, 800]);
  useLayoutEffect(() => {
    const busy = rows.findIndex((row) => row.kind === 'task' && AT_WORK.has(lines.get(row.id)?.status ?? ''));
    if (list.current && busy * ROW > list.current.clientHeight / 2) list.current.scrollTop = (busy - 2) * ROW;
  }, []);
  useEffect(() => {
    const place = list.current;
    if (!place) return undefined;
    const look = (): void => setPlace([place.scrollTop, place.clientHeight]);
    const size = new ResizeObserver(look);
    size.observe(place);
    place.addEventListener('scroll', look, { passive: true });
    return () => {
      size.disconnect();
      place.removeEventListener('scroll', look);
    };
  }, []);
  return { height, ...inView(top ?? 0, height ?? 0, rows.length) };
}

const AT_WORK: ReadonlySet<string> = new Set(['running', 'verifying', 'merging', 'waiting']);
