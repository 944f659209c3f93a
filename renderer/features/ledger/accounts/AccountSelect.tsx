import { Autocomplete, type AutocompleteProps } from '@mantine/core'
import type { AccountType } from '../../../../shared/domain/ids'
import { useAccounts } from './useAccounts'

interface AccountSelectProps extends Omit<AutocompleteProps, 'value' | 'onChange' | 'data'> {
  readonly value: string
  readonly onChange: (account: string) => void
  readonly ariaLabel?: string
  /** Offers only accounts under these roots. */
  readonly roots?: readonly AccountType[]
}

/** An account by its path: typed or chosen. A path that does not exist yet may be typed too. */
export function AccountSelect({ value, onChange, ariaLabel, roots, ...rest }: AccountSelectProps) {
  const accounts = useAccounts()
  const names = (accounts.data ?? [])
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
