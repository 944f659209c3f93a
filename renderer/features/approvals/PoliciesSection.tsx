import { Button, Group, Modal, Select, Switch } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { type FormEvent, useMemo, useState } from 'react'
import type { Policy } from '../../../shared/contract/policies'
import { runCommand, useCommand, useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { MoneyField } from '../../components/MoneyField'
import { Section } from '../../components/Page'
import { ErrorState, LoadingRows } from '../../components/States'
import { toast } from '../../components/toasts'
import styles from '../settings/settings.module.css'
import { governable, policySentence } from './policyWords'
import { policyPage as words } from './words'

type Editing = { readonly procedure: string | null; readonly policy: Policy | null }

/** The rules that make a step ask or refuse, in plain words. */
export function PoliciesSection() {
  const business = useBusiness()
  const policies = useRead('policies.list', { businessId: business.id, limit: 200 })
  const [editing, setEditing] = useState<Editing | null>(null)
  return (
    <Section
      title={words.title}
      note={words.note}
      actions={
        <Button
          variant="default"
          leftSection={<IconPlus size={15} />}
          onClick={() => setEditing({ procedure: null, policy: null })}
        >
          {words.add}
        </Button>
      }
    >
      {policies.isError ? (
        <ErrorState what={words.title} error={policies.error} onRetry={() => void policies.refetch()} compact />
      ) : !policies.data ? (
        <LoadingRows rows={3} />
      ) : policies.data.items.length === 0 ? (
        <p className={styles.note}>{words.none}</p>
      ) : (
        <ul className={styles.sentences}>
          {policies.data.items.map((policy) => (
            <li key={policy.id}>
              <span className={styles.sentence}>
                {policySentence(policy)}
                <span className={styles.scope}>{policy.businessId === null ? words.everywhere : words.here(business.name)}</span>
              </span>
              <Button size="xs" variant="default" onClick={() => setEditing({ procedure: policy.procedure, policy })}>
                {words.change}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={editing?.policy ? words.changeTitle : words.addTitle}
        size={500}
        lockScroll={false}
      >
        {editing ? <PolicyForm editing={editing} onClose={() => setEditing(null)} /> : null}
      </Modal>
    </Section>
  )
}

function PolicyForm({ editing, onClose }: { readonly editing: Editing; readonly onClose: () => void }) {
  const business = useBusiness()
  const procedures = useMemo(() => governable(), [])
  const { policy } = editing
  const [procedure, setProcedure] = useState(editing.procedure)
  const [decision, setDecision] = useState<Policy['decision']>(policy?.decision ?? 'ask')
  const [limited, setLimited] = useState(policy?.over !== null && policy !== null)
  const [over, setOver] = useState<number | null>(policy?.over?.minor ?? null)
  const [everywhere, setEverywhere] = useState(policy !== null && policy.businessId === null)
  const [checked, setChecked] = useState(false)
  const currency = policy?.over?.currency ?? business.currency
  const set = useCommand('policies.set', {
    onDone: () => {
      onClose()
      toast.done(words.saved, undefined, policy ? { label: words.undo, run: () => undo(policy) } : undefined)
    },
    onAwaitingApproval: () => {
      onClose()
      toast.waiting(words.waits, words.waitsText)
    },
  })
  const overWrong = limited && (over === null || over <= 0)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setChecked(true)
    if (procedure === null || overWrong) return
    set.mutate({
      procedure,
      decision,
      ...(everywhere ? {} : { businessId: business.id }),
      ...(limited && over !== null ? { over: { minor: over, currency } } : {}),
    })
  }
  return (
    <form onSubmit={submit} noValidate>
      <FormStack>
        <Select
          label={words.procedure}
          data={procedures}
          searchable
          allowDeselect={false}
          disabled={policy !== null}
          value={procedure}
          error={checked && procedure === null ? words.procedureMissing : null}
          onChange={setProcedure}
        />
        <Select
          label={words.decision}
          data={[...words.decisions]}
          allowDeselect={false}
          value={decision}
          onChange={(next) => setDecision(words.decisions.find((option) => option.value === next)?.value ?? decision)}
        />
        <Group align="flex-end" gap={14} wrap="nowrap" mih={36}>
          <Switch
            label={words.limit}
            checked={limited}
            onChange={(event) => setLimited(event.currentTarget.checked)}
            mb={limited ? 9 : 0}
          />
          {limited ? (
            <MoneyField
              aria-label={words.limitAmount}
              currency={currency}
              minor={over}
              onMinor={setOver}
              error={checked && overWrong ? words.limitMissing : null}
              flex={1}
            />
          ) : null}
        </Group>
        <Switch
          label={words.allBusinesses}
          checked={everywhere}
          disabled={policy !== null}
          onChange={(event) => setEverywhere(event.currentTarget.checked)}
        />
        <FailureNote title={words.notSaved} error={set.error} />
        <FormActions>
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button type="submit" loading={set.isPending}>
            {words.save}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}

/** Puts a rule back as it was before the last change. */
function undo({ procedure, decision, businessId, over }: Policy): void {
  runCommand('policies.set', {
    procedure,
    decision,
    ...(businessId === null ? {} : { businessId }),
    ...(over === null ? {} : { over }),
  }).then(
    (outcome) => {
      if (outcome.status === 'done') toast.done(words.undone)
      else toast.waiting(words.waits, words.waitsText)
    },
    (error: unknown) => toast.failed(words.notUndone, error),
  )
}
