import type { FileIndex } from '../repository-files.ts';
import type { Language } from '../scan/language.ts';
import { goResolver } from './go.ts';
import { javaResolver } from './java.ts';
import { javaScriptResolver } from './javascript.ts';
import { pythonResolver } from './python.ts';
import type { Resolve } from './resolve.ts';
import { rustResolver } from './rust.ts';

const RESOLVERS: Readonly<Record<Language, (index: FileIndex) => Resolve>> = {
  javascript: javaScriptResolver,
  typescript: javaScriptResolver,
  python: pythonResolver,
  go: goResolver,
  rust: rustResolver,
  java: javaResolver,
};

/** Each language's resolver is made when the first file of it comes. */
export function resolverFor(index: FileIndex): (language: Language) => Resolve {
  const made = new Map<unknown, Resolve>();
  return (language) => {
    const make = RESOLVERS[language];
    let resolve = made.get(make);
    if (resolve === undefined) made.set(make, (resolve = make(index)));
    return resolve;
  };
}
