import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { AppError, errorStatus } from '../../shared/errors'
import { refuseConnection } from './answers'

export interface ServerOptions {
  /** Largest body in bytes. */
  readonly bodyLimit: number
  /** Longest time that a whole request may take to arrive, in milliseconds; 0 where the door sees to that itself. */
  readonly requestTimeout: number
  /** Answers a request whose address cannot even be routed (a broken escape, a segment that is too long); no hook runs for it. */
  readonly unroutable: (error: Error, request: FastifyRequest, reply: FastifyReply) => void
}

export interface LoopbackServer {
  readonly fastify: FastifyInstance
  /**
   * Listens on 127.0.0.1 only.
   * @param port 0 for any free port
   * @returns the port taken
   * @throws the system's error, e.g. EADDRINUSE
   */
  listen(port: number): Promise<number>
  /** @throws AppError unavailable once `close` was called */
  assertOpen(): void
  /** Takes no more requests, waits for the answers to those that are here, and cuts off what is not done in `drainMs`. */
  close(): Promise<void>
}

const drainMs = 1_500

/**
 * A fastify server with the limits of promise W5. The connection cap lies well above the promise's 64: with a lower one, a few hundred
 * slow sockets would keep good callers out; each idle socket costs little and dies at `headersTimeout`.
 */
export function createServer({ bodyLimit, requestTimeout, unroutable }: ServerOptions): LoopbackServer {
  const fastify = Fastify({
    bodyLimit,
    connectionTimeout: 0,
    keepAliveTimeout: 10_000,
    requestTimeout,
    maxRequestsPerSocket: 1000,
    routerOptions: { maxParamLength: 512 },
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: unroutable,
    clientErrorHandler: refuseConnection,
    http: {
      maxHeaderSize: 16 * 1024,
      headersTimeout: 5_000,
      connectionsCheckingInterval: 1_000,
      insecureHTTPParser: false,
      requireHostHeader: false,
    },
  })
  const { server } = fastify
  server.maxConnections = 1024
  // Without a listener, an unknown Expect header is answered by Node itself, before anybody was asked for a token.
  server.on('checkExpectation', (request, response) => void server.emit('request', request, response))
  let closing = false
  fastify.addHook('onSend', async (request, reply) => {
    reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
    if (reply.statusCode === errorStatus.too_large) {
      // Cut off while sending, a caller would not hear why: the rest is read and dropped for as long as a request may take.
      reply.removeHeader('connection')
      request.raw.resume()
    }
    if (closing) reply.header('connection', 'close')
  })
  return {
    fastify,
    async listen(port) {
      await fastify.listen({ host: '127.0.0.1', port })
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('The server has no port')
      return address.port
    },
    assertOpen() {
      if (closing) throw new AppError('unavailable', 'Nothing was done: the app is closing. Try again after its next start.')
    },
    async close() {
      closing = true
      const cut = setTimeout(() => server.closeAllConnections(), drainMs)
      try {
        await fastify.close()
      } finally {
        clearTimeout(cut)
      }
    },
  }
}
