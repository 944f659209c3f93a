/** What leaves the stand-in, made from what it stores. */

export type Json = Record<string, unknown>

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const EMBEDDED_LINES = 10

/**
 * The object as it stands at `now` (unix seconds): an invoice shows its first ten lines, a balance transaction knows whether
 * its money is available. Web addresses stay paths.
 */
export function freeze(value: unknown, now: number): unknown {
  if (Array.isArray(value)) return value.map((item) => freeze(item, now))
  if (!isJson(value)) return value
  const copy: Json = {}
  for (const [key, part] of Object.entries(value)) copy[key] = key === 'metadata' ? part : freeze(part, now)
  if (value.object === 'invoice' && isJson(copy.lines)) {
    const { data, has_more: more } = copy.lines
    const lines = Array.isArray(data) ? data : []
    copy.lines = {
      ...copy.lines,
      data: lines.slice(0, EMBEDDED_LINES),
      has_more: more === true || lines.length > EMBEDDED_LINES,
    }
  }
  if (value.object === 'balance_transaction') copy.status = Number(value.available_on) <= now ? 'available' : 'pending'
  return copy
}

const ADDRESSES = new Set(['hosted_invoice_url', 'invoice_pdf', 'receipt_url'])

/** Paths of hosted pages become addresses under `base`, the origin the stand-in has today. */
export function withBase(value: unknown, base: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withBase(item, base))
  if (!isJson(value)) return value
  const copy: Json = {}
  for (const [key, part] of Object.entries(value)) {
    if (key === 'metadata') copy[key] = part
    else if (ADDRESSES.has(key) && typeof part === 'string' && part.startsWith('/')) copy[key] = base + part
    else copy[key] = withBase(part, base)
  }
  return copy
}

/** `previous_attributes`: the fields of `before` that differ now. */
export function changedFields(before: Json, after: Json): Json {
  const changed: Json = {}
  for (const [key, value] of Object.entries(before)) {
    if (JSON.stringify(value) !== JSON.stringify(after[key])) changed[key] = value
  }
  return changed
}
