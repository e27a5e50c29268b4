/** Which paths touch each other: the same one, or one being a folder of the other. */
export class TouchedPaths {
  /** Path → who changed it. */
  #owners = new Map<string, string[]>();
  /** Folder → who changed something below it. */
  #folders = new Map<string, Set<string>>();

  add(owner: string, paths: Iterable<string>): void {
    for (const path of paths) {
      this.#owners.set(path, [...(this.#owners.get(path) ?? []), owner]);
      for (const folder of foldersOf(path)) {
        const owners = this.#folders.get(folder) ?? new Set();
        this.#folders.set(folder, owners.add(owner));
      }
    }
  }

  /** Who touched any of these paths, in the order they were added. */
  whoTouched(paths: Iterable<string>): Set<string> {
    const found = new Set<string>();
    for (const path of paths) {
      for (const place of [path, ...foldersOf(path)]) {
        for (const owner of this.#owners.get(place) ?? []) found.add(owner);
      }
      for (const owner of this.#folders.get(path) ?? []) found.add(owner);
    }
    return found;
  }
}

function* foldersOf(path: string): Generator<string> {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) yield path.slice(0, end);
}
