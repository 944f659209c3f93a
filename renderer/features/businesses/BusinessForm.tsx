import { Button, Group, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMemo } from 'react'
import type { Business } from '../../../shared/contract/businesses'
import { useCommand } from '../../api/queries'
import { FailureNote } from '../../components/FailureNote'
import { FormStack } from '../../components/FormStack'
import { countryOptions, currencyOf, currencyOptions, likelyCountry, ownTimeZone, timeZoneOptions } from './places'
import { words } from './words'

/** Names a business and says where it stands; prefilled from this machine's settings. */
export function BusinessForm({ onCreated }: { readonly onCreated: (business: Business) => void }) {
  const countries = useMemo(() => countryOptions(), [])
  const currencies = useMemo(() => currencyOptions(), [])
  const zones = useMemo(() => timeZoneOptions(), [])
  const create = useCommand('businesses.create', { onDone: onCreated })
  const form = useForm({
    initialValues: {
      name: '',
      country: likelyCountry() ?? '',
      currency: currencyOf(likelyCountry() ?? '') ?? '',
      timeZone: ownTimeZone(),
    },
    validate: {
      name: (name) => (name.trim() === '' ? words.nameMissing : null),
      currency: (code) => (code === '' ? words.choose : null),
      country: (code) => (code === '' ? words.choose : null),
      timeZone: (zone) => (zone === '' ? words.choose : null),
    },
  })
  const select = { searchable: true, allowDeselect: false, nothingFoundMessage: words.nothingFound }
  const chooseCountry = (country: string | null) => {
    form.setFieldValue('country', country ?? '')
    const currency = currencyOf(country ?? '')
    if (currency !== null && !form.isTouched('currency')) form.setFieldValue('currency', currency)
  }
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))} noValidate>
      <FormStack>
        <TextInput
          label={words.name}
          placeholder={words.namePlaceholder}
          autoFocus
          maxLength={120}
          {...form.getInputProps('name')}
        />
        <Group grow align="flex-start">
          <Select
            label={words.country}
            data={countries}
            {...select}
            {...form.getInputProps('country')}
            onChange={chooseCountry}
          />
          <Select label={words.timeZone} description={null} data={zones} {...select} {...form.getInputProps('timeZone')} />
        </Group>
        <Select
          label={words.currency}
          description={words.currencyNote}
          data={currencies}
          {...select}
          {...form.getInputProps('currency')}
        />
        <FailureNote title={words.notCreated} error={create.error} />
        <Button type="submit" loading={create.isPending} mt={4}>
          {words.create}
        </Button>
      </FormStack>
    </form>
  )
}
