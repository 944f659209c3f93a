import Fastify, { type FastifyInstance } from 'fastify'

/**
 * A fastify server with the limits of promise W5. The connection cap lies well above the promise's 64: with a lower one, a few hundred
 * slow sockets would keep good callers out; each idle socket costs little and dies at `headersTimeout`.
 */
export function createServer(bodyLimit: number): FastifyInstance {
  const server = Fastify({
    bodyLimit,
    connectionTimeout: 0,
    keepAliveTimeout: 10_000,
    requestTimeout: 0,
    maxRequestsPerSocket: 1000,
    exposeHeadRoutes: false,
    return503OnClosing: true,
    forceCloseConnections: true,
    http: { maxHeaderSize: 16 * 1024, headersTimeout: 5_000, connectionsCheckingInterval: 1_000, insecureHTTPParser: false },
  })
  server.server.maxConnections = 1024
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
