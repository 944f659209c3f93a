import { integerInvalid, invalid, notInPractice, parameterEmpty, parameterMissing, parameterUnknown } from './errors'
import type { Raw, RawHash } from './form'

/** Reads one parameter. `name` is its full bracketed name, as Stripe reports it in `param`. Absent parameters are `undefined`. */
export interface Param<T> {
  read(raw: Raw | undefined, name: string): T
}
export type Shape = Record<string, Param<unknown>>
export type Values<S extends Shape> = { [K in keyof S]: S[K] extends Param<infer T> ? T : never }

/** Use as `{...} satisfies Keys<Stripe.XCreateParams>`: the compiler then holds the accepted names equal to the SDK's. */
export type Keys<T> = Record<keyof T, Param<unknown>>

/** Reads a whole request. @throws ApiError 400 (`parameter_unknown`, `parameter_missing`, ...) */
export function readAll<S extends Shape>(shape: S, raw: RawHash, prefix = ''): Values<S> {
  for (const key of Object.keys(raw)) {
    if (!Object.hasOwn(shape, key)) throw parameterUnknown(join(prefix, key))
  }
  const values: Record<string, unknown> = {}
  for (const [key, param] of Object.entries(shape)) values[key] = param.read(raw[key], join(prefix, key))
  return values as Values<S>
}

const join = (prefix: string, key: string): string => (prefix === '' ? key : `${prefix}[${key}]`)

function param<T>(parse: (raw: Raw, name: string) => T): Param<T | undefined> {
  return { read: (raw, name) => (raw === undefined ? undefined : parse(raw, name)) }
}

export function need<T>(inner: Param<T | undefined>): Param<T> {
  return {
    read(raw, name) {
      const value = inner.read(raw, name)
      if (value === undefined) throw parameterMissing(name)
      return value
    },
  }
}

/** An empty value unsets: read as `null`. */
export function unset<T>(inner: Param<T>): Param<T | null> {
  return { read: (raw, name) => (raw === '' ? null : inner.read(raw, name)) }
}

export const unsupported: Param<undefined> = param((_raw, name): undefined => {
  throw notInPractice(name)
})

export function text(max = 5000): Param<string | undefined> {
  return param((raw, name) => {
    if (typeof raw !== 'string') throw invalid(`Invalid string: ${name} must be a string, not a hash or array`, { param: name })
    if (raw === '') throw parameterEmpty(name)
    if (raw.length > max)
      throw invalid(`Invalid string: ${raw.slice(0, 20)}...; must be at most ${max} characters`, { param: name })
    return raw
  })
}

export function int(min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER): Param<number | undefined> {
  return param((raw, name) => {
    if (typeof raw !== 'string') throw integerInvalid('a hash or array', name)
    const value = Number(raw)
    if (!/^-?\d+$/.test(raw) || !Number.isSafeInteger(value)) throw integerInvalid(raw, name)
    if (value < min)
      throw invalid(`This value must be greater than or equal to ${min}.`, { code: 'parameter_invalid_integer', param: name })
    if (value > max)
      throw invalid(`This value must be less than or equal to ${max}.`, { code: 'parameter_invalid_integer', param: name })
    return value
  })
}

export const bool: Param<boolean | undefined> = param((raw, name) => {
  if (raw === 'true') return true
  if (raw === 'false') return false
  throw invalid(`Invalid boolean: ${typeof raw === 'string' ? raw.slice(0, 100) : name}`, { param: name })
})

/** A decimal number as text, exactly as sent: at most 12 digits on either side of the point. */
export const decimal: Param<string | undefined> = param((raw, name) => {
  if (typeof raw === 'string' && /^-?\d{1,12}(\.\d{1,12})?$/.test(raw)) return raw
  throw invalid(
    `Invalid decimal: ${typeof raw === 'string' ? raw.slice(0, 100) : name}; must be a plain decimal with at most 12 decimal places`,
    {
      code: 'parameter_invalid_decimal',
      param: name,
    },
  )
})

export function oneOf<const T extends string>(...allowed: readonly T[]): Param<T | undefined> {
  return param((raw, name) => {
    const found = allowed.find((value) => value === raw)
    if (found !== undefined) return found
    const list = allowed.length === 1 ? allowed[0] : `one of ${allowed.slice(0, -1).join(', ')}, or ${allowed.at(-1)}`
    throw invalid(`Invalid ${name}: must be ${list}`, { param: name })
  })
}

export function hash<S extends Shape>(shape: S): Param<Values<S> | undefined> {
  return param((raw, name) => {
    if (typeof raw === 'string') throw invalid(`Invalid object`, { param: name })
    return readAll(shape, raw, name)
  })
}

export function list<T>(item: Param<T>, max: number): Param<Exclude<T, undefined>[] | undefined> {
  return param((raw, name) => {
    if (typeof raw === 'string') throw invalid('Invalid array', { param: name })
    const keys = Object.keys(raw)
    if (keys.some((key) => !/^\d{1,4}$/.test(key))) throw invalid('Invalid array', { param: name })
    if (keys.length > max) throw invalid(`Array ${name} exceeded maximum ${max} allowed elements.`, { param: name })
    const items: Exclude<T, undefined>[] = []
    for (const key of keys.sort((a, b) => Number(a) - Number(b))) {
      const value = item.read(raw[key], `${name}[${key}]`)
      if (value !== undefined) items.push(value as Exclude<T, undefined>)
    }
    return items
  })
}

/** Changes to metadata: text sets a key, `null` removes it; the whole is `null` when all of it is to go. */
export type MetadataChange = Record<string, string | null> | null
export const metadata: Param<MetadataChange | undefined> = param((raw, name) => {
  if (raw === '') return null
  if (typeof raw === 'string') throw invalid('Invalid object', { param: name })
  const change: Record<string, string | null> = {}
  for (const [key, value] of Object.entries(raw)) {
    if (typeof value !== 'string')
      throw invalid('Metadata values must be strings, not hashes or arrays', { param: join(name, key) })
    if (key.length > 40)
      throw invalid(`Metadata keys can be up to 40 characters long; '${key.slice(0, 40)}...' is longer`, { param: name })
    if (value.length > 500)
      throw invalid(`Metadata values can be up to 500 characters; the value of '${key}' is longer`, { param: join(name, key) })
    Object.defineProperty(change, key, {
      value: value === '' ? null : value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return change
})

export interface Range {
  gt?: number | undefined
  gte?: number | undefined
  lt?: number | undefined
  lte?: number | undefined
}
const rangeHash = hash({ gt: int(), gte: int(), lt: int(), lte: int() })
/** A point in time or bounds around one, in unix seconds. */
export const range: Param<Range | undefined> = param((raw, name) => {
  if (typeof raw !== 'string') return rangeHash.read(raw, name)
  const at = int().read(raw, name)
  return at === undefined ? undefined : { gte: at, lte: at }
})

export const expand = list(text(500), 20)
export const page = { limit: int(1, 100), starting_after: text(), ending_before: text(), expand }

export const address = hash({
  city: unset(text()),
  country: unset(text()),
  line1: unset(text()),
  line2: unset(text()),
  postal_code: unset(text()),
  state: unset(text()),
})
