// The processes that came out of one run of the rig, found by a mark in their environment. A parent's id would not do:
// what outlives its parent has another one, and that is just what must not be missed.
import fs from 'node:fs';

const markName = 'ORCHESTRATE_RIG';

/** The environment variable that marks every process of the run in this folder. */
export const markOf = (base) => ({ [markName]: base });

/** The marked processes that run now, as `{ id, command }`. Linux only: it reads /proc. */
export function processesOf(base) {
  const mark = `${markName}=${base}`;
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((id) => read(id, 'environ').split('\0').includes(mark))
    .map((id) => ({ id: Number(id), command: read(id, 'cmdline').replaceAll('\0', ' ').trim() }))
    .filter(({ command }) => command !== ''); // an ended process that nobody has waited for has no command line
}

/** Ends every marked process at once. Answers the command lines of those it found. */
export function endAll(base) {
  const found = processesOf(base);
  for (const { id } of found) end(id);
  return found.map(({ command }) => command);
}

/** Ends one process the hard way, as a crash or a power cut would. */
export function end(id) {
  try {
    process.kill(id, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

// Processes come and go between two lines of this file, and those of other users are closed to us: both read as empty.
function read(id, file) {
  try {
    return fs.readFileSync(`/proc/${id}/${file}`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code)) return '';
    throw error;
  }
}
