/** The page's own scheme and host; nothing else is ever loaded into the window. */
export const scheme = 'app'
export const host = 'countinghouse'
export const appUrl = `${scheme}://${host}/index.html`

/**
 * Whether a URL is a page of ours. Protocol and host are compared: the `origin` of a custom scheme is the string "null" in Node, as it is
 * for `file:` and `data:`, so comparing origins would take those for ours.
 */
export function isOurPage(url: string): boolean {
  if (!URL.canParse(url)) return false
  const parsed = new URL(url)
  return (
    parsed.protocol === `${scheme}:` &&
    parsed.host === host &&
    parsed.username === '' &&
    parsed.password === '' &&
    parsed.port === ''
  )
}
