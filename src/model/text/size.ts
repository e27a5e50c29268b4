/** Bytes in words: `640 KB`, `150 MB`, `1.2 GB`. */
export function sizeText(bytes: number): string {
  const megabytes = bytes / MEGABYTE;
  if (megabytes >= 1000) return `${(megabytes / 1024).toFixed(1)} GB`;
  return megabytes >= 1 ? `${Math.round(megabytes)} MB` : `${Math.round(bytes / 1024)} KB`;
}

/** Bytes. */
export const MEGABYTE = 1024 * 1024;
