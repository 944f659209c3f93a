import { Button, Group, Select, Switch, Textarea } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { addDays } from '../../../../shared/domain/dates'
import { useBusiness } from '../../../app/BusinessProvider'
import { DateField } from '../../../components/DateField'
import { Money } from '../../../components/Money'
import { useToday } from '../../../components/useToday'
import { currencyOptions } from '../../businesses/places'
import { CustomerSelect } from '../../customers/CustomerSelect'
import { words as common } from '../words'
import { DraftLineRow } from './DraftLineRow'
import styles from './editor.module.css'
import {
  checkDraft,
  type Draft,
  type DraftLine,
  type DraftProblems,
  defaultAccount,
  emptyLine,
  inCurrency,
  lineAmounts,
} from './invoiceDraft'
import { words } from './words'

interface DraftFormProps {
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
  readonly problems: DraftProblems
}

const terms = [14, 30, 60]

/** The writing side of the editor. */
export function DraftForm({ draft, onChange, problems }: DraftFormProps) {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const currencies = useMemo(() => currencyOptions(), [])
  const [accounts, setAccounts] = useState(() => draft.lines.some((line) => line.account !== defaultAccount))
  const [focusKey, setFocusKey] = useState<string | null>(null)
  const rows = useRef<HTMLFieldSetElement>(null)
  const amounts = lineAmounts(draft)
  const check = checkDraft(draft)

  useEffect(() => {
    if (focusKey === null) return
    rows.current?.querySelector<HTMLInputElement>(`[data-line="${focusKey}"] input`)?.focus()
    setFocusKey(null)
  }, [focusKey])

  const addLine = () => {
    const line = emptyLine(draft.lines.at(-1))
    onChange({ ...draft, lines: [...draft.lines, line] })
    setFocusKey(line.key)
  }
  const changeLine = (changed: DraftLine) =>
    onChange({ ...draft, lines: draft.lines.map((line) => (line.key === changed.key ? changed : line)) })
  const removeLine = (key: string) => {
    const lines = draft.lines.filter((line) => line.key !== key)
    onChange({ ...draft, lines: lines.length === 0 ? [emptyLine()] : lines })
  }

  return (
    <div className={styles.form}>
      <CustomerSelect
        label={words.customer}
        value={draft.customerId}
        onChange={(customerId) => onChange({ ...draft, customerId })}
        error={problems.customer}
        autoFocus={draft.customerId === null}
      />
      <Group align="flex-end" gap={12} wrap="nowrap">
        <DateField
          label={common.due}
          today={today}
          value={draft.dueOn}
          onChange={(dueOn) => onChange({ ...draft, dueOn })}
          error={problems.due}
          flex={1}
        />
        <fieldset className={styles.terms}>
          <legend className="ch-visually-hidden">{common.due}</legend>
          {terms.map((days) => (
            <button
              key={days}
              type="button"
              className={styles.term}
              aria-pressed={draft.dueOn === addDays(today, days)}
              onClick={() => onChange({ ...draft, dueOn: addDays(today, days) })}
            >
              {words.dueIn(days)}
            </button>
          ))}
        </fieldset>
        <Select
          label={common.currency}
          data={currencies}
          searchable
          allowDeselect={false}
          value={draft.currency}
          onChange={(currency) => currency && onChange(inCurrency(draft, currency))}
          w={150}
        />
      </Group>

      <fieldset ref={rows} className={styles.lines}>
        <legend className="ch-visually-hidden">{words.lines}</legend>
        <div className={styles.lineHead} aria-hidden="true">
          <span>{words.description}</span>
          <span>{words.quantity}</span>
          <span>{words.price}</span>
          <span>{words.taxRate}</span>
          <span>{words.amount}</span>
        </div>
        {draft.lines.map((line, index) => (
          <DraftLineRow
            key={line.key}
            line={line}
            number={index + 1}
            currency={draft.currency}
            amount={amounts.get(line.key) ?? null}
            problems={problems}
            withAccount={accounts}
            onChange={changeLine}
            onRemove={() => removeLine(line.key)}
            onNext={addLine}
          />
        ))}
        {problems.lines ? (
          <p className={styles.problem} role="alert">
            {problems.lines}
          </p>
        ) : null}
        <div className={styles.lineFoot}>
          <Button variant="subtle" size="xs" leftSection={<IconPlus size={14} />} onClick={addLine}>
            {words.addLine}
          </Button>
          <Switch
            size="xs"
            label={words.accounts}
            checked={accounts}
            onChange={(event) => setAccounts(event.currentTarget.checked)}
          />
        </div>
      </fieldset>

      <div className={styles.below}>
        <Textarea
          label={words.memo}
          description={words.memoNote}
          value={draft.memo}
          maxLength={1000}
          minRows={2}
          autosize
          maxRows={6}
          onChange={(event) => onChange({ ...draft, memo: event.currentTarget.value })}
        />
        <dl className={styles.totals} aria-live="polite">
          <dt>{words.subtotal}</dt>
          <dd>{check.ok ? <Money amount={{ minor: check.totals.subtotal, currency: draft.currency }} /> : '—'}</dd>
          <dt>{words.tax}</dt>
          <dd>{check.ok ? <Money amount={{ minor: check.totals.tax, currency: draft.currency }} /> : '—'}</dd>
          <dt className={styles.grand}>{common.total}</dt>
          <dd className={styles.grand}>
            {check.ok ? <Money amount={{ minor: check.totals.total, currency: draft.currency }} /> : '—'}
          </dd>
        </dl>
      </div>
    </div>
  )
}
