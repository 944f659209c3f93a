import type { AuditRow } from '../../../shared/contract/audit'
import { instantText } from '../../components/format'
import { StatusPill } from '../../components/StatusPill'
import type { Column } from '../../components/table/column'
import { type ActorNames, actorWords } from './actors'
import styles from './audit.module.css'
import { outcomeOf } from './outcome'
import { stepWords } from './steps'
import { words } from './words'

/** The columns of Activity. */
export function activityColumns(timeZone: string, names: ActorNames): Column<AuditRow>[] {
  return [
    {
      id: 'seq',
      head: words.columns.seq,
      wide: true,
      width: '52px',
      cell: (row) => <span className={styles.faint}>{row.seq}</span>,
      sort: (row) => row.seq,
      csv: (row) => String(row.seq),
    },
    {
      id: 'at',
      head: words.columns.at,
      width: '162px',
      cell: (row) => instantText(row.at, timeZone),
      sort: (row) => row.at,
      csv: (row) => new Date(row.at).toISOString(),
    },
    {
      id: 'actor',
      head: words.columns.actor,
      width: 'minmax(84px, 0.7fr)',
      cell: (row) => actorWords(row.actor, names),
      sort: (row) => actorWords(row.actor, names),
      csv: (row) => row.actor,
    },
    {
      id: 'procedure',
      head: words.columns.procedure,
      width: 'minmax(140px, 1.4fr)',
      cell: (row) => <span title={row.procedure}>{stepWords(row.procedure)}</span>,
      sort: (row) => stepWords(row.procedure),
      csv: (row) => row.procedure,
    },
    {
      id: 'door',
      head: words.columns.door,
      wide: true,
      width: '88px',
      cell: (row) => <span className={styles.faint}>{words.doors[row.door] ?? row.door}</span>,
      sort: (row) => row.door,
      csv: (row) => row.door,
    },
    {
      id: 'outcome',
      head: words.columns.outcome,
      width: '148px',
      cell: (row) => {
        const { text, tone } = outcomeOf(row.outcome)
        return <StatusPill tone={tone}>{text}</StatusPill>
      },
      sort: (row) => row.outcome,
      csv: (row) => row.outcome,
    },
  ]
}
