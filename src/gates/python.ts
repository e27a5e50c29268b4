import type { Problem } from '../model/text/problem.ts';
import { frames } from './place.ts';
import { blocks, errorAt } from './reader.ts';

const TRACEBACK = /^\s*Traceback \(most recent call last\):/;

/** Python tracebacks: the error in the last frame that lies in the tree. */
export function readTracebacks(lines: readonly string[], root: string): Problem[] {
  return blocks(lines, (line) => TRACEBACK.test(line)).map((block) => {
    const indent = indentOf(block[0] ?? '');
    const end = block.findIndex((line, i) => i > 0 && line.trim() !== '' && indentOf(line) <= indent);
    const stack = end === -1 ? block : block.slice(0, end);
    const words = end === -1 ? 'Traceback' : (block[end] ?? '').trim();
    return errorAt(frames(stack.join('\n'), root).at(-1), words);
  });
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

const HEADING = /^_{3,} (.+?) _{3,}$/;
const SUMMARY = /^(?:FAILED|ERROR) (\S+?\.py)(?:::(\S+))?(?: - (.*))?$/;

/** pytest's failures with the place it names last; where it was told to show none (`--tb=no`), its short summary. */
export function readPytest(lines: readonly string[], root: string): Problem[] {
  const failures = blocks(cutBefore(lines, /^=+ (?:FAILURES|ERRORS) =+$/), (line) => HEADING.test(line)).map((block) =>
    readFailure(block, root),
  );
  if (failures.length > 0) return failures;
  return lines.flatMap((line) => {
    const [, file, name, words] = SUMMARY.exec(line) ?? [];
    if (file === undefined) return [];
    const place = frames(`${file}:1`, root)[0];
    return [errorAt(place, [name, words].filter(Boolean).join(': ') || line)];
  });
}

function readFailure(block: readonly string[], root: string): Problem {
  const name = HEADING.exec(block[0] ?? '')?.[1] ?? '';
  const end = block.findIndex((line) => /^=+ .* =+$/.test(line));
  const body = end === -1 ? block : block.slice(0, end);
  const words = body.find((line) => /^E\s+\S/.test(line))?.replace(/^E\s+/, '');
  const places = frames(body.filter((line) => /^\S.*\.py:\d+:/.test(line)).join('\n'), root);
  return errorAt(places.at(-1), words ? `${name}: ${words}` : name);
}

function cutBefore(lines: readonly string[], start: RegExp): readonly string[] {
  const first = lines.findIndex((line) => start.test(line));
  return first === -1 ? [] : lines.slice(first);
}
