import { Link } from '@tanstack/react-router'
import { useBusiness } from '../../../app/BusinessProvider'
import { Notice } from '../../../components/Notice'
import styles from './unvalued.module.css'
import { words } from './words'

/** Says which figures have no value in the business's own currency; nothing when all have one. */
export function UnvaluedNote({ count }: { readonly count: number }) {
  const business = useBusiness()
  if (count === 0) return null
  return (
    <Notice tone="note" className={styles.note}>
      {words.unvalued(count, business.currency)}{' '}
      <Link to="/settings/$section" params={{ section: 'rates' }}>
        {words.setRates}
      </Link>
    </Notice>
  )
}
