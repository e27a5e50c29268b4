import { deepEqual, equal } from 'node:assert/strict';
import {
  type Annotation,
  type Check,
  checksWords,
  problemOf,
  standingOf,
  worst,
} from '../../../../src/model/shown/checks.ts';

const NOTE: Annotation = { path: 'src/a.ts', start_line: 4, end_line: 4, annotation_level: 'warning', message: 'odd' };
const check = (word: string): Check => ({ name: word, word, standing: standingOf(word), said: '', problems: [] });
const checks = (...words: string[]) => ({ commit: 'c', all: words.map(check) });

describe('The checks of a forge', () => {
  it('stand as the worst of them does', () => {
    equal(worst(checks()), undefined);
    equal(worst(checks('success', 'skipped', 'neutral')), 'passing');
    equal(worst(checks('success', 'in_progress')), 'pending');
    equal(worst(checks('queued', 'timed_out')), 'failing');
    // A word that is new to us is no success.
    equal(worst(checks('constructor')), 'pending');
    equal(checksWords(checks('success', 'error', 'success')), '1 failing, 2 passing');
    equal(checksWords(checks()), 'no checks yet');
  });

  it('say of lines what a gate would', () => {
    deepEqual(problemOf('lint', { ...NOTE, start_column: 2, end_column: 5, title: 'no-odd' }), {
      file: 'src/a.ts',
      range: { line: 4, column: 2, endLine: 4, endColumn: 6 },
      severity: 'warning',
      message: 'no-odd: odd',
      source: 'check lint',
    });
    equal(problemOf('lint', { ...NOTE, annotation_level: null, message: '' }).message, 'fails');
  });

  for (const path of ['.github', '/etc/passwd', '../x', 'a/../../x', 'C:\\x', 'a\\b', '~/x', '', 'a//b', 'a\nb'])
    it(`name no file by ${JSON.stringify(path)}`, () => equal(problemOf('x', { ...NOTE, path }).file, undefined));
});
