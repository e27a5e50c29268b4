// What the tests use of the reader that VS Code shows Markdown with; the package comes without types.
declare module 'markdown-it' {
  export interface Token {
    type: string;
    content: string;
    children: Token[] | null;
  }

  export default class MarkdownIt {
    constructor(options: { html: boolean; linkify: boolean });
    readonly linkify: { set: (options: { fuzzyLink: boolean }) => void };
    parse(text: string, environment: object): Token[];
  }
}
