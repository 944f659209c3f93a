import { Checkbox, MultiSelect, NumberInput } from '@mantine/core'
import { Fold } from '../../components/Fold'
import { HoursAndDays } from '../../components/HoursAndDays'
import { MoneyField } from '../../components/MoneyField'
import { timeWords } from '../../components/words'
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
  const count = chosen(draft)
  return (
    <Fold title={words.conditions} note={words.conditionsSet(count)} startsOpen={count > 0} wrong={wrongHours}>
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
        placeholder={draft.actors.length === 0 ? words.anybody : ''}
        data={[...words.actorKinds]}
        value={[...draft.actors]}
        onChange={(actors) => onChange({ actors })}
      />
      <HoursAndDays
        from={draft.hoursFrom}
        to={draft.hoursTo}
        weekdays={draft.weekdays}
        problem={wrongHours ? timeWords.hoursMissing : undefined}
        onChange={({ from = draft.hoursFrom, to = draft.hoursTo, weekdays = draft.weekdays }) =>
          onChange({ hoursFrom: from, hoursTo: to, weekdays })
        }
      />
      <MultiSelect
        label={words.currencies}
        placeholder={draft.currencies.length === 0 ? words.anyCurrency : ''}
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
    </Fold>
  )
}
