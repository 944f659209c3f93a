import { Button, Modal } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { Policy } from '../../../shared/contract/policies'
import { runCommand, useCommand, useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { Section } from '../../components/Page'
import { ErrorState, LoadingRows } from '../../components/States'
import section from '../../components/section.module.css'
import { toast } from '../../components/toasts'
import { Payees } from './Payees'
import { Presets } from './Presets'
import styles from './policies.module.css'
import { type Editing, RuleForm } from './RuleForm'
import { words } from './words'

/** The rules that make a step ask or refuse, in plain words. */
export function PoliciesSection() {
  return (
    <>
      <Presets />
      <Rules />
      <Payees />
    </>
  )
}

function Rules() {
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
        <p className={section.note}>{words.none}</p>
      ) : (
        <ul className={styles.sentences}>
          {policies.data.items.map((policy) => (
            <Rule key={policy.id} policy={policy} onEdit={() => setEditing({ procedure: policy.procedure, policy })} />
          ))}
        </ul>
      )}
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={editing?.policy ? words.changeTitle : words.addTitle}
        size={560}
        lockScroll={false}
      >
        {editing ? <RuleForm editing={editing} onClose={() => setEditing(null)} /> : null}
      </Modal>
    </Section>
  )
}

function Rule({ policy, onEdit }: { readonly policy: Policy; readonly onEdit: () => void }) {
  const business = useBusiness()
  const remove = useCommand('policies.remove', {
    onDone: () => toast.done(words.removed, policy.sentence, { label: words.undo, run: () => setAgain(policy) }),
    onAwaitingApproval: () => toast.waiting(words.waits, words.waitsText),
    onError: (error) => toast.failed(words.notRemoved, error),
  })
  return (
    <li>
      <span className={section.sentence}>
        {policy.sentence}
        <span className={section.scope}>{policy.businessId === null ? words.everywhere : words.here(business.name)}</span>
      </span>
      <span className={section.rowActions}>
        <Button size="xs" variant="default" onClick={onEdit} aria-label={`${words.change}: ${policy.sentence}`}>
          {words.change}
        </Button>
        <Button
          size="xs"
          variant="default"
          loading={remove.isPending}
          onClick={() => remove.mutate({ policyId: policy.id })}
          aria-label={`${words.remove}: ${policy.sentence}`}
        >
          {words.remove}
        </Button>
      </span>
    </li>
  )
}

function setAgain({ procedure, decision, businessId, over, when, demands }: Policy): void {
  runCommand('policies.set', {
    procedure,
    decision,
    when,
    demands,
    ...(businessId === null ? {} : { businessId }),
    ...(over === null ? {} : { over }),
  }).then(
    (reply) => (reply.status === 'done' ? toast.done(words.undone) : toast.waiting(words.waits, words.waitsText)),
    (error: unknown) => toast.failed(words.notUndone, error),
  )
}
