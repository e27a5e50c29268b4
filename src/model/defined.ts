type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The values without those that are undefined: to the compiler an absent key and an undefined one are two things. */
export function defined<T extends object>(values: T): Defined<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- fromEntries forgets the keys that filter kept
  return Object.fromEntries(entries) as Defined<T>;
}
