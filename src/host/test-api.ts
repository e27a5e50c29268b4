import * as vscode from 'vscode';
import type { RunSession } from '../engine/session.ts';
import type { Page } from '../webview/protocol.ts';
import type { Asking, Choice } from './asking/asking.ts';
import type { BoardPages } from './pages/board.ts';
import type { Chat } from './assistants/chat.ts';
import type { ContextKeys } from './context-keys.ts';
import type { Parts } from './parts.ts';
import type { SiteState } from './site.ts';
import type { StatusBar } from './status-bar.ts';
import type { DrawnRow, RunsTree } from './tree.ts';

/** What `activate` answers in test mode: the extension as a person sees it, as plain data. */
export interface TestApi {
  rows: () => DrawnRow[];
  head: () => { message: string | undefined; badge: number };
  /** Problems of gates and of checks, `path:line message`. */
  problems: () => string[];
  terminals: () => { name: string; text: string }[];
  sessions: () => readonly RunSession[];
  site: () => SiteState;
  keys: () => Readonly<Record<string, string>>;
  statusBar: () => string;
  pages: () => Page[];
  /** The pages of runs: what each shows, and a way to do what a person does there. */
  boards: () => ReturnType<BoardPages['boards']>;
  /** Threads of comments on changes. */
  comments: () => readonly vscode.CommentThread[];
  /** Answers the next questions of the extension, in order. */
  answer: (...answers: Answer[]) => void;
  /** Everything that was asked or told, oldest first. */
  asked: () => readonly string[];
  /** What happens when the person comes back to the window. */
  lookAgain: () => Promise<void>;
  /** What `@orchestrate` of the chat answers. */
  chat: Chat;
}

/** true confirms; a text is a message's action, an input, or a choice whose label contains it. */
export type Answer = true | string;

interface Seen extends Parts {
  tree: RunsTree;
  statusBar: StatusBar;
  keys: ContextKeys;
  script: ScriptedAsking;
  chat: Chat;
}

export const testApi = ({
  tree,
  runs,
  site,
  terminals,
  keys,
  statusBar,
  review,
  boards,
  comments,
  forges,
  script,
  chat,
}: Seen): TestApi => ({
  rows: () => tree.rows(),
  head: () => tree.head,
  problems: () =>
    vscode.languages
      .getDiagnostics()
      .flatMap(([uri, found]) =>
        found
          .filter(({ source }) => /^(?:gate|check) /.test(source ?? ''))
          .map(({ range, message }) => `${uri.fsPath}:${range.start.line + 1} ${message}`),
      ),
  terminals: () => terminals.texts(),
  sessions: () => runs.sessions,
  site: () => site.state,
  keys: () => keys.keys,
  statusBar: () => statusBar.text,
  pages: () => review.pages(),
  boards: () => boards.boards(),
  comments: () => comments.threads,
  answer: (...answers) => script.answers.push(...answers),
  asked: () => script.asked,
  lookAgain: () => forges.lookAgain(),
  chat,
});

/** Stands in for the editor's dialogs, which throw in test mode. A question without an answer is turned away. */
export class ScriptedAsking implements Asking {
  readonly answers: Answer[] = [];
  readonly asked: string[] = [];

  async confirm({ text }: { text: string }): Promise<boolean> {
    return this.#next(text) === true;
  }

  async pick<T>(title: string, choices: readonly Choice<T>[]): Promise<T | undefined> {
    const answer = this.#next(`${title}: ${choices.map(({ label }) => label).join(' | ')}`);
    return choices.find(
      ({ label, description }) =>
        typeof answer === 'string' && (label.includes(answer) || description?.includes(answer)),
    )?.value;
  }

  /** true sends what stands there. */
  async input({ title, value = '' }: { title: string; value?: string }): Promise<string | undefined> {
    const answer = this.#next(title);
    return answer === true ? value : answer;
  }

  /** Messages wait for nobody, so they take an answer only where one of their actions is meant. */
  async tell(_level: string, text: string, ...actions: string[]): Promise<string | undefined> {
    this.asked.push(text);
    const [next] = this.answers;
    if (typeof next !== 'string' || !actions.includes(next)) return undefined;
    this.answers.shift();
    return next;
  }

  #next(question: string): Answer | undefined {
    this.asked.push(question);
    return this.answers.shift();
  }
}
