import { IconArrowRight } from '@tabler/icons-react'
import { capital } from '../../components/format'
import styles from './approvals.module.css'
import { Named } from './Named'
import { words } from './words'

interface BeforeAfterProps {
  readonly before: Readonly<Record<string, string>>
  readonly after: Readonly<Record<string, string>>
}

/** What a request changes, name by name. Nothing where it says none. */
export function BeforeAfter({ before, after }: BeforeAfterProps) {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  if (names.length === 0) return null
  // What is new, or only looked at, has no two sides to hold against each other.
  if (!names.some((name) => name in before && name in after)) {
    return (
      <dl className={styles.facts}>
        {Object.entries({ ...after, ...before }).map(([name, value]) => (
          <div key={name}>
            <dt>{capital(name)}</dt>
            <dd>
              <Named value={value} />
            </dd>
          </div>
        ))}
      </dl>
    )
  }
  return (
    <table className={styles.change}>
      <thead>
        <tr>
          <th scope="col">
            <span className="ch-visually-hidden">{words.changes}</span>
          </th>
          <th scope="col">{words.before}</th>
          <td />
          <th scope="col">{words.after}</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name} data-changed={before[name] !== after[name] || undefined}>
            <th scope="row">{capital(name)}</th>
            <td>
              <Named value={before[name] ?? '—'} />
            </td>
            <td aria-hidden="true">
              <IconArrowRight size={14} />
            </td>
            <td>
              <Named value={after[name] ?? '—'} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
