import { Select } from '@mantine/core'
import { accountTypes } from '../../../shared/domain/ids'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { words } from './words'

interface AccountFilterProps {
  readonly value: string | undefined
  readonly placeholder: string
  readonly onChange: (account: string | undefined) => void
  readonly autoFocus?: boolean
}

/** One account of the chart, found by typing; grouped by its root. */
export function AccountFilter({ value, placeholder, onChange, autoFocus = false }: AccountFilterProps) {
  const business = useBusiness()
  const accounts = useRead('ledger.accounts', { businessId: business.id, limit: 200 })
  const items = accounts.data?.items ?? []
  const known = items.some((account) => account.account === value)
  const groups = accountTypes.map((type) => ({
    group: words.types[type],
    items: [
      ...items.filter((account) => account.type === type).map((account) => account.account),
      ...(value && !known && value.startsWith(`${type}:`) ? [value] : []),
    ],
  }))
  return (
    <Select
      aria-label={words.account}
      placeholder={placeholder}
      data={groups.filter((group) => group.items.length > 0)}
      searchable
      clearable
      autoFocus={autoFocus}
      openOnFocus={false}
      w={250}
      limit={200}
      value={value ?? null}
      onChange={(account) => onChange(account ?? undefined)}
    />
  )
}
