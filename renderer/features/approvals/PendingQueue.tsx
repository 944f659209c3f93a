import { useEffect, useRef, useState } from 'react'
import type { Approval } from '../../../shared/contract/approvals'
import { runCommand } from '../../api/queries'
import { useShortcut } from '../../app/shortcuts'
import { distanceText } from '../../components/format'
import { withStepUp } from '../../components/StepUp'
import { toast } from '../../components/toasts'
import { ApprovalCard } from './ApprovalCard'
import styles from './approvals.module.css'
import { EditApproval } from './EditApproval'
import { PlanHead } from './PlanHead'
import { groupPlans } from './planGroups'
import { words } from './words'

interface PendingQueueProps {
  readonly approvals: readonly Approval[]
  /** The card that was asked for, as by a notification: it is in hand from the start. */
  readonly wanted: string | undefined
}

interface Chosen {
  readonly id: string | null
  /** Whether it is brought into view: not where the pointer took it up, for nothing may move under the pointer. */
  readonly bring: boolean
}

interface Editing {
  readonly approval: Approval
  /** What was written on the card already. */
  readonly note: string
}

/** The cards that wait, steps of a plan together; one is in hand, moved with J and K, decided with A, R and E. */
export function PendingQueue({ approvals: ranked, wanted }: PendingQueueProps) {
  const [chosen, setChosen] = useState<Chosen>({ id: wanted ?? null, bring: true })
  const [deciding, setDeciding] = useState<string | null>(null)
  const [editing, setEditing] = useState<Editing | null>(null)
  const list = useRef<HTMLOListElement>(null)
  const entries = groupPlans(ranked)
  const approvals = entries.flatMap((entry) => (entry.kind === 'plan' ? entry.steps : [entry.approval]))
  const at = Math.max(
    0,
    approvals.findIndex((approval) => approval.id === chosen.id),
  )
  const inHand = approvals[at]

  useEffect(() => {
    if (wanted !== undefined) setChosen({ id: wanted, bring: true })
  }, [wanted])
  const atHand = inHand?.id
  useEffect(() => {
    if (!chosen.bring || chosen.id === null || chosen.id !== atHand) return
    const card = list.current?.querySelector<HTMLElement>(`[data-approval="${atHand}"]`)
    card?.focus({ preventScroll: true })
    card?.scrollIntoView({ block: 'nearest' })
  }, [chosen, atHand])

  const bring = (approval: Approval | undefined) => setChosen({ id: approval?.id ?? null, bring: true })
  const move = (to: number) => bring(approvals[Math.max(0, Math.min(approvals.length - 1, to))])
  // The next card comes to hand only after this one is gone, so that a held key never decides two; one that waits for a second approval stays.
  const leave = (approval: Approval) => bring(approvals[approvals.indexOf(approval) + 1])
  const settle = async (approval: Approval, decision: 'approve' | 'deny', note: string) => {
    if (deciding !== null) return
    setDeciding(approval.id)
    const { id: approvalId, digest } = approval
    try {
      const reply = await withStepUp(() =>
        runCommand('approvals.decide', { approvalId, digest, decision, ...(note === '' ? {} : { note }) }),
      )
      if (reply?.status !== 'done') return
      if (reply.value.status !== 'pending') leave(approval)
      announce(reply.value)
    } catch (error) {
      toast.failed(words.notDecided, error)
    } finally {
      setDeciding(null)
    }
  }
  const byKey = (decision: 'approve' | 'deny') => {
    if (inHand) void settle(inHand, decision, '')
  }
  useShortcut('j', words.next, () => move(at + 1))
  useShortcut('k', words.previous, () => move(at - 1))
  useShortcut('a', words.approve, () => byKey('approve'))
  useShortcut('r', words.deny, () => byKey('deny'))
  useShortcut('e', words.editKey, () => inHand && inHand.editable.length > 0 && setEditing({ approval: inHand, note: '' }))

  const card = (approval: Approval) => (
    <ApprovalCard
      approval={approval}
      inHand={approval.id === inHand?.id}
      deciding={deciding === approval.id}
      onTake={() => setChosen((was) => (was.id === approval.id ? was : { id: approval.id, bring: false }))}
      onDecide={(decision, note) => void settle(approval, decision, note)}
      onEdit={(note) => setEditing({ approval, note })}
    />
  )
  return (
    <>
      <ol className={styles.queue} ref={list}>
        {entries.map((entry) =>
          entry.kind === 'single' ? (
            <li key={entry.approval.id}>{card(entry.approval)}</li>
          ) : (
            <li key={entry.id} className={styles.planned}>
              <PlanHead id={entry.id} title={entry.title} steps={entry.steps} />
              <ol className={styles.queue}>
                {entry.steps.map((step) => (
                  <li key={step.id}>{card(step)}</li>
                ))}
              </ol>
            </li>
          ),
        )}
      </ol>
      <p className={styles.keys}>{words.keys}</p>
      <EditApproval
        approval={editing?.approval ?? null}
        note={editing?.note ?? ''}
        onClose={() => setEditing(null)}
        onDone={(approval) => {
          if (editing && approval.status !== 'pending') leave(editing.approval)
          setEditing(null)
          announce(approval)
        }}
      />
    </>
  )
}

function announce(approval: Approval): void {
  switch (approval.status) {
    case 'approved':
      toast.done(words.approved, `${approval.facts.what.replace(/\.$/, '')}. ${words.approvedText}`)
      break
    case 'denied':
      toast.done(words.denied, words.deniedText)
      break
    case 'stale':
    case 'expired':
      toast.failed(words.stale, approval.problem ?? words.statuses[approval.status])
      break
    case 'failed':
      toast.failed(words.failed, approval.problem ?? words.statuses.failed)
      break
    case 'pending': {
      const { notBefore } = approval.demands
      toast.waiting(words.once, words.onceText(notBefore === null ? null : distanceText(notBefore, Date.now())))
      break
    }
  }
}
