// `npm test`: installs and builds what is missing, then runs every layer and sums up. `npm test quick` leaves out what
// needs an editor or an agent program; names of layers run those alone.
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { build, home } from '../examples/repository.mjs';

const mocha = (pattern, seconds = 120) => ['npx', 'mocha', '--timeout', String(seconds * 1000), pattern];

const jobs = () => String(Math.min(availableParallelism() + 1, 6));

const LAYERS = {
  unit: { commands: [mocha('test/unit/**/*.test.ts', 60)] },
  // Each file has repositories of its own.
  engine: {
    commands: [[...mocha('test/engine/**/*.test.ts'), '--parallel', '--jobs', String(availableParallelism())]],
  },
  chaos: { commands: [mocha('test/chaos/**/*.test.ts', 900)] },
  // Each program has a file, a home and a model of its own, and mostly waits: a few at once.
  agents: {
    commands: [
      ['node', '--import', 'tsx', 'test/agents/install-all.ts'],
      [...mocha('test/agents/**/*.test.ts', 300), '--parallel', '--jobs', jobs()],
    ],
  },
  host: {
    commands: [
      ['node', 'test/rig/vscode/run-host-tests.mjs'],
      ['node', 'test/rig/vscode/run-host-tests.mjs', '--restricted'],
      ['node', 'test/rig/vscode/run-host-tests.mjs', '--models'],
    ],
  },
  scenes: {
    commands: [['npm', 'run', '--silent', 'package'], mocha('test/scenes/**/*.scene.ts', 300), ['node', 'esbuild.mjs']],
  },
};

const QUICK = ['unit', 'engine', 'chaos'];

// From such a line on, mocha and the host tests say what failed and why, to their end.
const FAILURES = /^ {2}\d+ failing|^What failed:/;

const words = process.argv.slice(2);
const chosen = words.length === 0 ? Object.keys(LAYERS) : words.flatMap((word) => (word === 'quick' ? QUICK : word));
const unknown = chosen.filter((name) => !(name in LAYERS));
if (unknown.length > 0)
  throw new Error(`no such layer: ${unknown.join(', ')}; there are ${Object.keys(LAYERS).join(', ')}`);

build();
// Everything temporary of the whole run lies in one folder, so that what a test leaves behind is seen: a failure too.
const temporary = realpathSync(mkdtempSync(path.join(tmpdir(), 'ot-')));
chmodSync(temporary, 0o711); // a test that runs as root does some things as another user
const sum = { passed: 0, failed: 0 };
const broken = [];
// What the tests that failed said: shown again at the end, where it is looked for.
const failures = [];
for (const name of chosen) {
  const began = Date.now();
  for (const command of LAYERS[name].commands) if (!(await run(command))) broken.push(`${name}: ${command.join(' ')}`);
  broken.push(...(await leftBehind()).map((what) => `${name}: left behind ${what}`));
  console.log(`\n=== ${name}: ${Math.round((Date.now() - began) / 1000)} s\n`);
}
rmSync(temporary, { recursive: true, force: true });
if (failures.length > 0) console.log(`${failures.join('\n')}\n`);
for (const line of broken) console.log(`BROKEN  ${line}`);
if (broken.length > 0 && sum.failed === 0) sum.failed = broken.length;
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = broken.length > 0 || sum.passed === 0 ? 1 : 0;

// Processes that were given our temporary folder and live on, where the system lets us look; then what lies in it.
// What is just ending gets a few seconds; then they are ended and it is removed, so that each layer answers for its own.
async function leftBehind() {
  for (let looks = 0; looks < 50 && ours().length > 0; looks += 1) await wait(100);
  const processes = ours();
  const said = processes.map((pid) => `process ${pid}: ${textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`);
  for (const pid of processes) end(Number(pid));
  const entries = readdirSync(temporary).filter((entry) => !isShared(entry));
  for (const entry of entries) rmSync(path.join(temporary, entry), { recursive: true, force: true, maxRetries: 5 });
  return [...said, ...entries.map((entry) => `in the temporary folder: ${entry}`)];
}

function ours() {
  return process.platform === 'linux' ? readdirSync('/proc').filter(isOurs) : [];
}

function isOurs(pid) {
  return /^\d+$/.test(pid) && `\0${textOf(`/proc/${pid}/environ`)}`.includes(`\0TMPDIR=${temporary}\0`);
}

function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It was faster.
  }
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // It has ended, or is somebody else's.
  }
}

// Node's and tsx's own caches, made once and shared.
function isShared(entry) {
  return /^(tsx-|node-compile-cache|v8-compile-cache)/.test(entry);
}

function run([program, ...args]) {
  console.log(`\n$ ${[program, ...args].join(' ')}`);
  const env = { ...process.env, TMPDIR: temporary, TMP: temporary, TEMP: temporary, FORCE_COLOR: '0' };
  const child = spawn(program, args, {
    cwd: home,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    shell: process.platform === 'win32',
  });
  let rest = '';
  let isTelling = false;
  child.stdout.on('data', (chunk) => {
    process.stdout.write(chunk);
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      count(line);
      isTelling ||= FAILURES.test(line);
      if (isTelling) failures.push(line);
    }
  });
  return new Promise((resolve) => child.once('close', (code) => resolve(code === 0)));
}

// mocha says "12 passing (3s)" and "1 failing"; the host tests say "12 passed, 1 failed".
function count(line) {
  const host = /^(\d+) passed, (\d+) failed/.exec(line);
  sum.passed += Number(host?.[1] ?? /^ {2}(\d+) passing/.exec(line)?.[1] ?? 0);
  sum.failed += Number(host?.[2] ?? /^ {2}(\d+) failing/.exec(line)?.[1] ?? 0);
}
