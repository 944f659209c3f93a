import { invalid } from '../http/errors'
import type { MetadataChange } from '../http/params'

/**
 * Applies a change as Stripe does: keys are merged, an empty value removes its key, an empty whole removes all.
 * @throws ApiError 400 above 50 keys
 */
export function applyMetadata(current: Record<string, string>, change: MetadataChange | undefined): Record<string, string> {
  if (change === undefined) return current
  if (change === null) return {}
  const next = new Map(Object.entries(current))
  for (const [key, value] of Object.entries(change)) {
    if (value === null) next.delete(key)
    else next.set(key, value)
  }
  if (next.size > 50) throw invalid('You can specify up to 50 metadata keys on an object.', { param: 'metadata' })
  return Object.fromEntries(next)
}
