import * as vscode from 'vscode';

/** Characters to a token, counted low so that what we hold for short is short. */
const PER_TOKEN = 3;
/** The latest messages stay whole: the model is working with them. */
const WHOLE = 6;

/** The messages with the oldest answers of tools left out, as many as it takes to fit into the model's input. */
export function shortened(
  messages: readonly vscode.LanguageModelChatMessage[],
  tokens: number,
): vscode.LanguageModelChatMessage[] {
  let excess = messages.reduce((sum, message) => sum + sizeOf(message), 0) - tokens * PER_TOKEN;
  return messages.map((message, index) => {
    if (excess <= 0 || index === 0 || index >= messages.length - WHOLE) return message;
    const short = withoutAnswers(message);
    excess -= sizeOf(message) - sizeOf(short);
    return short;
  });
}

const sizeOf = ({ content }: vscode.LanguageModelChatMessage): number => JSON.stringify(content).length;

function withoutAnswers(message: vscode.LanguageModelChatMessage): vscode.LanguageModelChatMessage {
  const content = message.content.map((part) =>
    part instanceof vscode.LanguageModelToolResultPart
      ? new vscode.LanguageModelToolResultPart(part.callId, [new vscode.LanguageModelTextPart(LEFT_OUT)])
      : part,
  );
  return new vscode.LanguageModelChatMessage(message.role, content);
}

const LEFT_OUT = '(left out to save room: call the tool again if you need it)';
