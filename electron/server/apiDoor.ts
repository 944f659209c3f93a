import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError, type ErrorBody, errorStatus } from '../../shared/errors'
import type { Actor } from '../core/dispatch/actor'
import type { Caller } from '../core/dispatch/dispatch'
import type { Logger } from '../core/ports/logger'
import type { Authenticator } from './authenticator'
import { assertLocalCaller, bearerOf, bodyLimit, parseJsonBody } from './guards'
import { withIdleLimit } from './idleLimit'
import { createServer, listenOnLoopback } from './listen'

export interface ApiDoorDeps {
  readonly authenticator: Authenticator
  readonly call: (name: string, input: unknown, caller: Caller) => Promise<unknown>
  /** The journal as text, in chunks; authorised like the query `ledger.export`. */
  readonly exportJournal: (
    query: unknown,
    caller: Caller,
  ) => { readonly fileName: string; readonly mediaType: string; readonly chunks: Iterable<string> }
  readonly openApi: () => unknown
  readonly health: () => { readonly status: 'ok'; readonly locked: boolean; readonly version: string }
  /** Called once a minute of flood, for the audit trail. */
  readonly onTokenFlood: () => void
  readonly logger: Logger
}

export interface ApiDoor {
  readonly port: number
  close(): Promise<void>
}

/** Longest wait for the next bytes of a streamed import. */
const importIdleMs = 30_000
/** Longest time that a request without a stream may take to arrive. */
const requestArrivalMs = 10_000

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | null
  }
}

/** Opens the API door on loopback: `POST /api/v1/<domain>/<procedure>`. It can do nothing but what dispatch does. */
export async function openApiDoor(deps: ApiDoorDeps, wishedPort: number): Promise<ApiDoor> {
  const server = createServer(bodyLimit)
  let port = 0
  server.decorateRequest('actor', null)
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) =>
    parseJsonBody(body),
  )

  server.addHook('onRequest', async (request) => {
    assertLocalCaller(request.headers, port)
    if (request.method === 'GET' && request.url === '/health') return
    request.actor = authenticate(deps, request)
    if (!request.url.startsWith('/api/v1/ledger/import')) limitArrival(request)
  })

  server.setErrorHandler((error, _request, reply) => sendError(reply, toBody(error, deps.logger)))
  server.setNotFoundHandler((_request, reply) =>
    sendError(reply, { code: 'not_found', message: 'There is nothing here. GET /api/v1/openapi.json lists every procedure.' }),
  )

  server.get('/health', async () => deps.health())
  server.get('/api/v1/openapi.json', async () => deps.openApi())
  server.get('/api/v1/ledger/export', async (request, reply) => {
    const journal = deps.exportJournal(request.query, callerOf(request))
    return reply
      .header('content-type', `${journal.mediaType}; charset=utf-8`)
      .header('content-disposition', `attachment; filename="${journal.fileName}"`)
      .send(Readable.from(journal.chunks))
  })
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/x-ndjson', async (_request: FastifyRequest, payload: unknown) => payload)
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
    if (request.body === undefined || request.body === null) {
      if (request.headers['content-type'] !== undefined)
        throw new AppError('invalid_input', 'Nothing was done: the body is empty or null. Send a JSON object.')
      throw new AppError(
        'invalid_input',
        'Nothing was done: the body is empty. Send a JSON object, {} at least, as application/json.',
      )
    }
    return deps.call(`${domain}.${procedure}`, request.body, callerOf(request))
  })

  port = await listenOnLoopback(server, wishedPort)
  return { port, close: () => server.close() }
}

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

function limitArrival(request: FastifyRequest): void {
  const timer = setTimeout(() => request.raw.destroy(), requestArrivalMs)
  timer.unref()
  const clear = () => clearTimeout(timer)
  request.raw.once('end', clear).once('close', clear)
}

/** Any failure as what its caller may see; what is not expected is logged here and told as `internal`. */
export function toBody(error: unknown, logger: Logger): ErrorBody {
  if (error instanceof AppError) return error.toBody()
  const code = codeOf(error)
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return { code: 'too_large', message: 'Nothing was done: the body is larger than 1 MiB.' }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return { code: 'unsupported_media_type', message: 'Nothing was done: send the body as application/json.' }
  if (code.startsWith('FST_ERR_') || code.startsWith('HPE_') || code === 'ECONNRESET')
    return { code: 'invalid_input', message: 'Nothing was done: the request is malformed.' }
  if (code === 'SQLITE_FULL')
    return { code: 'unavailable', message: 'Nothing was done: the disk is full. Free some space and try again; nothing is lost.' }
  if (code === 'SQLITE_READONLY' || code === 'SQLITE_CANTOPEN' || code.startsWith('SQLITE_IOERR')) {
    return {
      code: 'unavailable',
      message: 'Nothing was done: the data folder cannot be written. Check the disk and its permissions.',
    }
  }
  logger.error({ err: error }, 'a call failed unexpectedly')
  return {
    code: 'internal',
    message: 'Nothing is known to be lost, but this failed for a reason that only the log names. Try again.',
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function sendError(reply: FastifyReply, body: ErrorBody): FastifyReply {
  if (body.code === 'rate_limited') reply.header('retry-after', '60')
  if (body.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer')
  return reply.code(errorStatus[body.code]).send({ error: body })
}
