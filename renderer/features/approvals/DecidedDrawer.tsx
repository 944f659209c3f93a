import { Drawer } from '@mantine/core'
import type { Approval } from '../../../shared/contract/approvals'
import { useBusiness } from '../../app/BusinessProvider'
import { Facts } from '../../components/Facts'
import { instantText } from '../../components/format'
import { Money } from '../../components/Money'
import { StatusPill } from '../../components/StatusPill'
import { actorWords, useActorNames } from '../audit/actors'
import { stepWords } from '../audit/steps'
import styles from './approvals.module.css'
import { BeforeAfter } from './BeforeAfter'
import { Named } from './Named'
import { tones, words } from './words'

interface DecidedDrawerProps {
  /** Null: closed. */
  readonly approval: Approval | null
  readonly onClose: () => void
}

/** A request in full after its decision: what was asked, why, and what became of it. */
export function DecidedDrawer({ approval, onClose }: DecidedDrawerProps) {
  return (
    <Drawer opened={approval !== null} onClose={onClose} title={words.oneDecided} lockScroll={false} size={520}>
      {approval === null ? null : <Decided approval={approval} />}
    </Drawer>
  )
}

function Decided({ approval }: { readonly approval: Approval }) {
  const business = useBusiness()
  const names = useActorNames()
  const { facts, plan } = approval
  const when = (at: number) => instantText(at, business.timeZone)
  return (
    <>
      <div className={styles.cardHead}>
        <h2 className={styles.what}>{facts.what.replace(/\.$/, '')}</h2>
        {facts.amount ? <Money amount={facts.amount} size="large" /> : null}
      </div>
      <BeforeAfter before={facts.before} after={facts.after} />
      <div className={styles.decided}>
        <Facts
          items={[
            [
              words.columns.status,
              <StatusPill key="status" tone={tones[approval.status]}>
                {words.statuses[approval.status]}
              </StatusPill>,
            ],
            approval.problem === null ? null : [words.whatHappened, approval.problem],
            approval.note === null ? null : [words.noteLabel, approval.note],
            approval.decidedAt === null ? null : [words.columns.decided, when(approval.decidedAt)],
            [words.columns.by, `${actorWords(approval.askedBy, names)}, ${when(approval.createdAt)}`],
            [words.step, stepWords(approval.procedure)],
            plan === null ? null : [words.ofPlan, `${plan.title} (${words.plan.step(plan.step, plan.steps)})`],
            facts.payee === null ? null : [words.payee, <Named key="payee" value={facts.payee} />],
            [words.why, facts.why],
          ]}
        />
      </div>
    </>
  )
}
