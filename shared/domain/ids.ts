import { z } from 'zod'

/** An id as this app makes and prints them: `inv_01k...`; opaque to callers. */
export const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'must be an id of letters, digits, - and _ (at most 64)' })

/** The caller's own key for one intention; the same id with the same body is the same request. */
export const requestId = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, { error: 'must be 1 to 128 printable characters without spaces' })

/** Path of an account, root first: `assets:bank:main`. Roots are the five account types. */
export const accountName = z
  .string()
  .max(200)
  .regex(/^(assets|liabilities|equity|income|expenses)(:[\p{L}\p{N}][\p{L}\p{N} _.&'-]*)+$/u, {
    error:
      'must be an account path such as assets:bank or income:services, under assets, liabilities, equity, income or expenses',
  })
  .refine((name) => !/[ ]{2}|[ ](:|$)/.test(name), { error: 'must not hold double or trailing spaces' })

export const accountTypes = ['assets', 'liabilities', 'equity', 'income', 'expenses'] as const
export type AccountType = (typeof accountTypes)[number]

/** One line of text a person typed: no control characters, so it stays inert in logs, CSV and journals. */
export function textLine(max: number, min = 1) {
  return z
    .string()
    .trim()
    .min(min, { error: min === 1 ? 'must not be empty' : `must have at least ${min} characters` })
    .max(max, { error: `must have at most ${max} characters` })
    .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u, { error: 'must be one line without control characters' })
}

/** Several lines of text: as `textLine`, with line breaks allowed. */
export function textBlock(max: number) {
  return z
    .string()
    .trim()
    .max(max, { error: `must have at most ${max} characters` })
    .regex(/^(?:[^\p{Cc}\p{Cs}]|\n|\r|\t)*$/u, { error: 'must not hold control characters' })
}
