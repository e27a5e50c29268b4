/** Small readers of plain data as `readYaml` gives it: mappings, lists and texts. */
export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The words for nothing are nothing. */
export const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || value === '~' || value === 'null';

/** A text that says something, else undefined. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && !isNothing(value) ? value.trim() : undefined;

/** Texts of a list; of a single text, itself; an entry that YAML took for a mapping is the sentence it was meant to be. */
export function textsOf(value: unknown): string[] {
  if (isNothing(value)) return [];
  return (Array.isArray(value) ? value : [value]).map(sentenceOf).filter((text) => text !== '');
}

export function sentenceOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(sentenceOf).join(', ');
  if (!isMapping(value)) return '';
  return Object.entries(value)
    .map(([key, part]) => `${key}: ${sentenceOf(part)}`)
    .join('; ');
}

/** The mapping in a field; where there is none, an empty one. */
export const mappingAt = (value: unknown, key: string): Record<string, unknown> => {
  const part = isMapping(value) ? value[key] : undefined;
  return isMapping(part) ? part : {};
};
