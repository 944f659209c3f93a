import type { Context } from '../context'
import type { ApiError } from './errors'
import { expandPaths } from './expand'
import type { RawHash } from './form'
import { readAll, type Shape, type Values } from './params'

export type Method = 'GET' | 'POST' | 'DELETE'

/** A refusal whose writes stand: a declined card leaves a failed charge. */
export class Answer {
  constructor(readonly error: ApiError) {}
}

export interface Endpoint {
  method: Method
  /** `/v1/invoices/:id/pay` split at the slashes. */
  segments: readonly string[]
  /** Checks the parameters (throws) and returns the work, which runs inside a transaction. */
  prepare(raw: RawHash, ids: readonly string[]): (ctx: Context) => unknown
}

/**
 * @param path `:id` segments are handed to `run` in order
 * @param run returns the object to answer with, as stored; expansion happens afterwards
 */
export function endpoint<S extends Shape>(
  method: Method,
  path: string,
  shape: S,
  run: (ctx: Context, params: Values<S>, id: string) => unknown,
): Endpoint {
  return {
    method,
    segments: path.split('/'),
    prepare(raw, ids) {
      const params = readAll(shape, raw)
      const expand: unknown = params.expand
      return (ctx) => {
        const body = run(ctx, params, ids[0] ?? '')
        if (Array.isArray(expand) && !(body instanceof Answer)) expandPaths(ctx, body, expand.map(String))
        return body
      }
    },
  }
}

/** Finds the endpoint and the ids in its path. Segments arrive percent-decoded. */
export function match(
  endpoints: readonly Endpoint[],
  method: string,
  path: string,
): { endpoint: Endpoint; ids: string[] } | undefined {
  const parts = path.split('/')
  for (const candidate of endpoints) {
    if (candidate.method !== method || candidate.segments.length !== parts.length) continue
    const ids: string[] = []
    const fits = candidate.segments.every((segment, index) => {
      const part = parts[index] ?? ''
      if (!segment.startsWith(':')) return segment === part
      ids.push(part)
      return part !== ''
    })
    if (fits) return { endpoint: candidate, ids }
  }
  return undefined
}
