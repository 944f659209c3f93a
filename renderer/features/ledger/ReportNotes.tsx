import { IconBook2, IconInfoCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { EmptyState } from '../../components/States'
import styles from './reports.module.css'
import { words } from './words'

/** Says how many entries the main currency cannot value. */
export function UnvaluedNote({ count }: { readonly count: number }) {
  if (count === 0) return null
  return (
    <p className={styles.note}>
      <IconInfoCircle size={15} stroke={1.7} aria-hidden="true" />
      <span>
        {words.unvalued(count)}{' '}
        <Link to="/settings/$section" params={{ section: 'rates' }}>
          {words.rates}
        </Link>
      </span>
    </p>
  )
}

/** A report without rows. */
export function EmptyReport() {
  return (
    <EmptyState
      icon={<IconBook2 size={22} stroke={1.6} />}
      title={words.empty}
      action={<Link to="/ledger/post">{words.newEntry}</Link>}
    >
      {words.emptyText}
    </EmptyState>
  )
}
