import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { isOurPage } from './origin'

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

function policyFor(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ')
}

/** The page's files by path, read once: what is not in this list does not exist, whatever a URL spells (promise E3). */
export function readManifest(folder: string): ReadonlyMap<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return [`/${relative(folder, path).split(sep).join('/')}`, readFileSync(path)]
    }),
  )
}

/**
 * Answers the page's own requests from the manifest, with a Content-Security-Policy whose style nonce is new for each load.
 * @param manifest file contents by absolute URL path
 */
export function contentHandler(manifest: ReadonlyMap<string, Buffer>): (request: Request) => Response {
  return (request) => {
    const url = new URL(request.url)
    const file = isOurPage(request.url) && request.method === 'GET' ? manifest.get(url.pathname) : undefined
    const type = mediaTypes[extname(url.pathname)]
    if (file === undefined || type === undefined) return new Response(null, { status: 404 })
    const nonce = randomBytes(16).toString('base64')
    const isPage = extname(url.pathname) === '.html'
    const body = isPage ? file.toString('utf8').replaceAll('__CSP_NONCE__', nonce) : new Uint8Array(file)
    return new Response(body, {
      headers: {
        'content-type': type,
        'content-security-policy': policyFor(nonce),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      },
    })
  }
}
