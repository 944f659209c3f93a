import type { Grant } from '../../../shared/contract/grants'
import type { WallClock } from './wallClock'

export type CallLimits = Pick<Grant, 'actions' | 'secretIds' | 'hosts' | 'methods' | 'paths'>

export interface WantedCall {
  readonly secretId: string
  readonly method: string
  /** In lower case. */
  readonly host: string
  readonly port: number
  /** As it will be sent, without the query; starts with `/`. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: readonly string[]
}

/**
 * Headers for which servers take another method or path than those of the request line, which limits are held against; and those by which
 * a value that was stored there would come back in pieces that nobody knows as it.
 */
const waysOut: ReadonlySet<string> = new Set([
  'x-http-method-override',
  'x-http-method',
  'x-method-override',
  'x-original-url',
  'x-rewrite-url',
  'range',
  'if-range',
])

/** Whether a host is the one of the pattern, or one below it for `*.example.com` (which does not cover `example.com` itself). */
export function hostMatches(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1 : host === pattern
}

/** Whether a path is the one of the pattern, or starts with what stands before its `*`. */
export function pathMatches(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern
}

/**
 * Whether every server reads a path as it is written. Where paths are limited, encoded slashes, dots and percent signs, empty segments
 * and dot segments could lead out of the limit at the far side.
 */
export function isPlainPath(path: string): boolean {
  return !/%2f|%5c|%2e|%25|\/\/|\\|\/\.{1,2}(?:;[^/]*)?(?:\/|$)|;/i.test(path)
}

/**
 * Whether a grant covers a call through the broker. An empty list of methods or paths limits nothing; an empty list of hosts covers none.
 * @returns null when it does, else why not, as the end of a sentence
 */
export function grantCoversCall(limits: CallLimits, call: WantedCall): string | null {
  if (!limits.actions.includes('use')) return 'this grant does not cover calls'
  if (!limits.secretIds.includes(call.secretId)) return 'this grant does not cover that secret'
  if (call.port !== 443) return 'this grant covers port 443 alone'
  if (!limits.hosts.some((pattern) => hostMatches(pattern, call.host))) return `this grant does not cover the host ${call.host}`
  const wayOut = call.headers.find((name) => waysOut.has(name))
  if (wayOut !== undefined) return `within a grant the header ${wayOut} is not sent, since it could lead out of the grant`
  if (limits.methods.length > 0 && !limits.methods.some((method) => method === call.method)) {
    return `this grant does not cover the method ${call.method}`
  }
  if (limits.paths.length === 0) return null
  if (!isPlainPath(call.path))
    return 'where a grant limits paths, a path must not hold encoded slashes, dots or percent signs, nor empty or dot segments'
  return limits.paths.some((pattern) => pathMatches(pattern, call.path)) ? null : 'this grant does not cover that path'
}

/**
 * Whether the hours and weekdays of a grant cover a moment. The end of the hours is not part of them. Hours that pass midnight belong to
 * the day on which they began.
 */
export function grantCoversTime(limits: Pick<Grant, 'hours' | 'weekdays'>, { weekday, time }: WallClock): boolean {
  const { hours, weekdays } = limits
  const onDay = (day: number) => weekdays.length === 0 || weekdays.includes(day)
  if (hours === null) return onDay(weekday)
  if (hours.from <= hours.to) return hours.from <= time && time < hours.to && onDay(weekday)
  if (time >= hours.from) return onDay(weekday)
  return time < hours.to && onDay(weekday === 1 ? 7 : weekday - 1)
}
