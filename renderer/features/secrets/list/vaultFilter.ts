import type { SecretKind } from '../../../../shared/contract/secrets'
import type { Filter } from '../../../api/pages'

const vaultViews = ['all', 'due', 'bin'] as const
type VaultView = (typeof vaultViews)[number]

/** What is chosen in the head of the list. */
export interface VaultSearch {
  readonly query?: string | undefined
  readonly kind?: SecretKind | undefined
  readonly tag?: string | undefined
  readonly view?: VaultView | undefined
  readonly everywhere?: boolean | undefined
}

const dueWithinDays = 30

/** The question that the list asks for what is chosen in its head. */
export function vaultFilter(search: VaultSearch, businessId: string): Filter<'secrets.list'> {
  const { query, kind, tag, view, everywhere } = search
  return {
    ...(everywhere ? {} : { businessId, withVault: true }),
    ...(query ? { query } : {}),
    ...(kind ? { kind } : {}),
    ...(tag ? { tag } : {}),
    ...(view === 'due' ? { dueWithinDays } : {}),
    ...(view === 'bin' ? { deleted: true } : {}),
  }
}
