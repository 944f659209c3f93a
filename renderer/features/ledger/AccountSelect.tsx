import { Autocomplete, type AutocompleteProps } from '@mantine/core'
import type { AccountType } from '../../../shared/domain/ids'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'

interface AccountSelectProps extends Omit<AutocompleteProps, 'value' | 'onChange' | 'data'> {
  readonly value: string
  readonly onChange: (account: string) => void
  readonly ariaLabel?: string
  /** Offers only accounts under these roots. */
  readonly roots?: readonly AccountType[]
}

/** An account by its path: typed or chosen. A path that does not exist yet may be typed too. */
export function AccountSelect({ value, onChange, ariaLabel, roots, ...rest }: AccountSelectProps) {
  const business = useBusiness()
  const accounts = useRead('ledger.accounts', { businessId: business.id, limit: 200 })
  const names = (accounts.data?.items ?? [])
    .filter((account) => !roots || roots.includes(account.type))
    .map((account) => account.account)
  return (
    <Autocomplete
      size="sm"
      {...(ariaLabel ? { 'aria-label': ariaLabel } : {})}
      data={names}
      value={value}
      onChange={onChange}
      limit={50}
      spellCheck={false}
      {...rest}
    />
  )
}
