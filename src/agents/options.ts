/** The options of a command line, each with its value, without those that have none. */
export const optionsOf = (options: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
