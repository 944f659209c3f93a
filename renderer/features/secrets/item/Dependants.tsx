import { Link } from '@tanstack/react-router'
import type { Dependant, Secret } from '../../../../shared/contract/secrets'
import styles from './secret.module.css'
import { words } from './words'

/** What stops working when the item does. */
export function Dependants({ secret }: { readonly secret: Secret }) {
  const own = secret.dependants
  return (
    <section>
      <h2>{words.dependants}</h2>
      {own.length === 0 ? (
        <p className={styles.quiet}>{words.noDependants}</p>
      ) : (
        <ul className={styles.rows}>
          {own.map((dependant) => (
            <li key={`${dependant.kind} ${dependant.id}`} className={styles.row}>
              <span className={styles.rowMain}>
                <Name dependant={dependant} />
              </span>
              <span className={styles.quiet}>{words.dependantKinds[dependant.kind]}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Name({ dependant }: { readonly dependant: Dependant }) {
  if (dependant.kind !== 'integration') return dependant.label
  return (
    <Link to="/settings/$section" params={{ section: 'integrations' }}>
      {dependant.label}
    </Link>
  )
}
