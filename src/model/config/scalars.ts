import * as z from 'zod';

/* Scalars of `orchestrate.yaml` arrive as they are written (yaml-text.ts), so numbers and durations are read here. */

export const text = z.string({ error: 'must be a text' }).min(1, 'must not be empty');
export const line = z.string({ error: 'must be a line' }).trim().min(1, 'must not be empty');
export const list = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(z.string({ error: 'must be a text' }), { error: 'must be a list of texts' }),
);

export const whole = (least: number): z.ZodType<number> =>
  z
    .string({ error: `must be a whole number from ${least} on` })
    .regex(/^\d{1,6}$/, `must be a whole number from ${least} on`)
    .transform(Number)
    .refine((number) => number >= least, `must be a whole number from ${least} on`);

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90` (seconds), `30s`, `10m`, `2h`, `1h30m` as milliseconds; undefined for anything else. */
export function duration(word: string): number | undefined {
  if (/^\d+(?:\.\d+)?$/.test(word)) return Math.round(Number(word) * 1_000);
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(word)) return undefined;
  const parts = [...word.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)];
  return Math.round(parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0));
}

const DURATION = 'must be a duration such as 30s, 10m or 2h';
/** The longest delay a timer takes, a little under 25 days. */
const LONGEST = 2_147_483_647;
export const upTo = (longest: number) =>
  z.string({ error: DURATION }).transform((word, context) => {
    const found = duration(word.trim());
    if (found !== undefined && found > 0 && found <= longest) return found;
    context.addIssue({ code: 'custom', message: DURATION });
    return z.NEVER;
  });
export const span = upTo(LONGEST);

/** `0` switches a watch off. */
export const off = <T>(schema: z.ZodType<T>, means: string): z.ZodType<T | 0> =>
  z.union([z.literal('0').transform(() => 0 as const), schema], { error: `must be ${means}, or 0 (off)` });

const SIZES: Readonly<Record<string, number>> = { KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };
/** `64MB`, `1.5 GB` as bytes; undefined for anything else. */
export const bytesIn = (word: string): number | undefined =>
  /^\d{1,6}(?:\.\d+)?\s*[KMG]B$/i.test(word)
    ? Math.round(Number.parseFloat(word) * (SIZES[word.slice(-2).toUpperCase()] ?? 1))
    : undefined;
export const size = z.string().transform((word, context) => {
  const found = bytesIn(word);
  if (found !== undefined) return found;
  context.addIssue({ code: 'custom', message: 'must be a size such as 5GB' });
  return z.NEVER;
});

export const SHARE = 'a share such as 85%';
export const share = z
  .string()
  .regex(/^(?:100|[1-9]\d?)%$/)
  .transform((word) => Number.parseInt(word, 10) / 100);
export const memory = z.lazy(() =>
  z.union([share.transform((part) => ({ share: part })), size.transform((bytes) => ({ size: bytes }))]),
);
