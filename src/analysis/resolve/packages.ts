import { asObject, asString, type Json, type JsonObject, parseLoose } from '../loose-json.ts';
import { folderOf, inFolder, joined, upwards } from '../paths.ts';
import { everyFile, type FileIndex } from '../repository-files.ts';
import { entryOrSource, nodeFile } from './node-file.ts';
import { filled, matchPattern } from './pattern.ts';

interface Package {
  folder: string;
  manifest: JsonObject;
}

/** The packages a repository itself holds: workspaces, and any folder with a package.json that has a name. */
export interface Packages {
  /** A bare specifier: `name`, `@scope/name/sub`. */
  find: (specifier: string, conditions: readonly string[]) => string | undefined;
  /** `#name`, seen from a folder. */
  findInternal: (specifier: string, folder: string, conditions: readonly string[]) => string | undefined;
}

export function packagesOf(index: FileIndex): Packages {
  const all = readPackages(index);
  return {
    find: (specifier, conditions) => {
      const [first = '', second = ''] = specifier.split('/', 2);
      const name = first.startsWith('@') ? `${first}/${second}` : first;
      const found = all.named.get(name);
      return found && findIn(index, found, { path: `.${specifier.slice(name.length)}`, conditions });
    },
    findInternal: (specifier, folder, conditions) => {
      const owner = nearest(all.byFolder, folder);
      const match = owner && matchPattern(asObject(owner.manifest['imports']), specifier);
      return match && target(index, owner, { ...match, conditions });
    },
  };
}

function readPackages(index: FileIndex): { named: Map<string, Package>; byFolder: Map<string, Package> } {
  const named = new Map<string, Package>();
  const byFolder = new Map<string, Package>();
  for (const path of everyFile(index, 'package.json')) {
    if (path.includes('node_modules/')) continue;
    const found = { folder: folderOf(path), manifest: parseLoose(index.files.text(path)) };
    const name = asString(found.manifest['name']);
    byFolder.set(found.folder, found);
    if (name !== undefined && !named.has(name)) named.set(name, found);
  }
  return { named, byFolder };
}

function nearest(byFolder: ReadonlyMap<string, Package>, folder: string): Package | undefined {
  for (const at of upwards(folder)) {
    const found = byFolder.get(at);
    if (found) return found;
  }
  return undefined;
}

function findIn(
  index: FileIndex,
  found: Package,
  { path, conditions }: { path: string; conditions: readonly string[] },
): string | undefined {
  const exported = found.manifest['exports'];
  if (exported !== undefined && exported !== null) {
    const match = matchPattern(exportTable(exported), path);
    return match && target(index, found, { ...match, conditions });
  }
  if (path !== '.') return nodeFile(index, inFolder(found.folder, path.slice(2)));
  return mainFile(index, found);
}

/** `"exports": "./a.js"` and `"exports": { "import": … }` speak of `.` alone. */
function exportTable(exported: Json): JsonObject {
  const table = asObject(exported);
  return Object.keys(table).some((key) => key.startsWith('.')) ? table : { '.': exported };
}

function mainFile(index: FileIndex, { folder, manifest }: Package): string | undefined {
  for (const field of ['source', 'types', 'typings', 'module', 'main', 'browser']) {
    const entry = joined(folder, asString(manifest[field]) ?? '');
    const found = entry === undefined || entry === folder ? undefined : entryOrSource(index, entry);
    if (found !== undefined) return found;
  }
  return nodeFile(index, inFolder(folder, 'index')) ?? nodeFile(index, inFolder(folder, 'src/index'));
}

interface Wanted {
  value: Json | undefined;
  star: string | undefined;
  conditions: readonly string[];
}

/** Through conditions and fallbacks to a file of the package; a name that is no path is another package's. */
function target(index: FileIndex, owner: Package, wanted: Wanted, depth = 0): string | undefined {
  const { value, star, conditions } = wanted;
  if (depth > DEEPEST || value === null || value === undefined) return undefined;
  if (typeof value === 'string') {
    const path = value.startsWith('./') ? joined(owner.folder, filled(value, star)) : undefined;
    return path === undefined ? undefined : (entryOrSource(index, path) ?? nodeFile(index, path));
  }
  const choices = Array.isArray(value)
    ? (value as readonly Json[])
    : Object.entries(asObject(value)).flatMap(([key, one]) => (conditions.includes(key) ? [one] : []));
  for (const choice of choices) {
    const found = target(index, owner, { value: choice, star, conditions }, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

const DEEPEST = 8;
