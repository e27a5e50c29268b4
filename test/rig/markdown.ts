import MarkdownIt, { type Token } from 'markdown-it';

/** As VS Code's preview is set up. */
const reader = new MarkdownIt({ html: true, linkify: true });
reader.linkify.set({ fuzzyLink: false });

/** What Markdown is to who shows it, without the nesting: blocks, and the texts, links and HTML in them. */
export const tokensOf = (markdown: string): Token[] => flat(reader.parse(markdown, {}));

const flat = (tokens: readonly Token[]): Token[] =>
  tokens.flatMap((token) => (token.children ? flat(token.children) : [token]));

/** Its texts, as they are read. */
export const textIn = (markdown: string): string =>
  tokensOf(markdown)
    .map(({ content }) => content)
    .join('');
