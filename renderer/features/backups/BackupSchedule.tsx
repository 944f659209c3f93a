import { Button, NumberInput, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useEffect } from 'react'
import { useCommand, useRead } from '../../api/queries'
import { FormActions, FormStack } from '../../components/FormStack'
import { Section } from '../../components/Page'
import section from '../../components/section.module.css'
import { toast } from '../../components/toasts'
import styles from './backups.module.css'
import { words } from './words'

/** The note under the field, so that the fields of the row stay on one line. */
const order: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error']

/** When backups are made, how many are kept, and where. */
export function BackupSchedule() {
  const status = useRead('backups.status', {})
  const settings = status.data?.settings
  const form = useForm({
    initialValues: { on: true, at: '03:00', keepDaily: 7, keepWeekly: 4, keepMonthly: 12 },
    validate: { at: (text) => (/^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? null : words.clock) },
  })
  const { setValues, resetDirty } = form
  useEffect(() => {
    if (settings === undefined) return
    const { place: _, ...values } = settings
    setValues(values)
    resetDirty(values)
  }, [settings, setValues, resetDirty])
  const save = useCommand('backups.configure', {
    onDone: () => toast.done(words.saved),
    onAwaitingApproval: () => toast.waiting(words.waits),
    onError: (error) => toast.failed(words.notSaved, error),
  })
  const choose = useCommand('backups.choosePlace', {
    onDone: ({ chosen }) => chosen && toast.done(words.placeSet),
    onAwaitingApproval: () => toast.waiting(words.waits),
    onError: (error) => toast.failed(words.placeNotSet, error),
  })
  return (
    <Section title={words.schedule}>
      <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <FormStack>
          <Switch label={words.on} {...form.getInputProps('on', { type: 'checkbox' })} />
          <div className={styles.columns}>
            <TextInput
              label={words.at}
              description={words.clockNote}
              type="time"
              inputWrapperOrder={order}
              {...form.getInputProps('at')}
            />
            <NumberInput label={words.daily} min={1} max={60} allowDecimal={false} {...form.getInputProps('keepDaily')} />
            <NumberInput label={words.weekly} min={0} max={60} allowDecimal={false} {...form.getInputProps('keepWeekly')} />
            <NumberInput label={words.monthly} min={0} max={120} allowDecimal={false} {...form.getInputProps('keepMonthly')} />
          </div>
          <FormActions>
            <Button type="submit" variant="default" loading={save.isPending} disabled={!form.isDirty()}>
              {words.save}
            </Button>
          </FormActions>
        </FormStack>
      </form>
      <h3 className={section.subhead}>{words.place}</h3>
      <p className={section.note}>
        {words.placeOf(settings?.place ?? null)}. {words.placeNote}
      </p>
      <div className={section.buttons}>
        <Button variant="default" loading={choose.isPending} onClick={() => choose.mutate({})}>
          {words.choosePlace}…
        </Button>
        {settings?.place ? (
          <Button variant="default" onClick={() => choose.mutate({ reset: true })}>
            {words.resetPlace}
          </Button>
        ) : null}
      </div>
    </Section>
  )
}
