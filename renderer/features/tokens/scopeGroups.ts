import { type Scope, scopes } from '../../../shared/contract/procedure'

/** What a token may do in one domain. */
interface ScopeGroup {
  readonly domain: string
  readonly read: Scope | null
  readonly write: Scope | null
  /** Rights that are neither reading nor changing. */
  readonly other: readonly Scope[]
}

/** The scopes by domain, in the order of the contract. */
export function scopeGroups(practice: boolean): readonly ScopeGroup[] {
  const domains = [...new Set(scopes.map((scope) => scope.slice(0, scope.indexOf(':'))))]
  const find = (name: string): Scope | null => scopes.find((scope) => scope === name) ?? null
  return domains
    .filter((domain) => practice || domain !== 'practice')
    .map((domain) => ({
      domain,
      read: find(`${domain}:read`),
      write: find(`${domain}:write`),
      other: scopes.filter((scope) => scope.startsWith(`${domain}:`) && !/:(read|write)$/.test(scope)),
    }))
}

/** "invoices, ledger (read); payments (read, write)": scopes as a person reads them. */
export function scopesText(granted: readonly Scope[]): string {
  const byRights = new Map<string, string[]>()
  for (const group of scopeGroups(true)) {
    const own = granted
      .filter((scope) => scope.startsWith(`${group.domain}:`))
      .map((scope) => scope.slice(group.domain.length + 1))
    if (own.length === 0) continue
    const rights = own.join(', ')
    byRights.set(rights, [...(byRights.get(rights) ?? []), group.domain])
  }
  return [...byRights].map(([rights, domains]) => `${domains.join(', ')} (${rights})`).join('; ')
}
