/** Each kind of a union without a key: `Omit` would keep only what all kinds have in common. */
export type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never;
