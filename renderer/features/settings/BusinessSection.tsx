import { Button, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMemo } from 'react'
import { CallError } from '../../api/failure'
import { useCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { Facts } from '../../components/Facts'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { Section } from '../../components/Page'
import { toast } from '../../components/toasts'
import { countryOptions, currencyOptions, timeZoneOptions } from '../businesses/places'
import { words } from './words'

/** Name, time zone and the prefix of invoice numbers; what was fixed at the start is shown. */
export function BusinessSection() {
  const business = useBusiness()
  const zones = useMemo(() => timeZoneOptions(), [])
  const country = useMemo(() => countryOptions().find((option) => option.value === business.country)?.label, [business.country])
  const currency = useMemo(
    () => currencyOptions().find((option) => option.value === business.currency)?.label,
    [business.currency],
  )
  const form = useForm({
    initialValues: { name: business.name, timeZone: business.timeZone, prefix: business.invoicePrefix },
    validate: {
      name: (name) => (name.trim() === '' ? words.nameMissing : null),
      prefix: (prefix) => (/^[A-Z0-9]{1,12}$/.test(capitals(prefix)) ? null : words.prefixWrong),
    },
  })
  const update = useCommand('businesses.update', {
    onDone: (saved) => {
      form.resetDirty({ name: saved.name, timeZone: saved.timeZone, prefix: saved.invoicePrefix })
      toast.done(words.saved)
    },
  })
  const stale = update.error instanceof CallError && update.error.code === 'conflict' && 'version' in update.error.details
  return (
    <Section title={words.business}>
      <form
        noValidate
        onSubmit={form.onSubmit(({ name, timeZone, prefix }) => {
          const changed = form.isDirty('prefix') ? { invoicePrefix: capitals(prefix) } : {}
          update.mutate({ businessId: business.id, version: business.version, name: name.trim(), timeZone, ...changed })
        })}
      >
        <FormStack>
          <TextInput label={words.name} maxLength={120} {...form.getInputProps('name')} />
          <Select
            label={words.timeZone}
            description={words.timeZoneNote}
            data={zones}
            searchable
            allowDeselect={false}
            {...form.getInputProps('timeZone')}
          />
          <TextInput
            label={words.prefix}
            description={words.prefixNote(`${capitals(form.getValues().prefix)}-0001`)}
            maxLength={12}
            {...form.getInputProps('prefix')}
          />
          <FailureNote title={words.notSaved} error={stale ? words.conflict : update.error} />
          <FormActions>
            <Button type="submit" disabled={!form.isDirty()} loading={update.isPending}>
              {words.save}
            </Button>
          </FormActions>
        </FormStack>
      </form>
      <Facts
        items={[
          [words.country, country ?? business.country],
          [words.currency, currency ?? business.currency],
          [words.mode, words.modes[business.mode ?? 'none']],
        ]}
      />
    </Section>
  )
}

function capitals(prefix: string): string {
  return prefix.trim().toUpperCase()
}
