/** Looking into JSON of a program that may change its mind: every question has an answer, absent things are undefined. */
export type Json = Readonly<Record<string, unknown>>;

/** The object a line holds, or undefined when it holds anything else. */
export function parseObject(line: string): Json | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return objectOf(JSON.parse(line));
  } catch {
    return undefined;
  }
}

export const objectOf = (value: unknown): Json | undefined => (isObject(value) ? value : undefined);
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
/** The objects among what a list holds. */
export const objectsOf = (value: unknown): Json[] =>
  listOf(value)
    .map(objectOf)
    .filter((one) => one !== undefined);
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
export const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
