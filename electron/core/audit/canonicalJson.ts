/** Deeper values are refused: they would exhaust the stack, and no audit row needs them. */
const deepest = 64

function text(value: string): string {
  if (!value.isWellFormed()) throw new TypeError('Canonical JSON: a string holds half a surrogate pair')
  return JSON.stringify(value)
}

function member(object: object, key: string, depth: number): string {
  return `${text(key)}:${write((object as Record<string, unknown>)[key], depth)}`
}

function write(value: unknown, depth: number): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'string':
      return text(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('Canonical JSON: a number is not finite')
      return JSON.stringify(value)
    case 'object':
      break
    default:
      throw new TypeError(`Canonical JSON: ${typeof value} is no JSON value`)
  }
  if (depth === deepest) throw new TypeError(`Canonical JSON: nested deeper than ${deepest}`)
  if (Array.isArray(value)) {
    const items: string[] = []
    for (let i = 0; i < value.length; i++) items.push(write(value[i], depth + 1))
    return `[${items.join(',')}]`
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError('Canonical JSON: only plain objects are JSON values')
  const members = Object.keys(value).sort()
  return `{${members.map((key) => member(value, key, depth + 1)).join(',')}}`
}

/**
 * The one text of a JSON value (RFC 8785): no white space, members sorted by UTF-16 code units, numbers and strings as ECMAScript
 * writes them. Equal values give equal text, so the text can be hashed.
 * @throws TypeError for what JSON cannot hold (undefined, NaN, bigint, class instances), half surrogate pairs, and depth over 64.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0)
}
