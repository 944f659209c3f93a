import { Button, Checkbox, Modal, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useState } from 'react'
import type { Scope } from '../../../shared/contract/procedure'
import { useCommand } from '../../api/queries'
import { useWorkplace } from '../../app/BusinessProvider'
import { CopyButton } from '../../components/CopyText'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import section from '../../components/section.module.css'
import { toast } from '../../components/toasts'
import { scopeGroups } from './scopeGroups'
import styles from './tokens.module.css'
import { words } from './words'

interface NewTokenProps {
  readonly opened: boolean
  readonly onClose: () => void
}

/** Makes a token and shows it this one time. */
export function NewToken({ opened, onClose }: NewTokenProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={words.create} size={560} lockScroll={false} closeOnClickOutside={false}>
      {opened ? <TokenForm onClose={onClose} /> : null}
    </Modal>
  )
}

function TokenForm({ onClose }: { readonly onClose: () => void }) {
  const { shell } = useWorkplace()
  const [secret, setSecret] = useState<string | null>(null)
  const form = useForm<{ name: string; scopes: Scope[]; hours: string }>({
    initialValues: { name: '', scopes: [], hours: '720' },
    validate: {
      name: (name) => (name.trim() === '' ? words.nameMissing : null),
      scopes: (scopes) => (scopes.length === 0 ? words.scopesMissing : null),
    },
  })
  const create = useCommand('tokens.create', {
    onDone: (token) => setSecret(token.token),
    onAwaitingApproval: () => {
      onClose()
      toast.waiting(words.waits, words.waitsText)
    },
  })
  if (secret !== null) {
    return (
      <FormStack>
        <strong>{words.createdTitle}</strong>
        <div>{words.createdText}</div>
        <div className={section.secret} role="status">
          {secret}
        </div>
        <FormActions>
          <CopyButton text={secret} label={words.copy} />
          <Button onClick={onClose}>{words.close}</Button>
        </FormActions>
      </FormStack>
    )
  }
  const submit = form.onSubmit(({ name, scopes, hours }) =>
    create.mutate({ name: name.trim(), scopes, expiresInHours: Number(hours) }, { onSuccess: () => create.reset() }),
  )
  const toggle = (scope: Scope, on: boolean) =>
    form.setFieldValue('scopes', on ? [...form.values.scopes, scope] : form.values.scopes.filter((chosen) => chosen !== scope))
  const box = (scope: Scope | null, domain: string, label: string) =>
    scope === null ? (
      <span key={`${domain} ${label}`} />
    ) : (
      <Checkbox
        key={scope}
        size="xs"
        label={label}
        aria-label={`${domain}: ${label}`}
        checked={form.values.scopes.includes(scope)}
        onChange={(event) => toggle(scope, event.currentTarget.checked)}
      />
    )
  return (
    <form onSubmit={submit} noValidate>
      <FormStack>
        <TextInput
          label={words.name}
          placeholder={words.namePlaceholder}
          data-autofocus
          maxLength={100}
          {...form.getInputProps('name')}
        />
        <fieldset className={styles.scopes}>
          <legend>{words.scopes}</legend>
          {scopeGroups(shell.world === 'practice').map((group) => (
            <div key={group.domain} className={styles.domain}>
              <span>{group.domain}</span>
              {box(group.read, group.domain, words.read)}
              {box(group.write, group.domain, words.write)}
              {group.other.map((scope) => box(scope, group.domain, words.other[scope] ?? scope))}
            </div>
          ))}
          {form.errors.scopes ? (
            <p className={styles.problem} role="alert">
              {form.errors.scopes}
            </p>
          ) : null}
        </fieldset>
        <Select label={words.expiresIn} data={[...words.durations]} allowDeselect={false} {...form.getInputProps('hours')} />
        <FailureNote title={words.notCreated} error={create.error} />
        <FormActions>
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {words.createNow}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}
