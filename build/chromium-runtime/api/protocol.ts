import type { Route } from 'playwright-core'
import { app } from './app.ts'
import { type CustomScheme, registerSchemes, toAppUrl, toBrowserHeader } from './schemes.ts'

type Handler = (request: Request) => Response | Promise<Response>

/** Header names of a request whose values may hold URLs of the page. */
const URL_HEADERS = new Set(['origin', 'referer'])

/** Electron's `protocol` of one session: the handlers that answer the requests of own schemes. */
export class Protocol {
  readonly #handlers = new Map<string, Handler>()

  /** @throws Error when the app is ready already: schemes are part of how the browser is started */
  registerSchemesAsPrivileged(schemes: CustomScheme[]): void {
    if (app.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready')
    registerSchemes(schemes)
  }

  handle(scheme: string, handler: Handler): void {
    if (this.#handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`)
    this.#handlers.set(scheme, handler)
  }

  unhandle(scheme: string): void {
    if (!this.#handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`)
  }

  isProtocolHandled(scheme: string): boolean {
    return this.#handlers.has(scheme)
  }

  /** Answers a request the browser made to an own scheme: the handler's response, or the error Chromium has for a missing one. */
  async answer(scheme: string, route: Route): Promise<void> {
    const handler = this.#handlers.get(scheme)
    if (!handler) return await route.abort('failed')
    try {
      const response = await handler(await toRequest(route))
      if (response.type === 'error') return await route.abort('failed')
      const body = Buffer.from(await response.arrayBuffer())
      await route.fulfill({ status: response.status, headers: toBrowserHeaders(response.headers), body })
    } catch (error) {
      if (!isGone(error)) console.error(`protocol.handle('${scheme}') failed:`, error)
      await route.abort('failed').catch(() => {})
    }
  }
}

/** The browser was closed while a request was being answered. */
const isGone = (error: unknown) =>
  error instanceof Error && /has been closed|Target closed|Invalid InterceptionId/.test(error.message)

async function toRequest(route: Route): Promise<Request> {
  const request = route.request()
  const method = request.method()
  const headers = new Headers()
  for (const { name, value } of await request.headersArray()) {
    if (!name.startsWith(':')) headers.append(name, URL_HEADERS.has(name.toLowerCase()) ? toAppUrl(value) : value)
  }
  const body = method === 'GET' || method === 'HEAD' ? null : request.postDataBuffer()
  return new Request(toAppUrl(request.url()), { method, headers, body: body && new Uint8Array(body) })
}

function toBrowserHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].map(([name, value]) => [name, toBrowserHeader(value)]))
}
