import { Button, Modal, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type AccountType, accountTypes } from '../../../../shared/domain/ids'
import { newRequestId } from '../../../api/bridge'
import { useCommand } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { FailureNote } from '../../../components/FailureNote'
import { FormActions, FormStack } from '../../../components/FormStack'
import { toast } from '../../../components/toasts'
import { useOpenApprovals } from '../../../components/useOpenApprovals'
import { typeOf } from '../figures/sides'
import { words as common } from '../words'
import { pathOf, pathProblem } from './chart'
import styles from './createAccount.module.css'
import { useAccounts } from './useAccounts'
import { words } from './words'

interface CreateAccountProps {
  /** The path to begin with, such as one that was typed elsewhere; null: closed. */
  readonly path: string | null
  readonly onClose: () => void
  readonly onCreated?: (account: string) => void
}

/** Adds an account to the chart. */
export function CreateAccount({ path, onClose, onCreated }: CreateAccountProps) {
  return (
    <Modal opened={path !== null} onClose={onClose} title={words.createTitle} size={460} lockScroll={false}>
      {path === null ? null : <CreateForm path={path} onClose={onClose} onCreated={onCreated} />}
    </Modal>
  )
}

interface CreateFormProps {
  readonly path: string
  readonly onClose: () => void
  readonly onCreated: ((account: string) => void) | undefined
}

const typeOptions = accountTypes.map((type) => ({ value: type, label: common.types[type] }))

function CreateForm({ path, onClose, onCreated }: CreateFormProps) {
  const business = useBusiness()
  const openApprovals = useOpenApprovals()
  const accounts = useAccounts()
  const [requestId] = useState(newRequestId)
  const [type, setType] = useState<AccountType>(typeOf(path === '' ? 'expenses:' : path))
  const [name, setName] = useState(path.slice(path.indexOf(':') + 1))
  const [checked, setChecked] = useState(false)
  const command = useCommand('ledger.createAccount', {
    onDone: ({ account }) => {
      onClose()
      toast.done(words.created(account))
      onCreated?.(account)
    },
    onAwaitingApproval: () => {
      onClose()
      toast.waiting(common.waits, common.waitsText, openApprovals)
    },
  })
  const account = pathOf(type, name)
  const taken = new Set(accounts.data?.map((known) => known.account))
  const problem = pathProblem(account, taken, { missing: words.nameMissing, exists: words.exists })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (problem === null) command.mutate({ businessId: business.id, account, type, requestId })
  }
  return (
    <form onSubmit={submit} noValidate>
      <FormStack>
        <Select
          label={common.type}
          data={typeOptions}
          allowDeselect={false}
          value={type}
          onChange={(value) => setType(accountTypes.find((known) => known === value) ?? type)}
        />
        <TextInput
          label={words.name}
          description={words.nameNote}
          data-autofocus
          spellCheck={false}
          maxLength={180}
          value={name}
          error={checked ? problem : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <p className={styles.path}>
          {words.path}: <strong>{account}</strong>
        </p>
        <FailureNote title={words.notCreated} error={command.error} />
        <FormActions>
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={command.isPending}>
            {words.createButton}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}
