import { ActionIcon, Select } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { MoneyField } from '../../../components/MoneyField'
import { AccountSelect } from '../accounts/AccountSelect'
import { words as common } from '../words'
import type { EntryLine } from './entryDraft'
import styles from './post.module.css'
import { words } from './words'

interface EntryLineRowProps {
  readonly line: EntryLine
  readonly number: number
  readonly currencies: readonly { readonly value: string; readonly label: string }[]
  readonly problems: Readonly<Record<string, string>>
  /** The account that is typed does not exist. */
  readonly isNew: boolean
  readonly onChange: (part: Partial<EntryLine>) => void
  /** An account was chosen from the list. */
  readonly onChosen: (account: string) => void
  readonly onCreate: () => void
  readonly onRemove: () => void
}

/** One line of an entry: an account, and an amount on one side. */
export function EntryLineRow(props: EntryLineRowProps) {
  const { line, number, currencies, problems, isNew, onChange, onChosen, onCreate, onRemove } = props
  const name = words.line(number)
  const amountProblem = problems[`${line.key}.amount`]
  return (
    <div className={styles.line} data-line={line.key}>
      <div>
        <AccountSelect
          ariaLabel={`${name}: ${common.account}`}
          value={line.account}
          maxLength={200}
          error={problems[`${line.key}.account`]}
          onChange={(account) => onChange({ account })}
          onOptionSubmit={onChosen}
        />
        {isNew && /^\w+:./.test(line.account) ? (
          <button type="button" className={styles.create} onClick={onCreate}>
            <IconPlus size={13} aria-hidden="true" /> {words.createAccount(line.account.trim())}
          </button>
        ) : null}
      </div>
      <MoneyField
        aria-label={`${name}: ${common.debit}`}
        currency={line.currency}
        minor={line.debit}
        withSymbol={false}
        error={amountProblem}
        onMinor={(debit) => onChange(debit === null ? { debit } : { debit, credit: null })}
      />
      <MoneyField
        aria-label={`${name}: ${common.credit}`}
        currency={line.currency}
        minor={line.credit}
        withSymbol={false}
        error={amountProblem !== undefined}
        onMinor={(credit) => onChange(credit === null ? { credit } : { credit, debit: null })}
      />
      <Select
        aria-label={`${name}: ${words.currency}`}
        data={currencies.map(({ value }) => value)}
        renderOption={({ option }) => currencies.find(({ value }) => value === option.value)?.label ?? option.value}
        comboboxProps={{ width: 240, position: 'bottom-end' }}
        searchable
        allowDeselect={false}
        value={line.currency}
        onChange={(currency) => currency !== null && onChange({ currency, debit: null, credit: null })}
      />
      <ActionIcon aria-label={words.removeLine(number)} onClick={onRemove} size="sm" className={styles.remove ?? ''}>
        <IconX size={14} />
      </ActionIcon>
    </div>
  )
}
