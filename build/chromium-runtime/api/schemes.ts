/**
 * Chromium cannot navigate to a scheme of an app's own. Each registered standard scheme is mapped to https hosts under `.invalid`, a
 * top-level domain that never resolves: `app://countinghouse/x` is `https://countinghouse.app.invalid/x` inside the browser. Everything
 * main sees is mapped back.
 */
export interface SchemePrivileges {
  standard?: boolean
  secure?: boolean
  bypassCSP?: boolean
  allowServiceWorkers?: boolean
  supportFetchAPI?: boolean
  corsEnabled?: boolean
  stream?: boolean
  codeCache?: boolean
}

export interface CustomScheme {
  scheme: string
  privileges?: SchemePrivileges
}

const registered = new Map<string, SchemePrivileges>()
const SUFFIX = '.invalid'

/** Registers schemes; only those that are `standard` and `secure` can be loaded in a window. */
export function registerSchemes(schemes: CustomScheme[]): void {
  for (const { scheme, privileges = {} } of schemes) registered.set(scheme, privileges)
}

/** The registered scheme behind a URL inside the browser, or `undefined` when it is a URL of the outside world. */
export function schemeOf(browserUrl: string): string | undefined {
  if (!browserUrl.startsWith('https://')) return undefined
  const { hostname } = new URL(browserUrl)
  if (!hostname.endsWith(SUFFIX)) return undefined
  const scheme = hostname.slice(0, -SUFFIX.length).split('.').at(-1)
  return scheme !== undefined && registered.has(scheme) ? scheme : undefined
}

/** `https://countinghouse.app.invalid/x` -> `app://countinghouse/x`; other URLs stay as they are. */
export function toAppUrl(browserUrl: string): string {
  const scheme = schemeOf(browserUrl)
  if (scheme === undefined) return browserUrl
  const { hostname } = new URL(browserUrl)
  const host = hostname.slice(0, -`.${scheme}${SUFFIX}`.length)
  return `${scheme}://${host}${browserUrl.slice('https://'.length + hostname.length)}`
}

/**
 * `app://countinghouse/x` -> `https://countinghouse.app.invalid/x`; other URLs stay as they are.
 *
 * @throws Error when the scheme of an own URL was not registered as standard and secure
 */
export function toBrowserUrl(url: string): string {
  const parts = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is.exec(url)
  const scheme = parts?.[1]?.toLowerCase()
  if (!parts || scheme === undefined || ['http', 'https', 'file'].includes(scheme)) return url
  const privileges = registered.get(scheme)
  if (!privileges?.standard || !privileges.secure) throw new Error(`ERR_UNKNOWN_URL_SCHEME (-302) loading '${url}'`)
  return `https://${parts[2]}.${scheme}${SUFFIX}${parts[3] || '/'}`
}

/** Maps own URLs that stand inside a header, e.g. in a Content-Security-Policy or an Access-Control-Allow-Origin. */
export function toBrowserHeader(value: string): string {
  const withHosts = value.replaceAll(/\b([a-z][a-z0-9+.-]*):\/\/([a-z0-9.-]+)/gi, (own, scheme: string, host: string) =>
    registered.has(scheme) ? `https://${host}.${scheme}${SUFFIX}` : own,
  )
  return withHosts.replaceAll(/(^|[\s;,])([a-z][a-z0-9+.-]*):(?=[\s;,]|$)/gi, (own, before: string, scheme: string) =>
    registered.has(scheme) ? `${before}https://*.${scheme}${SUFFIX}` : own,
  )
}
