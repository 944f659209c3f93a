import { Checkbox, Group, MultiSelect, NumberInput, TextInput } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import { FormStack } from '../../components/FormStack'
import { MoneyField } from '../../components/MoneyField'
import styles from './policies.module.css'
import type { RuleDraft } from './ruleDraft'
import { words } from './words'

interface RuleConditionsProps {
  readonly draft: RuleDraft
  readonly currency: string
  readonly wrongHours: boolean
  readonly onChange: (part: Partial<RuleDraft>) => void
}

const currencies = ['USD', 'EUR', 'GBP', 'CHF', 'CAD', 'AUD', 'JPY', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'INR', 'BRL', 'KWD']

function chosen(draft: RuleDraft): number {
  const flags = [draft.newPayee, draft.changedPayee, draft.sensitive, draft.actors.length > 0, draft.weekdays.length > 0]
  const fields = [draft.hoursFrom !== '', draft.currencies.length > 0, draft.dailySum !== null, draft.splitHours !== null]
  return [...flags, ...fields].filter(Boolean).length
}

/** When a rule applies, besides its amount. Folded away until wanted. */
export function RuleConditions({ draft, currency, wrongHours, onChange }: RuleConditionsProps) {
  const [open, setOpen] = useState(chosen(draft) > 0)
  const count = chosen(draft)
  return (
    <section>
      <button type="button" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronDown size={15} data-open={open || undefined} aria-hidden="true" />
        {words.conditions}…{count > 0 ? ` (${count})` : ''}
      </button>
      {open ? (
        <div className={styles.conditions}>
          <FormStack>
            <p className={styles.note}>{words.conditionsNote}</p>
            <Checkbox
              label={words.newPayee}
              checked={draft.newPayee}
              onChange={(event) => onChange({ newPayee: event.currentTarget.checked })}
            />
            <Checkbox
              label={words.changedPayee}
              checked={draft.changedPayee}
              onChange={(event) => onChange({ changedPayee: event.currentTarget.checked })}
            />
            <Checkbox
              label={words.sensitive}
              checked={draft.sensitive}
              onChange={(event) => onChange({ sensitive: event.currentTarget.checked })}
            />
            <MultiSelect
              label={words.actors}
              data={[...words.actorKinds]}
              value={[...draft.actors]}
              onChange={(actors) => onChange({ actors })}
            />
            <MultiSelect
              label={words.weekdays}
              data={words.weekdayNames.map((label, index) => ({ value: String(index + 1), label }))}
              value={[...draft.weekdays]}
              onChange={(weekdays) => onChange({ weekdays })}
            />
            <Group grow align="flex-start">
              <TextInput
                type="time"
                label={`${words.hours}: ${words.from}`}
                value={draft.hoursFrom}
                error={wrongHours ? words.hoursMissing : null}
                onChange={(event) => onChange({ hoursFrom: event.currentTarget.value })}
              />
              <TextInput
                type="time"
                label={words.to}
                value={draft.hoursTo}
                onChange={(event) => onChange({ hoursTo: event.currentTarget.value })}
              />
            </Group>
            <MultiSelect
              label={words.currencies}
              data={[...new Set([currency, ...currencies, ...draft.currencies])]}
              searchable
              value={[...draft.currencies]}
              onChange={(next) => onChange({ currencies: next })}
            />
            <MoneyField
              label={words.dailySum}
              currency={currency}
              minor={draft.dailySum}
              onMinor={(dailySum) => onChange({ dailySum })}
            />
            {draft.limited ? (
              <NumberInput
                label={words.split}
                suffix=" h"
                min={1}
                max={720}
                allowDecimal={false}
                value={draft.splitHours ?? ''}
                onChange={(value) => onChange({ splitHours: typeof value === 'number' && value >= 1 ? value : null })}
              />
            ) : null}
          </FormStack>
        </div>
      ) : null}
    </section>
  )
}
