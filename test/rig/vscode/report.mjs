// Reads what the tests say while they say it. They write one JSON object a line to a file: an extension host's console
// comes late or, when it dies, not at all.
import fs from 'node:fs';

/**
 * Makes the file and prints a line per test as it grows. `close()` reads the rest and answers
 * `{ passed, failed: [{ title, error }], running, finished }`; `running` is the test that was never ended, if any.
 */
export function followReport(file) {
  fs.writeFileSync(file, '');
  const sum = { passed: 0, failed: [], running: undefined, finished: false };
  const lines = growingLines(file);
  const take = () => {
    for (const line of lines()) count(sum, JSON.parse(line));
  };
  const watcher = fs.watch(file, take);
  return {
    file,
    close() {
      watcher.close();
      take();
      return sum;
    },
  };
}

function count(sum, event) {
  switch (event.kind) {
    case 'started':
      sum.running = event.title;
      break;
    case 'passed':
      sum.running = undefined;
      sum.passed += 1;
      console.log(`  ok    ${event.title} (${event.milliseconds} ms)`);
      break;
    case 'failed':
      sum.running = undefined;
      sum.failed.push(event);
      console.log(`  FAIL  ${event.title}`);
      break;
    case 'skipped':
      console.log(`  skip  ${event.title}`);
      break;
    case 'finished':
      sum.finished = true;
      break;
    default:
      throw new Error(`the report has a line of an unknown kind: ${JSON.stringify(event)}`);
  }
}

// Answers the lines that were completed since the last call.
function growingLines(file) {
  let offset = 0;
  return () => {
    const fresh = fs.readFileSync(file).subarray(offset);
    const end = fresh.lastIndexOf('\n') + 1;
    offset += end;
    return fresh.subarray(0, end).toString('utf8').split('\n').filter(Boolean);
  };
}
