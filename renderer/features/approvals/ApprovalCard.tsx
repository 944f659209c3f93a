import { Button, TextInput } from '@mantine/core'
import { IconCheck, IconPencil, IconX } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import type { Approval } from '../../../shared/contract/approvals'
import { useBusiness } from '../../app/BusinessProvider'
import { dateText, distanceText, instantText } from '../../components/format'
import { Keys } from '../../components/Keys'
import { Money } from '../../components/Money'
import { useNow } from '../../components/useNow'
import { type ActorNames, actorWords, byActor, useActorNames } from '../audit/actors'
import { stepWords } from '../audit/steps'
import styles from './approvals.module.css'
import { BeforeAfter } from './BeforeAfter'
import { Named } from './Named'
import { words } from './words'

interface ApprovalCardProps {
  readonly approval: Approval
  readonly inHand: boolean
  readonly deciding: boolean
  readonly onTake: () => void
  readonly onDecide: (decision: 'approve' | 'deny', note: string) => void
  readonly onEdit: (note: string) => void
}

/** Everything a decision needs: who, what, how much, to whom, before and after, and whether it can be undone. */
export function ApprovalCard({ approval, inHand, deciding, onTake, onDecide, onEdit }: ApprovalCardProps) {
  const business = useBusiness()
  const [note, setNote] = useState<string | null>(null)
  const { facts } = approval
  const names = useActorNames()
  const now = useNow(approval.demands.notBefore === null ? 30_000 : 1000)
  const cooling = (approval.demands.notBefore ?? 0) > now
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
            <strong>{actorWords(approval.askedBy, names)}</strong> {words.asks(approval.askedBy)} ·{' '}
            {stepWords(approval.procedure)}
          </div>
          <h2 id={title} className={styles.what}>
            {facts.what.replace(/\.$/, '')}
          </h2>
        </div>
        {facts.amount ? <Money amount={facts.amount} size="large" /> : null}
      </div>
      <dl className={styles.facts}>
        {facts.payee ? (
          <div>
            <dt>{words.payee}</dt>
            <dd>
              <Named value={facts.payee} />
            </dd>
          </div>
        ) : null}
        {approval.editable.map(({ field, kind, value }) =>
          kind === 'money' || typeof value !== 'string' || value === '' ? null : (
            <div key={field}>
              <dt>{words.edit.fields[field] ?? field}</dt>
              <dd>{kind === 'date' ? dateText(value) : value}</dd>
            </div>
          ),
        )}
        <div>
          <dt>{words.why}</dt>
          <dd>{facts.why}</dd>
        </div>
      </dl>
      <BeforeAfter before={facts.before} after={facts.after} />
      <Demands approval={approval} now={now} names={names} />
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
            leftSection={<KeyOr keys="r" inHand={inHand} icon={<IconX size={15} />} />}
            onClick={() => onDecide('deny', (note ?? '').trim())}
          >
            {words.deny}
          </Button>
          {approval.editable.length === 0 ? null : (
            <Button
              variant="default"
              disabled={deciding || cooling}
              leftSection={<KeyOr keys="e" inHand={inHand} icon={<IconPencil size={15} />} />}
              onClick={() => onEdit((note ?? '').trim())}
            >
              {words.editKey}
            </Button>
          )}
          <Button
            loading={deciding}
            disabled={cooling}
            leftSection={<KeyOr keys="a" inHand={inHand} icon={<IconCheck size={15} />} />}
            onClick={() => onDecide('approve', (note ?? '').trim())}
          >
            {words.approve}
          </Button>
        </div>
      </div>
    </article>
  )
}

/** What stands before a button's words: the key that presses it while the card is in hand, else its icon, in the same room. */
function KeyOr({ keys, inHand, icon }: { readonly keys: string; readonly inHand: boolean; readonly icon: ReactNode }) {
  return (
    <span className={styles.keyOr} aria-hidden="true">
      {inHand ? <Keys keys={keys} /> : icon}
    </span>
  )
}

interface DemandsProps {
  readonly approval: Approval
  readonly now: number
  readonly names: ActorNames
}

/** What approving takes beyond the press of a key. */
function Demands({ approval: { demands }, now, names }: DemandsProps) {
  const business = useBusiness()
  const said = [
    ...(demands.notBefore !== null && demands.notBefore > now
      ? [words.demands.notBefore(instantText(demands.notBefore, business.timeZone), distanceText(demands.notBefore, now))]
      : []),
    ...(demands.stepUp ? [words.demands.stepUp] : []),
    ...(demands.secondApprover
      ? [
          demands.approvedBy.length === 0
            ? words.demands.second
            : words.demands.secondGiven(demands.approvedBy.map((actor) => byActor(actor, names)).join(', ')),
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
