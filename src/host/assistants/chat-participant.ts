import * as vscode from 'vscode';
import type { Chat } from './chat.ts';

/** `@orchestrate` of the editor's chat; nothing where the editor has none. */
export function registerChat(open: () => Promise<{ chat: Chat }>): vscode.Disposable[] {
  const chat: Partial<typeof vscode.chat> | undefined = vscode.chat;
  const participant = chat?.createChatParticipant?.('orchestrate.chat', async ({ command, prompt }, _, response) => {
    response.markdown(await (await open()).chat(command, prompt));
  });
  return participant ? [participant] : [];
}
