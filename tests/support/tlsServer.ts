import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { join } from 'node:path'

const folder = join(import.meta.dirname, 'tls')
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

/** The certificate authority of the tests; only who is handed it trusts it. */
export const testCa = read('ca.crt')

/** A public address that no test ever reaches: what is dialled is the server on loopback. */
export const publicAddress = '93.184.216.34'

export interface TlsServer {
  readonly port: number
  /** Requests so far: what was asked, with the whole body. */
  readonly requests: {
    readonly method: string
    readonly url: string
    readonly headers: NodeJS.Dict<string | string[]>
    readonly body: string
  }[]
  /** Addresses that were dialled, in order. */
  readonly dialled: string[]
  /** For the adapter: names lead to a public address, and that leads here. */
  readonly options: {
    readonly lookup: (host: string) => Promise<readonly string[]>
    readonly dial: (addresses: readonly string[], port: number) => Socket
    readonly ca: string
  }
  close(): Promise<void>
}

/** A real https server on loopback with a certificate for `provider.test` and the names below it. */
export async function startTlsServer(
  answer: (request: IncomingMessage & { readonly text: string }, response: ServerResponse) => void,
): Promise<TlsServer> {
  const requests: TlsServer['requests'] = []
  const dialled: string[] = []
  const server: Server = createServer({ key: read('server.key'), cert: read('server.crt') }, (request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString('utf8')
      const { method = '', url = '', headers } = request
      requests.push({ method, url, headers, body: text })
      answer(Object.assign(request, { text }), response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    requests,
    dialled,
    options: {
      lookup: async () => [publicAddress],
      dial: (addresses) => {
        dialled.push(...addresses)
        return connect(port, '127.0.0.1')
      },
      ca: testCa,
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
