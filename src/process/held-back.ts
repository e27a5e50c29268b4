/**
 * What a user sets for every Node.js program of his and a runner has no use for: options may break it, and with
 * certificates of one's own Node.js reads all it has at each start, which takes longer than the rest of it. The runner
 * starts without them and gives them back to its program.
 */
const HELD_BACK = new Set(['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS']);

const PREFIX = 'ORCHESTRATE_';

/** The environment a runner starts with. */
export function heldBack(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const renamed = Object.entries(environment).map(([name, value]) => [
    HELD_BACK.has(name) ? PREFIX + name : name,
    value,
  ]);
  return Object.fromEntries(renamed);
}

/** The environment as it was before `heldBack`. */
export function givenBack(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isOurs = (name: string): boolean => name.startsWith(PREFIX) && HELD_BACK.has(name.slice(PREFIX.length));
  const renamed = Object.entries(environment).map(([name, value]) => [
    isOurs(name) ? name.slice(PREFIX.length) : name,
    value,
  ]);
  return Object.fromEntries(renamed);
}
