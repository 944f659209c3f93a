import { Button, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMemo } from 'react'
import { parseDecimal } from '../../../shared/domain/decimal'
import { useRows } from '../../api/pages'
import { useCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { DateField } from '../../components/DateField'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { dateText, plainDecimal } from '../../components/format'
import { ListTable } from '../../components/ListTable'
import { Section } from '../../components/Page'
import { toast } from '../../components/toasts'
import { useToday } from '../../components/useToday'
import { currencyOptions } from '../businesses/places'
import styles from './integrations.module.css'
import { words } from './words'

/** The stored exchange rates, and a form for the next one. */
export function RatesSection() {
  const business = useBusiness()
  const list = useRows('rates.list', { businessId: business.id })
  return (
    <Section title={words.rates} note={words.ratesNote}>
      <RateForm />
      <ListTable
        what={words.rates}
        list={list}
        none={words.noRates}
        heads={[words.rateColumns.on, words.rateColumns.pair, words.rateColumns.rate]}
        rowId={(rate) => `${rate.on} ${rate.base} ${rate.quote}`}
        cells={(rate) => [
          dateText(rate.on),
          `1 ${rate.base} → ${rate.quote}`,
          <span key="rate" className="ch-figures">
            {rate.rate}
          </span>,
        ]}
      />
    </Section>
  )
}

function RateForm() {
  const business = useBusiness()
  const today = useToday(business.timeZone)
  const currencies = useMemo(() => currencyOptions(), [])
  const form = useForm<{ base: string; quote: string; rate: string; on: string | null }>({
    initialValues: { base: business.currency === 'EUR' ? 'USD' : 'EUR', quote: business.currency, rate: '', on: today },
    validate: {
      quote: (quote, values) => (quote === values.base ? words.sameCurrency : null),
      rate: (text) => ((parseDecimal(plainDecimal(text))?.units ?? 0n) > 0n ? null : words.rateWrong),
      on: (day) => (day === null ? words.dateMissing : null),
    },
  })
  const store = useCommand('rates.set', {
    onDone: () => {
      form.setFieldValue('rate', '')
      form.resetDirty()
      toast.done(words.rateStored)
    },
    onAwaitingApproval: () => toast.waiting(words.waits, words.waitsText),
  })
  const submit = form.onSubmit(({ base, quote, rate, on }) => {
    if (on !== null) store.mutate({ businessId: business.id, base, quote, on, rate: plainDecimal(rate) })
  })
  const select = { data: currencies, searchable: true, allowDeselect: false }
  return (
    <form onSubmit={submit} noValidate>
      <FormStack>
        <div className={styles.fields}>
          <Select label={words.base} {...select} {...form.getInputProps('base')} />
          <TextInput label={words.rate} inputMode="decimal" placeholder="1.0845" maxLength={24} {...form.getInputProps('rate')} />
          <Select label={words.quote} {...select} {...form.getInputProps('quote')} />
          <DateField
            label={words.on}
            today={today}
            value={form.values.on}
            error={form.errors.on}
            onChange={(on) => form.setFieldValue('on', on)}
          />
        </div>
        <FailureNote title={words.rateNotStored} error={store.error} />
        <FormActions>
          <Button type="submit" loading={store.isPending}>
            {words.addRate}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}
