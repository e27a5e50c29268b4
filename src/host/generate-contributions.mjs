// Writes contributions.ts from package.json, so that the compiler knows every command, view and setting of the manifest.
//   node src/host/generate-contributions.mjs           writes it
//   node src/host/generate-contributions.mjs --check   ends with 1 when what is there is out of date
import fs from 'node:fs';

const manifest = JSON.parse(fs.readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const target = new URL('contributions.ts', import.meta.url);
const { commands, views, configuration, languageModelTools, chatParticipants } = manifest.contributes;

const list = (name, words) =>
  `export const ${name} = [\n${words.map((word) => `  '${word}',\n`).join('')}] as const;\n`;
const text = [
  '// Made from package.json by generate-contributions.mjs. Do not edit.\n\n',
  list(
    'COMMANDS',
    commands.map(({ command }) => command),
  ),
  '/** A command of the manifest. */\nexport type CommandId = (typeof COMMANDS)[number];\n\n',
  list(
    'VIEWS',
    Object.values(views)
      .flat()
      .map(({ id }) => id),
  ),
  '/** A view of the manifest. */\nexport type ViewId = (typeof VIEWS)[number];\n\n',
  list(
    'TOOLS',
    languageModelTools.map(({ name }) => name),
  ),
  '/** A tool of the manifest, for language models. */\nexport type ToolId = (typeof TOOLS)[number];\n\n',
  list(
    'CHAT_COMMANDS',
    chatParticipants.flatMap(({ commands: ofChat }) => ofChat.map(({ name }) => name)),
  ),
  '/** What can be said to the participant of the manifest, for the chat. */\nexport type ChatCommand = (typeof CHAT_COMMANDS)[number];\n\n',
  '/** The settings of the manifest and what their values may be. */\nexport interface Settings {\n',
  ...Object.entries(configuration.properties).map(
    ([id, { type, enum: words }]) => `  '${id}': ${words ? words.map((word) => `'${word}'`).join(' | ') : type};\n`,
  ),
  '}\n',
].join('');

const plain = (code) => code.replaceAll(/[\s,]/g, ''); // the formatter has its own idea of white space
if (!process.argv.includes('--check')) fs.writeFileSync(target, text);
else process.exitCode = plain(fs.readFileSync(target, 'utf8')) === plain(text) ? 0 : 1;
