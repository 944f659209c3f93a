import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../../shared/errors'
import type { Actor } from '../core/dispatch/actor'
import type { Caller } from '../core/dispatch/call'
import type { Logger } from '../core/ports/logger'
import { nothingHere, refuseConnection, sendError, toBody } from './answers'
import type { Authenticator } from './authenticator'
import {
  assertLocalCaller,
  assertOneHost,
  assertPlainBody,
  bearerOf,
  bodyLimit,
  emptyBody,
  hasNoBody,
  parseJsonBody,
} from './guards'
import { withIdleLimit } from './idleLimit'
import { createServer } from './listen'

export interface TextExport {
  readonly fileName: string
  readonly mediaType: string
  readonly chunks: Iterable<string>
}

export interface ApiDoorDeps {
  readonly authenticator: Authenticator
  readonly call: (name: string, input: unknown, caller: Caller) => Promise<unknown>
  /** Exports as text in chunks, by path: `ledger/export`. Each is authorised like the query of its name. */
  readonly exports: Readonly<Record<string, (query: Readonly<Record<string, string>>, caller: Caller) => TextExport>>
  readonly openApi: () => unknown
  readonly health: () => { readonly status: 'ok'; readonly locked: boolean; readonly version: string }
  /** Called once a minute of flood, for the audit trail. */
  readonly onTokenFlood: () => void
  readonly logger: Logger
  /** Longest time that a request other than an import may take to arrive, in milliseconds; the promise's when left out. */
  readonly arrivalMs?: number
}

export interface ApiDoor {
  readonly port: number
  close(): Promise<void>
}

/** Longest wait for the next bytes of a streamed import. */
const importIdleMs = 30_000
/** Longest time that a request without a stream may take to arrive (promise W5). */
const requestArrivalMs = 10_000

/** What opens while the vault is locked. */
const whileLocked: ReadonlySet<string> = new Set(
  ['vault/status', 'vault/unlock', 'safety/pause', 'safety/status'].map((path) => `/api/v1/${path}`),
)

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | null
  }
}

/** Opens the API door on loopback: `POST /api/v1/<domain>/<procedure>`. It can do nothing but what dispatch does. */
export async function openApiDoor(deps: ApiDoorDeps, wishedPort: number): Promise<ApiDoor> {
  let port = 0
  const admit = (request: FastifyRequest): void => {
    door.assertOpen()
    assertOneHost(request.raw.rawHeaders)
    assertLocalCaller(request.headers, port)
    if (request.method === 'GET' && request.url === '/health') return
    request.actor = authenticate(deps, request)
    const path = request.url.split('?', 1)[0] ?? ''
    if (deps.health().locked && !whileLocked.has(path)) throw new AppError('locked', lockedMessage)
    assertPlainBody(request.headers)
    if (request.method === 'POST' && !request.is404 && hasNoBody(request.headers)) throw emptyBody()
    if (path !== '/api/v1/ledger/import') limitArrival(request, deps.arrivalMs ?? requestArrivalMs)
  }
  const door = createServer({
    bodyLimit,
    requestTimeout: 0,
    unroutable: (error, request, reply) => {
      try {
        admit(request)
        sendError(reply, toBody(error, deps.logger))
      } catch (refusal) {
        sendError(reply, toBody(refusal, deps.logger))
      }
    },
  })
  const server = door.fastify
  server.decorateRequest('actor', null)
  server.removeAllContentTypeParsers()
  // A body may hold a passphrase, and what is only freed keeps its bytes (promise V5): it is overwritten, and the pieces in which it came.
  const pieces = new WeakMap<FastifyRequest, Buffer[]>()
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    try {
      return parseJsonBody(body)
    } finally {
      for (const part of [body, ...(pieces.get(request) ?? [])]) part.fill(0)
    }
  })
  server.addHook('preParsing', (request, _reply, payload, done) => {
    const { 'content-type': type = '', 'content-length': length = '0' } = request.headers
    if (/^application\/json\b/i.test(type) && Number(length) <= bodyLimit) {
      const parts: Buffer[] = []
      let bytes = 0
      pieces.set(request, parts)
      payload.on('data', (part: Buffer) => {
        bytes += part.length
        if (bytes <= bodyLimit) parts.push(part)
      })
    }
    done(null, payload)
  })
  server.addContentTypeParser('*', refuseType)

  server.addHook('onRequest', async (request) => admit(request))

  server.setErrorHandler((error, _request, reply) => sendError(reply, toBody(error, deps.logger)))
  server.setNotFoundHandler((_request, reply) => sendError(reply, nothingHere))

  server.get('/health', async () => deps.health())
  server.get('/api/v1/openapi.json', async () => deps.openApi())
  for (const [path, open] of Object.entries(deps.exports)) {
    server.get(`/api/v1/${path}`, async (request, reply) => {
      const { fileName, mediaType, chunks } = open(request.query as Record<string, string>, callerOf(request))
      return reply
        .header('content-type', `${mediaType}; charset=utf-8`)
        .header('content-disposition', `attachment; filename="${fileName}"`)
        .send(Readable.from(chunks))
    })
  }
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/x-ndjson', async (_request: FastifyRequest, payload: unknown) => payload)
    scope.addContentTypeParser('*', refuseType)
    scope.post('/api/v1/ledger/import', async (request) => {
      if (!(request.body instanceof Readable)) {
        throw new AppError(
          'unsupported_media_type',
          'Nothing was imported: send the entries as application/x-ndjson, one JSON object a line.',
        )
      }
      const body = withIdleLimit(request.body, importIdleMs)
      const outcome = await deps.call('ledger.import', request.query, { ...callerOf(request), body })
      return (outcome as { value: unknown }).value
    })
  })
  server.post('/api/v1/:domain/:procedure', async (request) => {
    const { domain, procedure } = request.params as { domain: string; procedure: string }
    if (request.body === null) throw new AppError('invalid_input', 'Nothing was done: the body is null. Send a JSON object.')
    return deps.call(`${domain}.${procedure}`, request.body, callerOf(request))
  })

  port = await door.listen(wishedPort)
  return { port, close: () => door.close() }
}

const lockedMessage =
  'The vault is locked. Nothing was done. Unlock it with vault/unlock, then try again. Schedules and webhooks go on meanwhile.'

function authenticate(deps: ApiDoorDeps, request: FastifyRequest): Actor {
  const result = deps.authenticator.authenticate(bearerOf(request.headers))
  switch (result.kind) {
    case 'actor':
      return result.actor
    case 'missing':
      throw new AppError('unauthenticated', 'Nothing was done: send the header "Authorization: Bearer <token>".')
    case 'wrong':
      throw new AppError('unauthenticated', 'Nothing was done: this token is unknown, expired or revoked.')
    case 'throttled':
      if (result.first) deps.onTokenFlood()
      throw new AppError('rate_limited', 'Nothing was done: too many wrong tokens in a minute. Wait a minute.')
  }
}

function callerOf(request: FastifyRequest): Caller {
  if (request.actor === null)
    throw new AppError('unauthenticated', 'Nothing was done: send the header "Authorization: Bearer <token>".')
  return { actor: request.actor, door: 'api' }
}

/** Says of a body of a type that no procedure takes what is wrong with it: an empty one is of no type. */
async function refuseType(request: FastifyRequest, payload: IncomingMessage): Promise<undefined> {
  if (request.is404) return undefined
  for await (const chunk of withIdleLimit(payload, importIdleMs)) {
    if (chunk.length > 0) {
      throw new AppError(
        'unsupported_media_type',
        'Nothing was done: send the body as application/json; ledger/import takes application/x-ndjson.',
      )
    }
  }
  throw emptyBody()
}

/** The answer may take longer than this; only what has not arrived by then is cut off. */
function limitArrival({ raw }: FastifyRequest, ms: number): void {
  const timer = setTimeout(() => {
    if (!raw.complete) refuseConnection(Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), raw.socket)
  }, ms)
  timer.unref()
  const clear = () => clearTimeout(timer)
  raw.once('end', clear).once('close', clear)
}
