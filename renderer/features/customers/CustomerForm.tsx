import { Button, Group, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMemo } from 'react'
import type { Customer } from '../../../shared/contract/customers'
import { CallError } from '../../api/failure'
import { runCommand, useCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { toast } from '../../components/toasts'
import { countryOptions } from '../businesses/places'
import { addressOf, customerProblems, draftOfCustomer, trimmed } from './customerDraft'
import { words } from './words'

interface CustomerFormProps {
  /** The customer to change; null adds one. */
  readonly customer: Customer | null
  /** A name typed elsewhere, for a new customer. */
  readonly name?: string
  readonly onSaved: (customer: Customer) => void
  readonly onCancel: () => void
  readonly onDirty?: (dirty: boolean) => void
}

/** Adds or changes a customer. */
export function CustomerForm({ customer, name = '', onSaved, onCancel, onDirty }: CustomerFormProps) {
  const business = useBusiness()
  const countries = useMemo(() => countryOptions(), [])
  const form = useForm({
    initialValues: { ...draftOfCustomer(customer, name), ...(customer ? {} : { country: '' }) },
    validate: customerProblems,
    onValuesChange: () => onDirty?.(true),
  })
  const done = (saved: Customer) => {
    onDirty?.(false)
    if (customer) toast.done(words.saved(saved.name), undefined, { label: words.undo, run: () => undo(customer, saved.version) })
    else toast.done(words.created(saved.name))
    onSaved(saved)
  }
  const create = useCommand('customers.create', { onDone: done })
  const update = useCommand('customers.update', { onDone: done })
  const command = customer ? update : create
  const submit = form.onSubmit((values) => {
    const { name: newName, email } = trimmed(values)
    const address = addressOf(values)
    if (customer) update.mutate({ customerId: customer.id, version: customer.version, name: newName, email, address })
    else create.mutate({ businessId: business.id, name: newName, email, ...(address ? { address } : {}) })
  })
  const conflict = command.error instanceof CallError && command.error.code === 'conflict'
  return (
    <form onSubmit={submit} noValidate>
      <FormStack>
        <TextInput label={words.name} autoFocus data-autofocus maxLength={200} {...form.getInputProps('name')} />
        <TextInput label={words.email} type="email" maxLength={254} {...form.getInputProps('email')} />
        <TextInput
          label={
            <>
              {words.line1} <span className="ch-optional">{words.addressOptional}</span>
            </>
          }
          maxLength={200}
          {...form.getInputProps('line1')}
        />
        <TextInput label={words.line2} maxLength={200} {...form.getInputProps('line2')} />
        <Group grow align="flex-start">
          <TextInput label={words.postalCode} maxLength={20} {...form.getInputProps('postalCode')} />
          <TextInput label={words.city} maxLength={100} {...form.getInputProps('city')} />
        </Group>
        <Group grow align="flex-start">
          <TextInput label={words.state} maxLength={100} {...form.getInputProps('state')} />
          <Select
            label={words.country}
            data={countries}
            searchable
            clearable
            {...form.getInputProps('country')}
            value={form.values.country === '' ? null : form.values.country}
            onChange={(value) => form.setFieldValue('country', value ?? '')}
          />
        </Group>
        <FailureNote title={words.notSaved} error={conflict ? words.conflict : command.error} />
        <FormActions>
          <Button variant="default" onClick={onCancel}>
            {words.cancel}
          </Button>
          <Button type="submit" loading={command.isPending}>
            {customer ? words.save : words.create}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}

/** Puts back what a customer was before the last save, unless somebody changed it since. */
function undo(before: Customer, version: number): void {
  const { id: customerId, name, email, address } = before
  runCommand('customers.update', { customerId, version, name, email, address }).then(
    (outcome) => {
      if (outcome.status === 'done') toast.done(words.undone)
      else toast.waiting(words.undoWaits)
    },
    (error: unknown) => toast.failed(words.notUndone, error),
  )
}
