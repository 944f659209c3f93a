import { IconInfoCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useBusiness } from '../../../app/BusinessProvider'
import styles from './unvalued.module.css'
import { words } from './words'

/** Says which figures have no value in the business's own currency; nothing when all have one. */
export function UnvaluedNote({ count }: { readonly count: number }) {
  const business = useBusiness()
  if (count === 0) return null
  return (
    <p className={styles.note}>
      <IconInfoCircle size={16} stroke={1.8} aria-hidden="true" />
      <span>
        {words.unvalued(count, business.currency)}{' '}
        <Link to="/settings/$section" params={{ section: 'rates' }}>
          {words.setRates}
        </Link>
      </span>
    </p>
  )
}
