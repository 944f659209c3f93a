import { useRef, useState } from 'react'
import type { Approval } from '../../../shared/contract/approvals'
import { useCommand } from '../../api/queries'
import { useShortcut } from '../../app/shortcuts'
import { toast } from '../../components/toasts'
import { ApprovalCard } from './ApprovalCard'
import styles from './approvals.module.css'
import { words } from './words'

/** The cards that wait; one is in hand, moved with J and K, decided with A and R. */
export function PendingQueue({ approvals }: { readonly approvals: readonly Approval[] }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const list = useRef<HTMLOListElement>(null)
  const at = Math.max(
    0,
    approvals.findIndex((approval) => approval.id === chosen),
  )
  const inHand = approvals[at]
  const decide = useCommand('approvals.decide', {
    onDone: (approval) => announce(approval),
    onError: (error) => toast.failed(words.notDecided, error),
  })

  const move = (to: number) => {
    const next = approvals[Math.max(0, Math.min(approvals.length - 1, to))]
    if (!next) return
    setChosen(next.id)
    const card = list.current?.querySelector<HTMLElement>(`[data-approval="${next.id}"]`)
    card?.focus({ preventScroll: true })
    card?.scrollIntoView({ block: 'nearest' })
  }
  const settle = (approval: Approval, decision: 'approve' | 'deny', note: string) => {
    if (decide.isPending) return
    // The next card comes to hand only after this one is gone, so that a held key never decides two.
    setChosen(approvals[approvals.indexOf(approval) + 1]?.id ?? null)
    decide.mutate({ approvalId: approval.id, digest: approval.digest, decision, ...(note === '' ? {} : { note }) })
  }
  const byKey = (decision: 'approve' | 'deny') => {
    if (inHand) settle(inHand, decision, '')
  }
  useShortcut('j', words.next, () => move(at + 1))
  useShortcut('k', words.previous, () => move(at - 1))
  useShortcut('a', words.approve, () => byKey('approve'))
  useShortcut('r', words.deny, () => byKey('deny'))

  return (
    <>
      <ol className={styles.queue} ref={list}>
        {approvals.map((approval) => (
          <li key={approval.id}>
            <ApprovalCard
              approval={approval}
              inHand={approval.id === inHand?.id}
              deciding={decide.isPending && decide.variables?.approvalId === approval.id}
              onTake={() => setChosen(approval.id)}
              onDecide={(decision, note) => settle(approval, decision, note)}
            />
          </li>
        ))}
      </ol>
      <p className={styles.keys}>{words.keys}</p>
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
      break
  }
}
