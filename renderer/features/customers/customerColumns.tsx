import type { Customer } from '../../../shared/contract/customers'
import { dateIn } from '../../../shared/domain/dates'
import { dateText } from '../../components/format'
import { Monogram } from '../../components/Monogram'
import type { Column } from '../../components/table/column'
import styles from './customers.module.css'
import { words } from './words'

/** The columns of the customer list. */
export function customerColumns(timeZone: string): Column<Customer>[] {
  const place = (customer: Customer) =>
    [customer.address?.city, customer.address?.country].filter((part) => part !== undefined).join(', ')
  return [
    {
      id: 'name',
      head: words.columns.name,
      width: 'minmax(200px, 1.4fr)',
      cell: (customer) => (
        <span className={styles.who}>
          <Monogram id={customer.id} name={customer.name} small />
          <span className={styles.name}>{customer.name}</span>
        </span>
      ),
      sort: (customer) => customer.name,
      csv: (customer) => customer.name,
    },
    {
      id: 'email',
      head: words.columns.email,
      width: 'minmax(200px, 1.4fr)',
      cell: (customer) => customer.email,
      sort: (customer) => customer.email,
      csv: (customer) => customer.email,
    },
    {
      id: 'place',
      head: words.columns.place,
      width: 'minmax(120px, 1fr)',
      cell: place,
      sort: place,
      csv: place,
    },
    {
      id: 'since',
      head: words.columns.since,
      wide: true,
      width: '120px',
      align: 'end',
      cell: (customer) => <span className={styles.quiet}>{dateText(dateIn(timeZone, customer.createdAt))}</span>,
      sort: (customer) => customer.createdAt,
      csv: (customer) => dateIn(timeZone, customer.createdAt),
    },
  ]
}
