import { ActionIcon, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { KeyboardEvent } from 'react'
import type { Currency } from '../../../../shared/domain/currency'
import { Money } from '../../../components/Money'
import { MoneyField } from '../../../components/MoneyField'
import { AccountSelect } from '../../ledger/accounts/AccountSelect'
import styles from './editor.module.css'
import type { DraftLine, DraftProblems } from './invoiceDraft'
import { words } from './words'

interface DraftLineRowProps {
  readonly line: DraftLine
  readonly number: number
  readonly currency: Currency
  readonly amount: number | null
  readonly problems: DraftProblems
  readonly withAccount: boolean
  readonly onChange: (line: DraftLine) => void
  readonly onRemove: () => void
  /** Enter on a line goes on to a new one. */
  readonly onNext: () => void
}

/** One line of the invoice. */
export function DraftLineRow(props: DraftLineRowProps) {
  const { line, number, currency, amount, problems, withAccount, onChange, onRemove, onNext } = props
  const name = words.line(number)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    onNext()
  }
  const problem = (field: string) => problems[`${line.key}.${field}`]
  return (
    <div className={styles.line} data-line={line.key}>
      <TextInput
        aria-label={`${name}: ${words.description}`}
        value={line.description}
        maxLength={500}
        error={problem('description')}
        onChange={(event) => onChange({ ...line, description: event.currentTarget.value })}
        onKeyDown={onKeyDown}
      />
      <TextInput
        aria-label={`${name}: ${words.quantity}`}
        classNames={{ input: styles.numeric ?? '' }}
        inputMode="decimal"
        value={line.quantity}
        maxLength={18}
        error={problem('quantity')}
        onChange={(event) => onChange({ ...line, quantity: event.currentTarget.value })}
        onKeyDown={onKeyDown}
      />
      <MoneyField
        aria-label={`${name}: ${words.price}`}
        currency={currency}
        minor={line.price}
        withSymbol={false}
        error={problem('price')}
        onMinor={(price) => onChange({ ...line, price })}
        onKeyDown={onKeyDown}
      />
      <TextInput
        aria-label={`${name}: ${words.taxRate}`}
        classNames={{ input: styles.numeric ?? '' }}
        inputMode="decimal"
        placeholder="0"
        value={line.taxPercent}
        maxLength={9}
        error={problem('tax')}
        onChange={(event) => onChange({ ...line, taxPercent: event.currentTarget.value })}
        onKeyDown={onKeyDown}
      />
      <div className={styles.lineAmount}>{amount === null ? '—' : <Money amount={{ minor: amount, currency }} />}</div>
      <ActionIcon aria-label={words.removeLine(number)} onClick={onRemove} size="sm" className={styles.remove ?? ''}>
        <IconX size={14} />
      </ActionIcon>
      {withAccount ? (
        <div className={styles.lineAccount}>
          <AccountSelect
            ariaLabel={`${name}: ${words.account}`}
            value={line.account}
            roots={['income', 'liabilities']}
            onChange={(account) => onChange({ ...line, account })}
          />
        </div>
      ) : null}
    </div>
  )
}
