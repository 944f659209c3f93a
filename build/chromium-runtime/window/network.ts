import type { Page, Request, Route } from 'playwright-core'
import type { Protocol } from '../api/protocol.ts'
import { schemeOf, toAppUrl } from '../api/schemes.ts'
import { chromiumRuntime } from '../runtime.ts'

/** What the network needs to know from the window it serves. */
export interface NetworkOwner {
  page: Page
  protocol: Protocol
  /** Whether main itself asked for this URL as the window's next document. */
  isExpected(browserUrl: string): boolean
  /** Asks main whether a navigation that the page began may go on. */
  mayNavigate(url: string, isMainFrame: boolean): boolean
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Answers every request of a window: own schemes by their handler, loopback by the machine, files when main loads them, else nothing. */
export async function serveRequests(owner: NetworkOwner): Promise<void> {
  await owner.page.context().route(
    () => true,
    async (route, request) => {
      try {
        await serve(owner, route, request)
      } catch (error) {
        if (!owner.page.isClosed()) throw error
      }
    },
  )
}

async function serve(owner: NetworkOwner, route: Route, request: Request): Promise<void> {
  const url = request.url()
  if (!belongsTo(owner.page, request)) return await route.abort('blockedbyclient')
  if (request.isNavigationRequest() && !mayGoOn(owner, request)) return await route.abort('aborted')
  const scheme = schemeOf(url)
  if (scheme !== undefined) return await owner.protocol.answer(scheme, route)
  if (isOutside(owner, url)) {
    chromiumRuntime.record('network.blocked', toAppUrl(url))
    return await route.abort('blockedbyclient')
  }
  await route.continue()
}

/** Whether the request comes from this window's page, not from one it tried to open. */
function belongsTo(page: Page, request: Request): boolean {
  try {
    return request.frame().page() === page
  } catch {
    // Playwright throws while the frame of a new page does not exist yet: the first document of a popup.
    return false
  }
}

function mayGoOn(owner: NetworkOwner, request: Request): boolean {
  const isMainFrame = request.frame() === owner.page.mainFrame()
  if (isMainFrame && (owner.isExpected(request.url()) || isReload(owner.page, request))) return true
  return owner.mayNavigate(toAppUrl(request.url()), isMainFrame)
}

const withoutFragment = (url: string) => url.split('#')[0]

function isReload(page: Page, request: Request): boolean {
  return request.method() === 'GET' && withoutFragment(request.url()) === withoutFragment(page.url())
}

function isOutside(owner: NetworkOwner, url: string): boolean {
  const { protocol, hostname } = new URL(url)
  if (protocol === 'file:') return !owner.page.url().startsWith('file:') && !owner.isExpected(url)
  return !LOOPBACK.has(hostname)
}
