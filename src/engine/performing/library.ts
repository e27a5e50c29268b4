import { readFrontMatter } from '../../formats/text/front-matter.ts';
import { fileAt, filesBelow, readHead, type Repository } from '../../git/repository.ts';
import { ok, type Result } from '../../model/failure.ts';
import { plainRole, READ_ONLY, type RoleFile, type SkillFile } from '../../model/crew/role.ts';

const ROLES = '.orchestrate/agents/';
const SKILLS = '.orchestrate/skills/';
/** Skills of Claude Code: given where a task names them, never by a keyword of ours. */
const CLAUDE_SKILLS = '.claude/skills/';
const FOLDERS = [ROLES, SKILLS, CLAUDE_SKILLS];

/** Role and skill files of a commit: what is committed counts, never what lies in a working tree. */
export interface Library {
  /** By role. */
  roles: ReadonlyMap<string, RoleFile>;
  skills: readonly SkillFile[];
  /** What could not be read in them. */
  notes: readonly string[];
}

/** Has git list what the checkout's commit has, so that it is known when it is asked for. */
export async function listLibrary(repository: Repository): Promise<void> {
  const head = await readHead(repository);
  if (head.ok) await filesBelow(repository, head.value.commit, FOLDERS);
}

/** What the files say about themselves; their texts are read when they are needed. */
export async function readLibrary(repository: Repository, commit: string): Promise<Result<Library>> {
  const files = await filesBelow(repository, commit, FOLDERS);
  if (!files.ok) return files;
  const library = { roles: new Map<string, RoleFile>(), skills: new Map<string, SkillFile>(), notes: [] as string[] };
  for (const file of files.value) {
    const name = nameOf(file);
    if (name === undefined) continue;
    const text = await fileAt(repository, commit, file);
    if (!text.ok) return text;
    const { values, problems } = readFrontMatter(text.value ?? '', file);
    library.notes.push(...problems.map(({ range, message }) => `${file}:${range.line}: ${message}`));
    if (file.startsWith(ROLES)) library.roles.set(plainRole(name), roleFile(plainRole(name), file, values));
    else if (!library.skills.has(name))
      library.skills.set(name, { name, file, keywords: keywordsOf(name, file, values) });
  }
  return ok({ roles: library.roles, skills: [...library.skills.values()], notes: library.notes });
}

/** `.orchestrate/agents/reviewer.md`, `.claude/skills/api/SKILL.md`; undefined for what lies there beside them. */
const nameOf = (file: string): string | undefined =>
  file.startsWith(CLAUDE_SKILLS)
    ? /^([^/]+)\/SKILL\.md$/.exec(file.slice(CLAUDE_SKILLS.length))?.[1]
    : /([^/]+)\.md$/.exec(file)?.[1];

type Values = Readonly<Record<string, unknown>>;

function keywordsOf(name: string, file: string, values: Values): readonly string[] {
  return file.startsWith(CLAUDE_SKILLS) ? [] : wordsOf(values['keywords'], [name.replaceAll(/[-_]/g, ' ')]);
}

function roleFile(name: string, file: string, values: Values): RoleFile {
  const one = (key: 'agent' | 'model' | 'effort'): object => {
    const value = values[key];
    return typeof value === 'string' && value !== '' && value !== 'inherit' ? { [key]: value } : {};
  };
  const readOnly = values['read_only'] === undefined ? READ_ONLY.has(name) : values['read_only'] === 'true';
  return {
    name,
    file,
    ...one('agent'),
    ...one('model'),
    ...one('effort'),
    skills: wordsOf(values['skills'], []),
    readOnly,
    ...(values['may_change'] === undefined ? {} : { mayChange: wordsOf(values['may_change'], []) }),
  };
}

/** `[a, b]`, or `a, b`. */
function wordsOf(value: unknown, otherwise: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value.filter((word) => typeof word === 'string');
  if (typeof value !== 'string' || value === '') return otherwise;
  return value.split(',').map((word) => word.trim());
}

/** The text of a file of the library below its front matter; undefined where the commit has no such file. */
export async function bodyAt(
  repository: Repository,
  commit: string,
  file: string,
): Promise<Result<string | undefined>> {
  const text = await fileAt(repository, commit, file);
  if (!text.ok) return text;
  return ok(text.value === null ? undefined : text.value.slice(readFrontMatter(text.value, file).end).trim());
}
