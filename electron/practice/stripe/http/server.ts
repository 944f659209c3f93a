import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type HostedParts, handleHosted } from '../hosted/routes'
import { newId } from '../ids'
import { withBase } from '../view'
import type { Api } from './api'
import { errorBody, invalid } from './errors'

const MAX_BODY = 1024 * 1024
const GRACE_MS = 1_000
/** Longer than clients keep an idle connection, so that they are the ones to close it. */
const KEEP_ALIVE_MS = 75_000

/** The stand-in's HTTP face on 127.0.0.1. */
export class PracticeServer {
  readonly #server: Server

  constructor(
    readonly api: Api,
    readonly hosted: HostedParts,
  ) {
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      this.#answer(request, response).catch(() => response.destroy())
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Takes the first of these ports that is free; 0 means any. */
  async listen(ports: readonly number[]): Promise<void> {
    for (const [index, port] of ports.entries()) {
      try {
        return await this.#listenOn(port)
      } catch (error) {
        if (index === ports.length - 1) throw error
      }
    }
  }

  /** Lets running requests end, then cuts what is left. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeIdleConnections()
    const cut = setTimeout(() => this.#server.closeAllConnections(), GRACE_MS)
    await closed
    clearTimeout(cut)
  }

  #listenOn(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject)
        resolve()
      })
    })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Names that resolve to loopback would let a web page read the answers (DNS rebinding).
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) return send(response, 403, {}, 'Unknown host\n')
    const url = request.url ?? '/'
    const at = url.indexOf('?')
    const path = decoded(at === -1 ? url : url.slice(0, at))
    const query = at === -1 ? '' : url.slice(at + 1)
    const body = await readBody(request)
    if (path.startsWith('/v1/')) return this.#answerApi(request, response, path, query, body)
    if (body === undefined) return send(response, 413, {}, 'Too large\n')
    if (!path.startsWith('/i/')) return send(response, 404, {}, 'Not found\n')
    const page = handleHosted(this.hosted, { method: request.method ?? 'GET', path, body, accept: request.headers.accept ?? '' })
    send(response, page.status, page.headers, page.body)
  }

  #answerApi(request: IncomingMessage, response: ServerResponse, path: string, query: string, body: string | undefined): void {
    const json = { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, no-store' }
    if (body === undefined) {
      const error = invalid('The request body is larger than 1 MiB.', {}, 413)
      send(response, 413, json, JSON.stringify(errorBody(error.fields, newId('req')), null, 2))
      return
    }
    const answer = this.api.handle({ method: request.method ?? 'GET', path, query, body, headers: request.headers })
    if (answer.cut) {
      request.socket.destroy()
      return
    }
    send(response, answer.status, { ...answer.headers, ...json }, JSON.stringify(withBase(answer.body, this.url), null, 2))
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** The body as text, or `undefined` when it is larger than 1 MiB. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = chunk as Buffer
    size += bytes.length
    if (size <= MAX_BODY) chunks.push(bytes)
  }
  return size > MAX_BODY ? undefined : Buffer.concat(chunks).toString('utf8')
}

function send(response: ServerResponse, status: number, headers: Record<string, string>, body: string | Buffer): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    ...headers,
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}
