import { Drawer } from '@mantine/core'
import type { AuditRow } from '../../../shared/contract/audit'
import { useBusiness } from '../../app/BusinessProvider'
import { Facts } from '../../components/Facts'
import { instantText } from '../../components/format'
import { StatusPill } from '../../components/StatusPill'
import { actorWords, useActorNames } from './actors'
import styles from './audit.module.css'
import { detailName, detailText, outcomeOf } from './outcome'
import { stepWords } from './steps'
import { words } from './words'

interface ActivityDrawerProps {
  readonly row: AuditRow | undefined
  readonly onClose: () => void
}

/** One row of Activity in full. */
export function ActivityDrawer({ row, onClose }: ActivityDrawerProps) {
  return (
    <Drawer opened={row !== undefined} onClose={onClose} title={row ? words.row(row.seq) : ''} lockScroll={false} size={480}>
      {row ? <RowView row={row} /> : null}
    </Drawer>
  )
}

function RowView({ row }: { readonly row: AuditRow }) {
  const business = useBusiness()
  const { text, tone } = outcomeOf(row.outcome)
  const details = Object.entries(row.details)
  return (
    <>
      <h2 className={styles.what}>{stepWords(row.procedure)}</h2>
      <Facts
        items={[
          [
            words.columns.outcome,
            <StatusPill key="outcome" tone={tone}>
              {text}
            </StatusPill>,
          ],
          [words.columns.at, instantText(row.at, business.timeZone)],
          [words.columns.actor, <Who key="who" actor={row.actor} />],
          [words.columns.door, words.doors[row.door] ?? row.door],
          [words.step, <code key="p">{row.procedure}</code>],
        ]}
      />
      <h3 className={styles.part}>{words.details}</h3>
      {details.length === 0 ? (
        <p className={styles.faint}>{words.noDetails}</p>
      ) : (
        <Facts
          items={details.map(
            ([name, value]) =>
              [
                detailName(name),
                <code key={name} className={styles.detail}>
                  {detailText(name, value, business.timeZone)}
                </code>,
              ] as const,
          )}
        />
      )}
      <h3 className={styles.part}>{words.hash}</h3>
      <code className={styles.hash}>{row.hash}</code>
      <p className={styles.faint}>{words.hashNote}</p>
    </>
  )
}

/** Who did it, with the actor as the log has it. */
function Who({ actor }: { readonly actor: string }) {
  const names = useActorNames()
  return (
    <>
      {actorWords(actor, names)} <code className={styles.faint}>{actor}</code>
    </>
  )
}
