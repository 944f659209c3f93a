import type { FastifyRequest } from 'fastify'
import { AppError, errorStatus } from '../../shared/errors'
import type { Logger } from '../core/ports/logger'
import { toBody } from './apiDoor'
import { bodyLimit } from './guards'
import { createServer, listenOnLoopback } from './listen'

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

/** Opens the webhook door: `POST /webhooks/<provider>/<path token>` and nothing else. Only this port is ever tunnelled. */
export async function openWebhookDoor(deps: WebhookDoorDeps, wishedPort: number): Promise<WebhookDoor> {
  const server = createServer(bodyLimit)
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) => body)
  server.setErrorHandler((error, _request, reply) => {
    const body = toBody(error, deps.logger)
    if (body.code === 'unavailable') reply.header('retry-after', '5')
    return reply.code(errorStatus[body.code]).send({ error: body })
  })
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: { code: 'not_found', message: 'There is nothing here.' } }),
  )
  server.post('/webhooks/:provider/:pathToken', async (request) => {
    const { provider, pathToken } = request.params as { provider: string; pathToken: string }
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
  const port = await listenOnLoopback(server, wishedPort)
  return { port, close: () => server.close() }
}
