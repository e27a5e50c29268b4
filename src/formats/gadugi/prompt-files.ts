import { scopeFault } from '../../model/schedule/scope.ts';
import { listItems, type MarkdownLine, type Section, sectionNamed } from '../text/markdown.ts';

/** What a prompt says about the files it is about. */
export interface PromptFiles {
  /** Declared under a heading of their own, all of them paths: what the task changes. Absent = unknown. */
  targets?: readonly string[];
  /** Named anywhere in back-ticks, or in a list of targets that also says "and others". */
  mentioned: readonly string[];
  /** Line of the list of targets. */
  line?: number;
  /** An entry of that list that is no path: then the list is open. */
  open?: { line: number; text: string };
}

const TARGETS = /^(?:target files?|files? to (?:be )?(?:modif|creat|chang|updat|edit)\w*(?:\s*(?:\/|and|or)\s*\w+)?)$/i;

export function promptFiles(sections: readonly Section[], lines: readonly MarkdownLine[]): PromptFiles {
  const mentioned = mentionedIn(lines);
  const section = sectionNamed(sections, TARGETS);
  const items = listItems(section?.lines ?? []).filter(({ indent }) => indent < 2);
  if (!section || items.length === 0) return { mentioned };
  const paths = items.map(({ text }) => pathOf(text));
  const open = items.find((_, i) => paths[i] === undefined);
  const found = [...new Set(paths.filter((path) => path !== undefined))];
  if (open) return { mentioned: [...new Set([...found, ...mentioned])], line: section.line, open };
  return { targets: found, mentioned: mentioned.filter((path) => !found.includes(path)), line: section.line };
}

/**
 * The path of an entry: `- path (19 errors)`, `- Create: \`path\``, `- \`path\` - why`, `1. **\`path\`**:`. A place in a
 * container is the place in the repository. Undefined for words.
 */
function pathOf(text: string): string | undefined {
  const ticked = /`([^`]+)`/.exec(text)?.[1];
  const bare = text.replaceAll('**', '').replace(/^(?:create|update|modify|new|edit|delete)(?:\/\w+)?:\s*/i, '');
  const word = ticked ?? /^\S+/.exec(bare)?.[0]?.replace(/[:,;]$/, '') ?? '';
  return asPath(word);
}

function asPath(word: string): string | undefined {
  const plain = word
    .trim()
    .replace(/^\.\//, '')
    .replace(/^\/(?:workspaces|workspace|home\/[^/]+|app)\/[^/]+\//, '')
    .replace(/:\d+(?:-\d+)?$/, '');
  if (/\s|[<>|"'$()=,;]|^https?:|\/\/|^--?\w|^#/.test(plain) || scopeFault(plain) !== undefined) return undefined;
  const isFile = /(?:^|\/)[\w@.*{}-]*\.[A-Za-z][\w]{0,9}$/.test(plain) || /^\.[\w.-]+$/.test(plain);
  const isFolder = /^[\w@.*-]+(?:\/[\w@.*-]+)*\/(?:\*\*?)?$/.test(plain);
  return isFile || isFolder ? plain : undefined;
}

function mentionedIn(lines: readonly MarkdownLine[]): string[] {
  const found = new Set<string>();
  for (const { text, isFenced } of lines) {
    if (isFenced) continue;
    for (const [, word = ''] of text.matchAll(/`([^`\s]+)`/g)) {
      const path = /[/]/.test(word) || /\.[a-z]{1,5}$/.test(word) ? asPath(word) : undefined;
      if (
        path !== undefined &&
        !/^\.[a-z]+$/.test(path) &&
        !/^[\w]+\.[\w]+$/.test(path.replace(/\.(?:[a-z]{1,4}|toml|yaml|json)$/, ''))
      )
        found.add(path);
    }
  }
  return [...found];
}
