import { Modal, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { CustomerForm } from './CustomerForm'
import styles from './customers.module.css'
import { words } from './words'

interface CustomerSelectProps {
  readonly value: string | null
  readonly onChange: (customerId: string) => void
  readonly label: string
  readonly error?: string | undefined
  readonly autoFocus?: boolean
}

const createValue = '+'

/** Finds a customer by typing, or adds the one that is missing without leaving the page. */
export function CustomerSelect({ value, onChange, label, error, autoFocus = false }: CustomerSelectProps) {
  const business = useBusiness()
  const [search, setSearch] = useState('')
  const [settled] = useDebouncedValue(search, 120)
  const [creating, setCreating] = useState<string | null>(null)
  const selected = useRead('customers.get', { customerId: value ?? '-' }, { enabled: value !== null })
  const query = settled.trim() === selected.data?.name ? '' : settled.trim()
  const found = useRead(
    'customers.list',
    { businessId: business.id, limit: 50, ...(query === '' ? {} : { query }) },
    { keepPrevious: true },
  )
  const options = (found.data?.items ?? []).map((customer) => ({ value: customer.id, label: customer.name }))
  const own = selected.data
  const withOwn =
    own && !options.some((option) => option.value === own.id) ? [{ value: own.id, label: own.name }, ...options] : options
  const create = { value: createValue, label: query === '' ? words.add : words.createNamed(query) }
  return (
    <>
      <Select
        label={label}
        placeholder={words.choose}
        searchable
        autoFocus={autoFocus}
        openOnFocus={false}
        allowDeselect={false}
        searchValue={search}
        onSearchChange={setSearch}
        filter={({ options: all }) => all}
        data={[create, ...withOwn]}
        renderOption={({ option }) =>
          option.value === createValue ? (
            <span className={styles.create}>
              <IconPlus size={14} aria-hidden="true" /> {option.label}
            </span>
          ) : (
            option.label
          )
        }
        value={value}
        error={error}
        onChange={(next) => {
          if (next === createValue) setCreating(query)
          else if (next !== null) onChange(next)
        }}
      />
      <Modal opened={creating !== null} onClose={() => setCreating(null)} title={words.add} size={520} lockScroll={false}>
        {creating === null ? null : (
          <CustomerForm
            customer={null}
            name={creating}
            onCancel={() => setCreating(null)}
            onSaved={(customer) => {
              setCreating(null)
              onChange(customer.id)
            }}
          />
        )}
      </Modal>
    </>
  )
}
