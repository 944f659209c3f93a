import { Button, Checkbox, Modal } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Secret } from '../../../../shared/contract/secrets'
import { FailureNote } from '../../../components/FailureNote'
import { FormActions, FormStack } from '../../../components/FormStack'
import { words as shared } from '../../../components/words'
import { FieldValue } from '../form/FieldValue'
import { type FieldDraft, newFieldDraft } from '../form/secretDraft'
import { isHidden, mainField } from '../kinds'
import styles from './rotation.module.css'
import { startRotation } from './rotationActions'
import { words } from './words'

interface StartRotationProps {
  readonly secret: Secret
  readonly opened: boolean
  readonly onClose: () => void
}

/** Takes the new value of a rotation. What is typed lives in this dialog alone. */
export function StartRotation({ secret, opened, onClose }: StartRotationProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={words.startTitle(secret.title)}
      size={460}
      lockScroll={false}
      closeOnClickOutside={false}
    >
      {opened ? <StartForm secret={secret} onClose={onClose} /> : null}
    </Modal>
  )
}

type NewValue = FieldDraft & { readonly chosen: boolean }

function StartForm({ secret, onClose }: Omit<StartRotationProps, 'opened'>) {
  const [values, setValues] = useState<readonly NewValue[]>(() => {
    const main = mainField(secret.fields)?.name
    return secret.fields
      .filter((field) => isHidden(field.type) && field.filled)
      .map((field) => ({ ...newFieldDraft(field.name, field.type), chosen: field.name === main }))
  })
  const [checked, setChecked] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const chosen = values.filter((field) => field.chosen)
  const change = (key: string, part: Partial<NewValue>) =>
    setValues(values.map((field) => (field.key === key ? { ...field, ...part } : field)))

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (chosen.length === 0 || chosen.some((field) => field.value === '')) return
    setBusy(true)
    setError(null)
    try {
      const fields = chosen.map(({ name, type, value }) => ({ name, type, value }))
      if (await startRotation(secret, fields)) onClose()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <FormStack>
        <div>{words.startText}</div>
        {secret.rotation.steps.length === 0 ? null : (
          <ol className={styles.todo}>
            {secret.rotation.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        )}
        {values.length > 1 ? (
          <fieldset className={styles.which}>
            <legend>{words.which}</legend>
            {values.map((field) => (
              <Checkbox
                key={field.key}
                size="xs"
                label={field.name}
                checked={field.chosen}
                onChange={(event) => change(field.key, { chosen: event.currentTarget.checked })}
              />
            ))}
          </fieldset>
        ) : null}
        {chosen.map((field, index) => (
          <FieldValue
            key={field.key}
            first={index === 0}
            kind={secret.kind}
            field={field}
            label={words.newValue(field.name)}
            problem={checked && field.value === '' ? words.missing : undefined}
            onChange={(part) => change(field.key, part)}
          />
        ))}
        <FailureNote title={words.notStarted} error={error} />
        <FormActions>
          <Button variant="default" onClick={onClose}>
            {shared.cancel}
          </Button>
          <Button type="submit" loading={busy} disabled={chosen.length === 0}>
            {words.add}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}
