import type { Problem } from '../model/text/problem.ts';
import { firstFrame, frames } from './place.ts';
import { blocks, errorAt, firstWords } from './reader.ts';
import { readTap } from './tap.ts';

/** mocha's list of failures after `N failing`: the titles down to the colon, the words, the stack. */
export function readMocha(lines: readonly string[], root: string): Problem[] {
  const start = lines.findIndex((line) => /^\s*\d+ failing\b/.test(line));
  if (start === -1) return [];
  return blocks(lines.slice(start + 1), (line) => /^\s{1,4}\d+\) \S/.test(line)).map((block) => {
    const colon = block.findIndex((line) => line.trimEnd().endsWith(':'));
    const titles = block.slice(0, Math.max(colon, 0) + 1).map((line) => line.trim().replace(/^\d+\) /, ''));
    const rest = block.slice(titles.length);
    return errorAt(firstFrame(rest.join('\n'), root), `${titles.join(' > ').replace(/:$/, '')}: ${firstWords(rest)}`);
  });
}

/** jest's and vitest's blocks: `● suite › name`, the words, the stack. */
export function readJest(lines: readonly string[], root: string): Problem[] {
  const found = blocks(lines, (line) => /^\s*(?:\u25cf|FAIL {2}\S+ >) ?\S/.test(line)).map((block) => {
    const title = (block[0] ?? '')
      .trim()
      .replace(/^\u25cf /, '')
      .replaceAll(' › ', ' > ');
    const rest = block.slice(1);
    return errorAt(firstFrame(rest.join('\n'), root), `${title}: ${firstWords(rest)}`);
  });
  // The summary at the end of a long run tells the same failures again.
  return found.filter((one, i) => found.findIndex((other) => other.message === one.message) === i);
}

/** Node's own test runner: its `spec` reporter, or TAP, which it writes to a pipe up to Node 22. */
export function readNodeTest(lines: readonly string[], root: string): Problem[] {
  if (lines.some((line) => /^TAP version \d+/.test(line))) return readTap(lines.join('\n'), root).problems;
  const start = lines.findIndex((line) => line.startsWith('✖ failing tests:'));
  if (start === -1) return [];
  return blocks(lines.slice(start + 1), (line) => /^test at .+:\d+:\d+$/.test(line)).map((block) => {
    const [head = '', title = '', ...rest] = block;
    const test = frames(head.replace(/^test at /, ''), root)[0];
    const inTest = frames(rest.join('\n'), root);
    const name = title.replace(/^\u2716 /, '').replace(/ \([\d.]+ms\)$/, '');
    return errorAt(
      inTest.find((place) => place.file === test?.file) ?? inTest[0] ?? test,
      `${name}: ${firstWords(rest)}`,
    );
  });
}
