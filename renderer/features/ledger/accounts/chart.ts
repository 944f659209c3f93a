import type { Output } from '../../../../shared/contract/index'
import { type AccountType, accountName, accountTypes } from '../../../../shared/domain/ids'
import { currenciesIn, naturalSign } from '../figures/sides'
import type { Account } from './useAccounts'

export interface ChartLine {
  readonly account: string
  /** One amount per currency, in the natural sign of the type. */
  readonly amounts: readonly { readonly currency: string; readonly minor: number }[]
}

export interface ChartGroup {
  readonly type: AccountType
  readonly lines: readonly ChartLine[]
}

interface ChartFilter {
  /** A part of the path, in any case; empty: every account. */
  readonly query: string
  /** Leaves out accounts without a balance. */
  readonly onlyUsed: boolean
}

/** The chart of accounts by type with balances; types without a fitting account are left out. */
export function chartGroups(
  accounts: readonly Account[],
  { rows }: Pick<Output<'ledger.trialBalance'>, 'rows'>,
  own: string,
  { query, onlyUsed }: ChartFilter,
): ChartGroup[] {
  const balances = Map.groupBy(rows, (row) => row.account)
  const wanted = query.trim().toLowerCase()
  return accountTypes
    .map((type) => ({
      type,
      lines: accounts
        .filter((account) => account.type === type && account.account.toLowerCase().includes(wanted))
        .map(({ account }) => {
          const ownRows = balances.get(account) ?? []
          const amounts = currenciesIn(ownRows, own).map((currency) => ({
            currency,
            minor: naturalSign(type) * (ownRows.find((row) => row.currency === currency)?.minor ?? 0),
          }))
          return { account, amounts }
        })
        .filter((line) => !onlyUsed || line.amounts.length > 0),
    }))
    .filter((group) => group.lines.length > 0)
}

/** The full path of a name under a type: "bank:savings" under assets is "assets:bank:savings". A name that brings its root keeps it. */
export function pathOf(type: AccountType, name: string): string {
  const text = name.trim()
  return text.startsWith(`${type}:`) ? text : `${type}:${text}`
}

/** Why a name cannot become an account; null when it can. `taken` are the paths that exist. */
export function pathProblem(
  path: string,
  taken: ReadonlySet<string>,
  say: { readonly missing: string; readonly exists: string },
): string | null {
  if (path.endsWith(':')) return say.missing
  const parsed = accountName.safeParse(path)
  if (!parsed.success) return `The name ${parsed.error.issues[0]?.message ?? 'is no account path'}.`
  return taken.has(path) ? say.exists : null
}
