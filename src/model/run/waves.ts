/** By their waves, the first wave first; those of one in the order in which they come. */
export function inWaves<T>(all: Iterable<T>, waveOf: (one: T) => number): Map<number, T[]> {
  const waves = new Map<number, T[]>();
  for (const one of all) {
    const wave = waves.get(waveOf(one));
    if (wave) wave.push(one);
    else waves.set(waveOf(one), [one]);
  }
  return new Map([...waves].toSorted(([a], [b]) => a - b));
}
