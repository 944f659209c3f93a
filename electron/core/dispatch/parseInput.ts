import type { Procedure } from '../../../shared/contract/procedure'
import { AppError } from '../../../shared/errors'
import { inputError, wordsOf } from './inputError'

/**
 * An input as its procedure's schema reads it. Fields that were sent as undefined are left out, as JSON leaves them out.
 * @throws AppError invalid_input that names the first wrong field
 */
export function parseInput(procedure: Procedure, rawInput: unknown): Record<string, unknown> {
  const parsed = procedure.input.safeParse(rawInput, { error: wordsOf })
  if (!parsed.success) throw inputError(parsed.error)
  return clean(parsed.data) as Record<string, unknown>
}

/** Half a surrogate pair is no character: it could be neither stored nor digested as it was sent. */
function clean(value: unknown): unknown {
  if (typeof value === 'string') {
    if (value.isWellFormed()) return value
    throw new AppError('invalid_input', 'Nothing was done: the request holds half a surrogate pair, which is no character.')
  }
  if (Array.isArray(value)) return value.map(clean)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, clean(item)]])))
}
