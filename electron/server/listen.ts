import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { refuseConnection } from './answers'

export interface ServerOptions {
  /** Largest body in bytes. */
  readonly bodyLimit: number
  /** Longest time that a whole request may take to arrive, in milliseconds; 0 where the door sees to that itself. */
  readonly requestTimeout: number
  /** Answers a request whose address cannot even be routed (a broken escape, a segment that is too long); no hook runs for it. */
  readonly unroutable: (error: Error, request: FastifyRequest, reply: FastifyReply) => void
}

/**
 * A fastify server with the limits of promise W5. The connection cap lies well above the promise's 64: with a lower one, a few hundred
 * slow sockets would keep good callers out; each idle socket costs little and dies at `headersTimeout`.
 */
export function createServer({ bodyLimit, requestTimeout, unroutable }: ServerOptions): FastifyInstance {
  const server = Fastify({
    bodyLimit,
    connectionTimeout: 0,
    keepAliveTimeout: 10_000,
    requestTimeout,
    maxRequestsPerSocket: 1000,
    routerOptions: { maxParamLength: 512 },
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: true,
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
  server.server.maxConnections = 1024
  // Without a listener, an unknown Expect header is answered by Node itself, before anybody was asked for a token.
  server.server.on('checkExpectation', (request, response) => void server.server.emit('request', request, response))
  return server
}

/**
 * Listens on loopback only.
 * @param port 0 for any free port
 * @returns the port taken
 * @throws the system's error, e.g. EADDRINUSE
 */
export async function listenOnLoopback(server: FastifyInstance, port: number): Promise<number> {
  await server.listen({ host: '127.0.0.1', port })
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  return address.port
}
