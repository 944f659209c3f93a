import { invalid } from './errors'

/** A parsed parameter: text, or a hash. Arrays arrive as hashes keyed '0', '1', ... in the order they were sent. */
export type Raw = string | RawHash
export interface RawHash {
  [name: string]: Raw
}

const MAX_DEPTH = 10

/**
 * Parses `application/x-www-form-urlencoded` text (body or query) with Stripe's bracket notation:
 * `a[b]=1`, `a[0][b]=1`, `a[]=1`.
 * @throws ApiError 400 when a name is both text and hash, nests too deeply or has unbalanced brackets.
 */
export function parseForm(text: string): RawHash {
  const root = hash()
  for (const [name, value] of new URLSearchParams(text)) {
    if (name !== '') assign(root, path(name), value, name)
  }
  return root
}

/** The same parameters in one canonical text, whatever their order was: what an idempotency key is bound to. */
export function canonical(raw: Raw): string {
  if (typeof raw === 'string') return JSON.stringify(raw)
  const keys = Object.keys(raw).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(raw[key] ?? '')}`).join(',')}}`
}

/** Without a prototype, so that a parameter called `__proto__` is only a name. */
function hash(): RawHash {
  return Object.create(null) as RawHash
}

function path(name: string): string[] {
  const open = name.indexOf('[')
  if (open === -1) return [name]
  const parts = [name.slice(0, open)]
  let rest = name.slice(open)
  while (rest !== '') {
    const match = /^\[([^[\]]*)\]/.exec(rest)
    if (match === null || parts[0] === '' || parts.length >= MAX_DEPTH) throw malformed(name)
    parts.push(match[1] ?? '')
    rest = rest.slice(match[0].length)
  }
  return parts
}

function assign(root: RawHash, parts: readonly string[], value: string, name: string): void {
  let at = root
  parts.forEach((part, index) => {
    const key = part === '' ? String(Object.keys(at).length) : part
    if (index === parts.length - 1) {
      if (typeof at[key] === 'object') throw malformed(name)
      at[key] = value
      return
    }
    const next = at[key] ?? hash()
    if (typeof next === 'string') throw malformed(name)
    at[key] = next
    at = next
  })
}

function malformed(name: string): Error {
  return invalid(`Invalid parameter name or nesting: ${name.slice(0, 100)}`, { param: name.slice(0, 100) })
}
