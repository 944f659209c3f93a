interface TrustedTypePolicyFactory {
  createPolicy(name: string, rules: { createHTML: (text: string) => string }): unknown
}

declare global {
  interface Window {
    readonly trustedTypes?: TrustedTypePolicyFactory
  }
}

/**
 * A string handed to an HTML sink, as it is, when it cannot hold markup: Mantine writes style sheets this way and nothing else may.
 * Throws TypeError for any string with `<`.
 */
function refuseMarkup(text: string): string {
  if (text.includes('<')) throw new TypeError('Markup from strings is refused in this window')
  return text
}

/** Installs the page's only Trusted Types policy: no script, no script address, no markup ever comes from a string. */
export function installTrustedTypes(): void {
  window.trustedTypes?.createPolicy('default', { createHTML: refuseMarkup })
}
