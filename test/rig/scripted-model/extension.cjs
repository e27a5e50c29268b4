// A language model of the editor that follows a script. The prompt holds a line
//   SCRIPT [[…], […]]
// with one list for each turn of the model, of: "a text"; {"tool": input}; {"wait": "a file that will be there"};
// {"fail": "NoPermissions" | "NotFound" | "Blocked" | "Unknown", "message": "…"}; {"hang": true}, which not even a
// cancel ends. After the last list, or without a script, it says "…".
const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');

exports.activate = (context) => {
  const provider = {
    provideLanguageModelChatInformation: () => [model('one'), model('two')],
    provideLanguageModelChatResponse: (_model, messages, ...[, progress, token]) => answer(messages, progress, token),
    provideTokenCount: async (_model, text) => JSON.stringify(text).length / 4,
  };
  context.subscriptions.push(vscode.lm.registerLanguageModelChatProvider('scripted', provider));
};

const model = (id) => ({
  id,
  name: `Scripted ${id}`,
  family: 'scripted',
  version: '1',
  maxInputTokens: 100_000,
  maxOutputTokens: 10_000,
  capabilities: { toolCalling: true, imageInput: false },
});

async function answer(messages, progress, token) {
  const turns = messages.filter(({ role }) => role === vscode.LanguageModelChatMessageRole.Assistant).length;
  for (const step of scriptOf(messages)[turns] ?? ['…']) await play(step, { progress, token, turns });
}

function scriptOf(messages) {
  const text = messages.flatMap(({ content }) => content.map((part) => part.value ?? '')).join('\n');
  const script = /^.*?SCRIPT (\[\[.*\]\])/m.exec(text)?.[1];
  return script === undefined ? [] : JSON.parse(script);
}

async function play(step, { progress, token, turns }) {
  if (typeof step === 'string') return progress.report(new vscode.LanguageModelTextPart(step));
  const [[what, input]] = Object.entries(step);
  switch (what) {
    case 'wait':
      return fileThere(input, token);
    case 'hang':
      return new Promise(() => {});
    case 'fail':
      throw errorOf(input, step.message);
    default:
      return progress.report(new vscode.LanguageModelToolCallPart(`call-${turns}-${what}`, what, input));
  }
}

const errorOf = (code, message) => (code === 'Unknown' ? new Error(message) : vscode.LanguageModelError[code](message));

function fileThere(file, token) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!fs.existsSync(file)) return;
      watcher.close();
      resolve();
    };
    const watcher = fs.watch(path.dirname(file), look);
    token.onCancellationRequested(() => {
      watcher.close();
      reject(new vscode.CancellationError());
    });
    look();
  });
}
