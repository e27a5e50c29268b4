import { type Check, type Checks, checksWords } from '../../model/shown/checks.ts';
import { problemLine } from './problem-line.ts';
import { plain } from './text.ts';

/** What the checks of a commit came to: those that fail with what they say of lines of files. */
export function checkLines(checks: Checks): string[] {
  const { pullRequest, commit, all } = checks;
  const name = pullRequest
    ? [`pull request #${pullRequest.number}, ${pullRequest.state}: ${plain(pullRequest.url)}`]
    : [];
  return [...name, ...all.flatMap(linesOf), `${checksWords(checks)} on ${commit.slice(0, 10)}`];
}

const linesOf = ({ name, standing, word, said, url, problems }: Check): string[] => [
  ` ${standing}  ${[plain(name), plain(word), plain(said), standing === 'failing' ? plain(url ?? '') : '']
    .filter((text) => text !== '')
    .join(': ')}`,
  ...problems.map((problem) => `   ${problem.file === undefined ? plain(problem.message) : problemLine(problem, '')}`),
];
