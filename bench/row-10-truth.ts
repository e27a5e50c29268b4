import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** Who imports what in a folder of files, by somebody who cannot be wrong about it: `file → specifiers, files`. */
export type Truth = ReadonlyMap<string, { specifiers: ReadonlySet<string>; files: ReadonlySet<string> }>;

/** The few things asked of the `typescript` package, which is installed by the row and no dependency of ours. */
interface Compiler {
  createProgram: (rootNames: string[], options: object) => Program;
  sys: { readFile: (path: string) => string | undefined };
  parseConfigFileTextToJson: (
    file: string,
    text: string,
  ) => { config?: { compilerOptions?: { baseUrl?: string; paths?: object } } };
  convertCompilerOptionsFromJson: (options: object, folder: string) => { options: object };
}
interface Program {
  getSourceFile: (path: string) => SourceFile | undefined;
  getSyntacticDiagnostics: (file: SourceFile) => readonly unknown[];
  getResolvedModuleFromModuleSpecifier: (literal: Literal, file: SourceFile) => Resolved | undefined;
}
interface Resolved {
  resolvedModule?: { resolvedFileName: string };
}
interface Literal {
  text: string;
}
interface SourceFile {
  imports: readonly Literal[];
  parseDiagnostics: readonly unknown[];
}

/**
 * The compiler's own list of modules, `sourceFile.imports`, and where each leads. Files that it cannot parse are left
 * out: nobody imports them.
 */
export function compilerTruth(root: string, files: readonly string[], cache: string): Truth {
  const ts: Compiler = createRequire(join(cache, 'package.json'))('typescript');
  const program = ts.createProgram(
    files.map((file) => join(root, file)),
    { ...namesOf(ts, root), allowJs: true, noLib: true, types: [], resolveJsonModule: true, ...BUNDLER },
  );
  const truth = new Map<string, { specifiers: Set<string>; files: Set<string> }>();
  for (const file of files) {
    const source = program.getSourceFile(join(root, file));
    if (source === undefined || source.parseDiagnostics.length > 0) continue;
    const found = { specifiers: new Set<string>(), files: new Set<string>() };
    for (const literal of source.imports) {
      found.specifiers.add(literal.text);
      const resolved = program.getResolvedModuleFromModuleSpecifier(literal, source)?.resolvedModule?.resolvedFileName;
      if (resolved?.startsWith(`${root}/`)) found.files.add(resolved.slice(root.length + 1));
    }
    truth.set(file, found);
  }
  return truth;
}

/** ESNext, Bundler, Preserve, Force. */
const BUNDLER = { target: 99, module: 99, moduleResolution: 100, jsx: 1, moduleDetection: 3 };

/** `paths` and `baseUrl` of the repository's own tsconfig.json. */
function namesOf(ts: Compiler, root: string): object {
  const file = join(root, 'tsconfig.json');
  const { config } = ts.parseConfigFileTextToJson(file, ts.sys.readFile(file) ?? '{}');
  const { baseUrl, paths } = config?.compilerOptions ?? {};
  const names = { ...(baseUrl === undefined ? {} : { baseUrl }), ...(paths === undefined ? {} : { paths }) };
  return { ...ts.convertCompilerOptionsFromJson(names, root).options, pathsBasePath: root };
}

/** What Python's own parser says; a `from a import b` is given as `a:b`. Files it cannot parse are left out. */
export function pythonTruth(root: string, files: readonly string[]): Map<string, Set<string>> | undefined {
  const ran = spawnSync('python3', ['-W', 'ignore', '-c', AST, root], {
    input: files.join('\n'),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (ran.status !== 0) return undefined;
  const read: Record<string, string[]> = JSON.parse(ran.stdout);
  return new Map(Object.entries(read).map(([file, found]) => [file, new Set(found)]));
}

const AST = `
import ast, json, os, sys
out = {}
for name in sys.stdin.read().split("\\n"):
    try:
        with open(os.path.join(sys.argv[1], name), "rb") as f:
            tree = ast.parse(f.read())
    except (SyntaxError, ValueError, OSError, RecursionError):
        continue
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.update("." * node.level + (node.module or "") + ":" + a.name for a in node.names)
    out[name] = sorted(found)
json.dump(out, sys.stdout)
`;
