import type { ProblemMatcher } from '../model/gate.ts';
import type { MatcherName } from '../model/config/matcher-names.ts';
import { readJest, readMocha, readNodeTest } from './javascript.ts';
import { readPytest, readTracebacks } from './python.ts';
import type { Reader } from './reader.ts';

const tsc: ProblemMatcher = {
  fileLocation: ['relative', '${cwd}'],
  pattern: {
    regexp: String.raw`^(\S.*?)[(:](\d+)[,:](\d+)(?:\):\s+|\s+-\s+)(error|warning|info)\s+(TS\d+)\s*:\s*(.*)$`,
    file: 1,
    line: 2,
    column: 3,
    severity: 4,
    code: 5,
    message: 6,
  },
};

const gcc: ProblemMatcher = {
  fileLocation: ['autoDetect', '${cwd}'],
  pattern: {
    regexp: String.raw`^((?:[A-Za-z]:)?[^:\s][^:]*):(\d+):(?:(\d+):)?\s+(?:fatal\s+)?(warning|error|note):\s+(.*)$`,
    file: 1,
    line: 2,
    column: 3,
    severity: 4,
    message: 5,
  },
};

const lessCompile: ProblemMatcher = {
  pattern: { regexp: String.raw`^\s*(.*) in file (.*) line no\. (\d+)$`, message: 1, file: 2, line: 3 },
};

/** What comes with Orchestrate, by the names that VS Code and its usual extensions gave them. */
export const BUNDLED: Readonly<Record<MatcherName, ProblemMatcher | Reader>> = {
  $tsc: tsc,
  '$tsc-watch': tsc,
  '$gulp-tsc': {
    pattern: {
      regexp: String.raw`^([^\s].*)\((\d+|\d+,\d+|\d+,\d+,\d+,\d+)\):\s+(\d+)\s+(.*)$`,
      file: 1,
      location: 2,
      code: 3,
      message: 4,
    },
  },
  '$eslint-stylish': {
    fileLocation: 'absolute',
    pattern: [
      { regexp: String.raw`^((?:[A-Za-z]:)?[^\s:].*)$`, kind: 'location', file: 1 },
      {
        regexp: String.raw`^\s+(\d+):(\d+)\s+(error|warning|info)\s+(.+?)(?:\s\s+(\S.*))?$`,
        line: 1,
        column: 2,
        severity: 3,
        message: 4,
        code: 5,
        loop: true,
      },
    ],
  },
  '$eslint-compact': {
    fileLocation: 'absolute',
    pattern: {
      regexp: String.raw`^(.+):\sline\s(\d+),\scol\s(\d+),\s(Error|Warning|Info)\s-\s(.+?)(?:\s\(([^()]+)\))?$`,
      file: 1,
      line: 2,
      column: 3,
      severity: 4,
      message: 5,
      code: 6,
    },
  },
  $jshint: {
    pattern: {
      regexp: String.raw`^(.*):\s+line\s+(\d+),\s+col\s+(\d+),\s(.+?)(?:\s+\((\w)(\d+)\))?$`,
      file: 1,
      line: 2,
      column: 3,
      message: 4,
      severity: 5,
      code: 6,
    },
  },
  '$jshint-stylish': {
    pattern: [
      { regexp: '^(\\S.*)$', kind: 'location', file: 1 },
      {
        regexp: String.raw`^\s+line\s+(\d+)\s+col\s+(\d+)\s+(.+?)(?:\s+\((\w)(\d+)\))?$`,
        line: 1,
        column: 2,
        message: 3,
        severity: 4,
        code: 5,
        loop: true,
      },
    ],
  },
  $gcc: gcc,
  $go: {
    fileLocation: ['autoDetect', '${cwd}'],
    pattern: {
      regexp: String.raw`^(?:vet:\s+)?\s*((?:[A-Za-z]:)?[^:\s][^:]*\.go):(\d+)(?::(\d+))?:\s+(.*)$`,
      file: 1,
      line: 2,
      column: 3,
      message: 4,
    },
  },
  $rustc: {
    fileLocation: ['autoDetect', '${cwd}'],
    pattern: [
      { regexp: String.raw`^(warning|warn|error|note|help)(?:\[(.*?)\])?:\s+(.*)$`, severity: 1, code: 2, message: 3 },
      { regexp: String.raw`^\s*-->\s+(.*?):(\d+):(\d+)\s*$`, file: 1, line: 2, column: 3 },
    ],
  },
  $msCompile: {
    fileLocation: ['autoDetect', '${cwd}'],
    pattern: {
      regexp: String.raw`^(?:\s*\d+>)?(\S[^(]*?)\((\d+|\d+,\d+|\d+,\d+,\d+,\d+)\)\s*:\s+((?:fatal +)?error|warning|info)\s+(\w+\d+)?\s*:\s*(.*)$`,
      file: 1,
      location: 2,
      severity: 3,
      code: 4,
      message: 5,
    },
  },
  $lessCompile: lessCompile,
  $lessc: {
    pattern: {
      regexp: String.raw`^(\w+Error: .*?) in (.+?) on line (\d+), column (\d+):?$`,
      message: 1,
      file: 2,
      line: 3,
      column: 4,
    },
  },
  $python: readTracebacks,
  $pytest: readPytest,
  $mocha: readMocha,
  '$node-test': readNodeTest,
  $jest: readJest,
};
