import type { FastifyRequest } from 'fastify'
import { AppError } from '../../shared/errors'
import type { Logger } from '../core/ports/logger'
import { sendError, toBody } from './answers'
import { bodyLimit } from './guards'
import { createServer } from './listen'

export interface WebhookDelivery {
  readonly provider: string
  readonly pathToken: string
  /** The exact bytes received: signatures are over them. */
  readonly rawBody: Buffer
  readonly signature: string | undefined
}

export interface WebhookDoorDeps {
  /** Stores the event durably, then resolves; rejects with an AppError that says why not. */
  readonly ingest: (delivery: WebhookDelivery) => Promise<void>
  readonly logger: Logger
}

export interface WebhookDoor {
  readonly port: number
  close(): Promise<void>
}

/** Longest time that an event may take to arrive (promise W5). */
const requestArrivalMs = 10_000

/** Says nothing of what else there is: a stranger on a tunnel reads it. */
const nothingHere = { code: 'not_found', message: 'There is nothing here.' } as const

/** Opens the webhook door: `POST /webhooks/<provider>/<path token>` and nothing else. Only this port is ever tunnelled. */
export async function openWebhookDoor(deps: WebhookDoorDeps, wishedPort: number): Promise<WebhookDoor> {
  const door = createServer({
    bodyLimit,
    requestTimeout: requestArrivalMs,
    unroutable: (_error, _request, reply) => sendError(reply, nothingHere),
  })
  const server = door.fastify
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) => body)
  server.addHook('onRequest', async () => door.assertOpen())
  server.setErrorHandler((error, _request, reply) => sendError(reply, toBody(error, deps.logger)))
  server.setNotFoundHandler((_request, reply) => sendError(reply, nothingHere))
  server.post('/webhooks/:provider/:pathToken', async (request) => {
    const { provider, pathToken } = request.params as { provider: string; pathToken: string }
    if (provider === '' || pathToken === '') throw new AppError(nothingHere.code, nothingHere.message)
    if (!Buffer.isBuffer(request.body)) throw new AppError('invalid_input', 'The body is empty.')
    const signature = request.headers['stripe-signature']
    await deps.ingest({
      provider,
      pathToken,
      rawBody: request.body,
      signature: typeof signature === 'string' ? signature : undefined,
    })
    return { received: true }
  })
  const port = await door.listen(wishedPort)
  return { port, close: () => door.close() }
}
