import { asObject, parseJson } from './loose-json.ts';
import type { Language } from './scan/language.ts';
import { apart, type Reference } from './scan/reference.ts';

/** What was found in texts, by git's name for the content and by language: true for ever. */
export interface ScanCache {
  get: (blob: string, language: Language) => readonly Reference[] | undefined;
  set: (blob: string, language: Language, found: readonly Reference[]) => void;
}

/** Changes with every change of what a scan finds: an older file is then as good as none. */
const FORMAT = 1;

/** From the text of a cache file; empty where there is none, or none that we understand. */
export function readScanCache(text: string | undefined): ScanCache & { write: () => string; isChanged: () => boolean } {
  const before = parse(text);
  const now = new Map<string, readonly Reference[]>();
  let added = 0;
  return {
    get: (blob, language) => {
      const found = before.get(`${language} ${blob}`);
      if (found) now.set(`${language} ${blob}`, found);
      return found;
    },
    set: (blob, language, found) => {
      added += 1;
      now.set(`${language} ${blob}`, found.map(copied));
    },
    // What nobody asked for this time is dropped: the file does not grow with history.
    write: () => JSON.stringify({ format: FORMAT, scans: Object.fromEntries(now) }),
    isChanged: () => added > 0 || now.size !== before.size,
  };
}

const copied = ({ kind, specifier, names }: Reference): Reference => ({
  kind,
  specifier: apart(specifier),
  ...(names ? { names: names.map(apart) } : {}),
});

/** Half a file, or somebody else's, holds nothing: all is read anew. */
function parse(text: string | undefined): Map<string, readonly Reference[]> {
  const read = asObject(parseJson(text ?? ''));
  if (read['format'] !== FORMAT) return new Map();
  const entries = Object.entries(asObject(read['scans']));
  return new Map(entries.flatMap(([key, found]) => (isScan(found) ? [[key, found]] : [])));
}

const isScan = (found: unknown): found is readonly Reference[] =>
  Array.isArray(found) && found.every((one: Partial<Reference> | null) => typeof one?.specifier === 'string');
