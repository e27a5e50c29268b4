/** Names of what nobody may read in a log: `ANTHROPIC_API_KEY`, `NPM_TOKEN`, `DB_PASSWORD`. */
const SECRET = /(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIALS?|PAT)(?:_|$)/i;
/** Shorter ones, numbers and paths may stand anywhere by chance. */
const SHORTEST = 8;
const HARMLESS = /^(?:\d+$|[~/]|[a-z]:[\\/])/i;

const MASK = '[secret]';

/** What a program with this environment could tell and must not; the longest first, as one may hold another. */
export const secretsIn = (env: NodeJS.ProcessEnv): string[] =>
  Object.entries(env)
    .flatMap(([name, value = '']) => (SECRET.test(name) ? [value.trim()] : []))
    .filter((value) => value.length >= SHORTEST && !HARMLESS.test(value))
    .toSorted((a, b) => b.length - a.length);

export const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((rest, secret) => rest.replaceAll(secret, () => MASK), text);

/** Takes secrets out of a stream of bytes, wherever its chunks begin and end. */
export class Veil {
  /** As bytes, a character each. */
  readonly #secrets: readonly string[];
  /** The end of what came, where a secret may have begun. */
  #held = '';

  constructor(secrets: readonly string[]) {
    this.#secrets = secrets.map((secret) => Buffer.from(secret).toString('latin1'));
  }

  take(chunk: Buffer): Buffer {
    if (this.#secrets.length === 0) return chunk;
    const text = withoutSecrets(this.#held + chunk.toString('latin1'), this.#secrets);
    const end = text.length - Math.max(...this.#secrets.map((secret) => begun(text, secret)));
    this.#held = text.slice(end);
    return Buffer.from(text.slice(0, end), 'latin1');
  }

  /** What was held back, when nothing comes any more. */
  end(): Buffer {
    const rest = Buffer.from(this.#held, 'latin1');
    this.#held = '';
    return rest;
  }
}

/** How many characters of the secret, not all, stand at the end of the text. */
function begun(text: string, secret: string): number {
  for (let length = Math.min(secret.length - 1, text.length); length > 0; length -= 1)
    if (text.endsWith(secret.slice(0, length))) return length;
  return 0;
}
