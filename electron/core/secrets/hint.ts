import type { FieldType, SecretKind } from '../../../shared/contract/secrets'
import { isHidden, plainName } from './fieldRules'
import type { OpenField } from './secretItems'

/** Hosts of providers whose items have no address of their own. */
const providerHosts: Partial<Record<SecretKind, string>> = { stripe: 'api.stripe.com', upwork: 'api.upwork.com' }

/** Names of fields that hold a user name, as `plainName` makes them. */
const userNames: ReadonlySet<string> = new Set(['username', 'user', 'login', 'account', 'email', 'mail', 'clientid'])
const accountNumbers: ReadonlySet<string> = new Set(['number', 'cardnumber', 'iban', 'accountnumber'])
const longest = 100
/** A hidden value shorter than this stands in many a word by chance. */
const shortestSecret = 4

const shownAsUser: ReadonlySet<FieldType> = new Set(['text', 'email'])

/** The host of an address, also of one written without `https://`; null where there is none. */
export function hostOf(address: string): string | null {
  const text = address.trim()
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  if (!URL.canParse(withScheme)) return null
  const { hostname } = new URL(withScheme)
  return hostname === '' || hostname.length > 253 ? null : hostname.toLowerCase()
}

/** The hosts that an item is for: those of its web addresses, and its provider's. Each once, at most 20. */
export function hostsOf(kind: SecretKind, fields: readonly OpenField[]): string[] {
  const hosts = fields.flatMap(({ type, value }) => {
    const host = type === 'url' ? hostOf(value.toString('utf8')) : null
    return host === null ? [] : [host]
  })
  const own = providerHosts[kind]
  return [...new Set(own === undefined ? hosts : [own, ...hosts])].slice(0, 20)
}

function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, ' ').trim()
  return cut(line, longest)
}

/** The first characters of a text, never half of one. */
export function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, '')
}

/** The last four digits of a card or account number of at least eight characters: what a bank prints on a receipt. */
function lastFour(fields: readonly OpenField[]): string | null {
  for (const { name, value } of fields) {
    if (!accountNumbers.has(plainName(name))) continue
    const bare = value.toString('utf8').replace(/[^0-9A-Za-z]/g, '')
    if (bare.length >= 8 && /\d{4}$/.test(bare)) return `•••• ${bare.slice(-4)}`
  }
  return null
}

/**
 * A line that tells an item from others of its name: the last four digits of a card or account, else a user name, else a host. It stands
 * outside the sealed fields, so nothing that holds a hidden value is ever taken.
 */
export function hintOf(kind: SecretKind, fields: readonly OpenField[]): string | null {
  if (kind === 'card' || kind === 'bank_account') return lastFour(fields)
  const user = fields.find(
    ({ name, type, value }) => shownAsUser.has(type) && value.length > 0 && (type === 'email' || userNames.has(plainName(name))),
  )
  const hint = oneLine(user?.value.toString('utf8') ?? '') || hostsOf(kind, fields)[0]?.slice(0, longest)
  if (hint === undefined) return null
  const holdsSecret = fields.some(
    ({ type, value }) => isHidden(type) && value.length >= shortestSecret && hint.includes(value.toString('utf8')),
  )
  return holdsSecret ? null : hint
}
