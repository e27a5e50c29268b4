// Stands for a coding agent: `node agents/agent.mjs <task>` works in the folder it is started in.
//
// What it "knows" is agents/<task>.md. Text is thought aloud, code blocks are written to the file they name:
//   ```js src/cart.js          the whole file
//   ```md README.md append     lines added to its end
// Under a heading "## When told: <text>" stand the blocks that count instead once the failing output holds that text.
// So its first attempt can be wrong in earnest, and the second right because it read what the tests said.
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as moment } from 'node:timers/promises';

const PACE = Number(process.env.SHOP_PACE ?? 12); // milliseconds a line, so that one can watch

const [task] = process.argv.slice(2);
const notes = await readFile(new URL(`${task}.md`, import.meta.url), 'utf8');
const feedbackFile = process.env.ORCHESTRATE_FEEDBACK_FILE;
const feedback = feedbackFile ? await readFile(feedbackFile, 'utf8') : '';

const [first, ...remedies] = notes.split(/^## When told: /m);
const remedy = remedies.find((text) => feedback.includes(text.slice(0, text.indexOf('\n')).trim()));
if (feedback) console.log(remedy ? 'read what failed, and know why' : 'read what failed, and cannot see why');
await follow(remedy?.slice(remedy.indexOf('\n')) ?? first);

async function follow(text) {
  const parts = text.split(/^```/m);
  for (const [index, part] of parts.entries()) await (index % 2 === 0 ? think(part) : write(part));
}

async function think(text) {
  for (const line of text.split('\n').filter((one) => one.trim() && !one.startsWith('#'))) {
    console.log(line);
    await moment(PACE);
  }
}

async function write(block) {
  const end = block.indexOf('\n');
  const [, file, mode] = block.slice(0, end).trim().split(' ');
  const lines = block
    .slice(end + 1)
    .trimEnd()
    .split('\n');
  await mkdir(dirname(file), { recursive: true });
  if (mode !== 'append') await writeFile(file, '');
  for (const [index, line] of lines.entries()) {
    await appendFile(file, `${line}\n`);
    if (index % 8 === 7) console.log(`${file}: ${index + 1} of ${lines.length} lines`);
    await moment(PACE);
  }
  console.log(`wrote ${file}, ${lines.length} lines`);
}
