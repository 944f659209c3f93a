import type { RegisterRow } from '../../../../shared/contract/ledger'
import { toDecimalString } from '../../../../shared/domain/money'
import { dateText } from '../../../components/format'
import { Money } from '../../../components/Money'
import type { Column } from '../../../components/table/column'
import { Sided } from '../figures/Sided'
import styles from './register.module.css'
import { words } from './words'

const ids = new WeakMap<RegisterRow, string>()
let made = 0

/** An id of a row of the register. An account may recur in an entry with the same amount, so the row has none in its data. */
export function registerRowId(row: RegisterRow): string {
  const known = ids.get(row)
  if (known !== undefined) return known
  made += 1
  const id = `${row.entryId} ${made}`
  ids.set(row, id)
  return id
}

/** The amount on a side; null where the posting stands on the other. */
function on(side: 'debit' | 'credit', { amount }: RegisterRow) {
  const minor = side === 'debit' ? amount.minor : -amount.minor
  return minor > 0 || (minor === 0 && side === 'debit') ? { minor, currency: amount.currency } : null
}

function sideColumn(side: 'debit' | 'credit'): Column<RegisterRow> {
  return {
    id: side,
    head: words.columns[side],
    width: '108px',
    align: 'end',
    cell: (row) => {
      const amount = on(side, row)
      return amount ? <Money amount={amount} /> : null
    },
    sort: (row) => on(side, row)?.minor ?? 0,
    csv: (row) => {
      const amount = on(side, row)
      return amount ? toDecimalString(amount) : ''
    },
  }
}

const { columns } = words

/** The columns of a register, as in a bound ledger: debit, credit, balance. */
export const registerColumns: readonly Column<RegisterRow>[] = [
  {
    id: 'date',
    head: columns.date,
    width: '104px',
    cell: (row) => dateText(row.occurredOn),
    sort: (row) => row.occurredOn,
    csv: (row) => row.occurredOn,
  },
  {
    id: 'entry',
    head: columns.entry,
    width: '72px',
    wide: true,
    cell: (row) => <span className={styles.quiet}>{row.entryId}</span>,
    csv: (row) => row.entryId,
  },
  {
    id: 'description',
    head: columns.description,
    width: 'minmax(110px, 1fr)',
    cell: (row) => <span title={row.description}>{row.description}</span>,
    sort: (row) => row.description,
    csv: (row) => row.description,
  },
  sideColumn('debit'),
  sideColumn('credit'),
  {
    id: 'balance',
    head: columns.balance,
    width: '132px',
    align: 'end',
    cell: (row) => <Sided amount={row.balance} />,
    csv: (row) => toDecimalString(row.balance),
  },
]

/** The columns of its export, with the currency that the screen shows as a symbol. */
export const registerExportColumns: readonly Column<RegisterRow>[] = [
  ...registerColumns,
  { id: 'currency', head: columns.currency, width: '0', cell: () => null, csv: (row) => row.amount.currency },
]
