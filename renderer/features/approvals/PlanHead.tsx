import { Button } from '@mantine/core'
import { IconCheck, IconListCheck, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Approval } from '../../../shared/contract/approvals'
import { runCommand } from '../../api/queries'
import { withStepUp } from '../../components/StepUp'
import { toast } from '../../components/toasts'
import { actorWords, useActorNames } from '../audit/actors'
import styles from './approvals.module.css'
import { planDigest } from './planGroups'
import { words } from './words'

interface PlanHeadProps {
  readonly id: string
  readonly title: string
  /** Its pending steps, in order. */
  readonly steps: readonly Approval[]
}

/** A plan as a whole: what it is called, who asks, and one decision for every step. */
export function PlanHead({ id, title, steps }: PlanHeadProps) {
  const [deciding, setDeciding] = useState<'approve' | 'deny' | null>(null)
  const decide = async (decision: 'approve' | 'deny') => {
    setDeciding(decision)
    try {
      const digest = await planDigest(steps)
      const reply = await withStepUp(() => runCommand('approvals.decidePlan', { planId: id, digest, decision }))
      if (reply?.status === 'done') announce(reply.value.items, decision)
    } catch (error) {
      toast.failed(words.notDecided, error)
    } finally {
      setDeciding(null)
    }
  }
  const asker = steps[0]?.askedBy
  const names = useActorNames()
  return (
    <div className={styles.plan}>
      <IconListCheck size={19} stroke={1.7} aria-hidden="true" />
      <div className={styles.planTitle}>
        <h2>{title}</h2>
        <p>{words.plan.steps(steps.length, asker === undefined ? '' : actorWords(asker, names))}</p>
      </div>
      <Button
        variant="default"
        leftSection={<IconX size={15} />}
        loading={deciding === 'deny'}
        disabled={deciding !== null}
        onClick={() => void decide('deny')}
      >
        {words.plan.deny}
      </Button>
      <Button
        leftSection={<IconCheck size={15} />}
        loading={deciding === 'approve'}
        disabled={deciding !== null}
        onClick={() => void decide('approve')}
      >
        {words.plan.approve}
      </Button>
    </div>
  )
}

function announce(items: readonly Approval[], decision: 'approve' | 'deny'): void {
  const stopped = items.find(({ status }) => status === 'failed' || status === 'stale')
  const done = items.filter(({ status }) => status === (decision === 'approve' ? 'approved' : 'denied')).length
  if (stopped !== undefined)
    toast.failed(words.plan.stopped(done, items.length), stopped.problem ?? words.statuses[stopped.status])
  else if (decision === 'approve') toast.done(words.plan.approved(done))
  else toast.done(words.plan.denied, words.deniedText)
}
