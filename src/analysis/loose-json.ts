type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** JSON with comments and trailing commas, as tsconfig.json has them; an empty object where it is not even that. */
export function parseLoose(text: string | undefined): JsonObject {
  const bare = (text ?? '').replace(/^\uFEFF/, '');
  // Most are plain JSON, and then nothing has to be looked for.
  const strict = parseJson(bare);
  if (strict !== undefined) return asObject(strict);
  const plain = bare.replaceAll(PART, (part) => (part.startsWith('/') ? ' ' : part));
  return asObject(parseJson(plain.replaceAll(TRAILING, '$1')));
}

/** Undefined where it is no JSON: a broken configuration configures nothing, and its own tools complain of it. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whatever JSON.parse gives is. */
const isJson = (value: unknown): value is Json => value !== undefined;

const PART = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const TRAILING = /("(?:[^"\\\n]|\\.)*")|,(?=\s*[\]}])/g;

export const asObject = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const asString = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** The strings of a list; one string is a list of one. */
export const asStrings = (value: Json | undefined): string[] =>
  (Array.isArray(value) ? (value as readonly Json[]) : [value ?? null]).filter((one) => typeof one === 'string');

export type { Json };
