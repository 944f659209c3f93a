import { Button, TextInput } from '@mantine/core'
import { IconArrowRight, IconCheck, IconPencil, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Approval } from '../../../shared/contract/approvals'
import { useBusiness } from '../../app/BusinessProvider'
import { distanceText, instantText } from '../../components/format'
import { Keys } from '../../components/Keys'
import { Money } from '../../components/Money'
import { stepWords } from '../audit/steps'
import styles from './approvals.module.css'
import { Payee } from './Payee'
import { actorWords, words } from './words'

interface ApprovalCardProps {
  readonly approval: Approval
  readonly inHand: boolean
  readonly deciding: boolean
  readonly onTake: () => void
  readonly onDecide: (decision: 'approve' | 'deny', note: string) => void
  readonly onEdit: () => void
}

/** Everything a decision needs: who, what, how much, to whom, before and after, and whether it can be undone. */
export function ApprovalCard({ approval, inHand, deciding, onTake, onDecide, onEdit }: ApprovalCardProps) {
  const business = useBusiness()
  const [note, setNote] = useState<string | null>(null)
  const { facts } = approval
  const now = Date.now()
  const title = `${approval.id}-what`
  return (
    <article
      className={styles.card}
      data-approval={approval.id}
      data-in-hand={inHand || undefined}
      aria-labelledby={title}
      tabIndex={-1}
      onFocus={onTake}
      onPointerDown={onTake}
    >
      <div className={styles.cardHead}>
        <div>
          <div className={styles.who}>
            {approval.plan === null ? null : `${words.plan.step(approval.plan.step, approval.plan.steps)} · `}
            <strong>{actorWords(approval.askedBy)}</strong> {words.asks} · {stepWords(approval.procedure)}
          </div>
          <h2 id={title} className={styles.what}>
            {facts.what}
          </h2>
        </div>
        {facts.amount ? <Money amount={facts.amount} size="large" /> : null}
      </div>
      <dl className={styles.facts}>
        {facts.payee ? (
          <div>
            <dt>{words.payee}</dt>
            <dd>
              <Payee payee={facts.payee} />
            </dd>
          </div>
        ) : null}
        <div>
          <dt>{words.why}</dt>
          <dd>{facts.why}</dd>
        </div>
      </dl>
      <BeforeAfter before={facts.before} after={facts.after} />
      <Demands approval={approval} />
      <div className={styles.cardFoot}>
        <div className={styles.small}>
          <span className={styles.undo} data-undo={facts.undo}>
            {words.undo[facts.undo]}
          </span>
          <span title={instantText(approval.createdAt, business.timeZone)}>
            {words.asked(distanceText(approval.createdAt, now))}
          </span>
          <span title={instantText(approval.expiresAt, business.timeZone)}>
            {words.expires(distanceText(approval.expiresAt, now))}
          </span>
        </div>
        <div className={styles.buttons}>
          {note === null ? (
            <Button variant="subtle" color="slate" onClick={() => setNote('')}>
              {words.addNote}
            </Button>
          ) : (
            <TextInput
              autoFocus
              w={240}
              aria-label={words.noteLabel}
              placeholder={words.notePlaceholder}
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
          )}
          <Button
            variant="default"
            disabled={deciding}
            leftSection={<IconX size={15} />}
            rightSection={inHand ? <Keys keys="r" /> : null}
            onClick={() => onDecide('deny', (note ?? '').trim())}
          >
            {words.deny}
          </Button>
          {approval.editable.length === 0 ? null : (
            <Button
              variant="default"
              disabled={deciding}
              leftSection={<IconPencil size={15} />}
              rightSection={inHand ? <Keys keys="e" /> : null}
              onClick={onEdit}
            >
              {words.editKey}
            </Button>
          )}
          <Button
            loading={deciding}
            disabled={(approval.demands.notBefore ?? 0) > now}
            leftSection={<IconCheck size={15} />}
            rightSection={inHand ? <Keys keys="a" /> : null}
            onClick={() => onDecide('approve', (note ?? '').trim())}
          >
            {words.approve}
          </Button>
        </div>
      </div>
    </article>
  )
}

/** What approving takes beyond the press of a key. */
function Demands({ approval: { demands } }: { readonly approval: Approval }) {
  const business = useBusiness()
  const said = [
    ...(demands.notBefore !== null && demands.notBefore > Date.now()
      ? [words.demands.notBefore(instantText(demands.notBefore, business.timeZone))]
      : []),
    ...(demands.stepUp ? [words.demands.stepUp] : []),
    ...(demands.secondApprover
      ? [
          demands.approvedBy.length === 0
            ? words.demands.second
            : words.demands.secondGiven(demands.approvedBy.map(actorWords).join(', ')),
        ]
      : []),
  ]
  if (said.length === 0) return null
  return (
    <ul className={styles.demands}>
      {said.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  )
}

function BeforeAfter({
  before,
  after,
}: {
  readonly before: Readonly<Record<string, string>>
  readonly after: Readonly<Record<string, string>>
}) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  if (names.length === 0) return null
  return (
    <table className={styles.change}>
      <thead>
        <tr>
          <th scope="col">
            <span className="ch-visually-hidden">What changes</span>
          </th>
          <th scope="col">{words.before}</th>
          <td />
          <th scope="col">{words.after}</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name} data-changed={before[name] !== after[name] || undefined}>
            <th scope="row">{name}</th>
            <td>{before[name] ?? '—'}</td>
            <td aria-hidden="true">
              <IconArrowRight size={14} />
            </td>
            <td>{after[name] ?? '—'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
