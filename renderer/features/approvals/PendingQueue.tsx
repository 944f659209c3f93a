import { useRef, useState } from 'react'
import type { Approval } from '../../../shared/contract/approvals'
import { runCommand } from '../../api/queries'
import { useShortcut } from '../../app/shortcuts'
import { withStepUp } from '../../components/StepUp'
import { toast } from '../../components/toasts'
import { ApprovalCard } from './ApprovalCard'
import styles from './approvals.module.css'
import { EditApproval } from './EditApproval'
import { PlanHead } from './PlanHead'
import { groupPlans } from './planGroups'
import { words } from './words'

/** The cards that wait, steps of a plan together; one is in hand, moved with J and K, decided with A, R and E. */
export function PendingQueue({ approvals: ranked }: { readonly approvals: readonly Approval[] }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const [deciding, setDeciding] = useState<string | null>(null)
  const [editing, setEditing] = useState<Approval | null>(null)
  const list = useRef<HTMLOListElement>(null)
  const entries = groupPlans(ranked)
  const approvals = entries.flatMap((entry) => (entry.kind === 'plan' ? entry.steps : [entry.approval]))
  const at = Math.max(
    0,
    approvals.findIndex((approval) => approval.id === chosen),
  )
  const inHand = approvals[at]

  const move = (to: number) => {
    const next = approvals[Math.max(0, Math.min(approvals.length - 1, to))]
    if (!next) return
    setChosen(next.id)
    const card = list.current?.querySelector<HTMLElement>(`[data-approval="${next.id}"]`)
    card?.focus({ preventScroll: true })
    card?.scrollIntoView({ block: 'nearest' })
  }
  // The next card comes to hand only after this one is gone, so that a held key never decides two.
  const leave = (approval: Approval) => setChosen(approvals[approvals.indexOf(approval) + 1]?.id ?? null)
  const settle = async (approval: Approval, decision: 'approve' | 'deny', note: string) => {
    if (deciding !== null) return
    setDeciding(approval.id)
    const { id: approvalId, digest } = approval
    try {
      const reply = await withStepUp(() =>
        runCommand('approvals.decide', { approvalId, digest, decision, ...(note === '' ? {} : { note }) }),
      )
      if (reply?.status !== 'done') return
      leave(approval)
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
  useShortcut('e', words.editKey, () => inHand && inHand.editable.length > 0 && setEditing(inHand))

  const card = (approval: Approval) => (
    <ApprovalCard
      approval={approval}
      inHand={approval.id === inHand?.id}
      deciding={deciding === approval.id}
      onTake={() => setChosen(approval.id)}
      onDecide={(decision, note) => void settle(approval, decision, note)}
      onEdit={() => setEditing(approval)}
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
        approval={editing}
        onClose={() => setEditing(null)}
        onDone={(approval) => {
          if (editing) leave(editing)
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
    case 'pending':
      toast.waiting(words.demands.second)
      break
  }
}
