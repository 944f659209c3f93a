import { Select } from '@mantine/core'
import { IconListDetails } from '@tabler/icons-react'
import { useRef } from 'react'
import { useShortcut } from '../../../app/shortcuts'
import { words as common } from '../words'
import { useAccounts } from './useAccounts'
import { words } from './words'

interface AccountFilterProps {
  readonly value: string | undefined
  readonly onChange: (account: string | undefined) => void
  readonly placeholder: string
  readonly clearable?: boolean
  readonly autoFocus?: boolean
}

/** One account that exists, found by typing a part of its path; "/" leads here. */
export function AccountFilter({ value, onChange, placeholder, clearable = false, autoFocus = false }: AccountFilterProps) {
  const field = useRef<HTMLInputElement>(null)
  const accounts = useAccounts()
  const names = (accounts.data ?? []).map((account) => account.account)
  const data = value !== undefined && !names.includes(value) ? [value, ...names] : names
  useShortcut('/', words.findAccount, () => field.current?.focus())
  return (
    <Select
      ref={field}
      aria-label={common.account}
      placeholder={placeholder}
      data={data}
      value={value ?? null}
      onChange={(account) => onChange(account ?? undefined)}
      searchable
      openOnFocus={false}
      clearable={clearable}
      allowDeselect={false}
      autoFocus={autoFocus}
      nothingFoundMessage={words.noSuchAccount}
      limit={100}
      leftSection={<IconListDetails size={15} stroke={1.7} aria-hidden="true" />}
      size="sm"
      w={232}
      spellCheck={false}
    />
  )
}
