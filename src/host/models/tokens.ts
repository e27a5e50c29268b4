import type * as vscode from 'vscode';
import type { Usage } from '../../model/run/job.ts';

/** What a model answered to one request. */
export interface Answer {
  text: string;
  calls: vscode.LanguageModelToolCallPart[];
}

/** What a conversation costs in tokens, as its model counts them: each request sends again all that was said before. */
export class Tokens {
  #usage: Usage | undefined;
  readonly #sizes = new WeakMap<vscode.LanguageModelChatMessage, number>();

  /** None of a model that does not count. */
  get told(): Usage[] {
    return this.#usage ? [this.#usage] : [];
  }

  /** The part of an outcome. */
  get spent(): { usage?: Usage } {
    return this.#usage ? { usage: this.#usage } : {};
  }

  async count(
    model: vscode.LanguageModelChat,
    messages: readonly vscode.LanguageModelChatMessage[],
    { text, calls }: Answer,
  ): Promise<void> {
    const answer = [text, ...calls.map(({ name, input }) => `${name} ${JSON.stringify(input)}`)].join('\n');
    try {
      const sizes = await Promise.all(messages.map((message) => this.#sizeOf(model, message)));
      const written = Math.ceil(await model.countTokens(answer));
      const { inputTokens, outputTokens } = this.#usage ?? { inputTokens: 0, outputTokens: 0 };
      const read = sizes.reduce((sum, size) => sum + size, 0);
      this.#usage = { inputTokens: inputTokens + read, outputTokens: outputTokens + written };
    } catch {
      // Counting is a favour of the model's extension; what it does not say is not counted.
    }
  }

  async #sizeOf(model: vscode.LanguageModelChat, message: vscode.LanguageModelChatMessage): Promise<number> {
    const known = this.#sizes.get(message);
    if (known !== undefined) return known;
    // Some models only estimate, in fractions.
    const size = Math.ceil(await model.countTokens(message));
    this.#sizes.set(message, size);
    return size;
  }
}
