import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { useShortcut } from '../../app/shortcuts'
import { dateText } from '../../components/format'
import { Page } from '../../components/Page'
import { LedgerActions } from './LedgerActions'
import styles from './ledger.module.css'
import { useClosedThrough } from './period/useClosedThrough'
import { words as periodWords } from './period/words'
import { ledgerTabs } from './tabs'
import { ImportStrip } from './transfer/ImportStrip'
import { words } from './words'

/** The books: statements, journal, registers and accounts, each under its own tab. */
export function LedgerPage() {
  const closedThrough = useClosedThrough()
  return (
    <Page
      fill
      title={words.title}
      note={closedThrough === null ? undefined : periodWords.close.closedThrough(dateText(closedThrough))}
      actions={<LedgerActions />}
    >
      <nav className={styles.tabs} aria-label={words.views}>
        {ledgerTabs.map((tab, at) => (
          <Tab key={tab.to} tab={tab} number={at + 1} />
        ))}
      </nav>
      <ImportStrip />
      <Outlet />
    </Page>
  )
}

function Tab({ tab, number }: { readonly tab: (typeof ledgerTabs)[number]; readonly number: number }) {
  const navigate = useNavigate()
  useShortcut(String(number), tab.label, () => void navigate({ to: tab.to }))
  return (
    <Link
      to={tab.to}
      className={styles.tab}
      activeProps={{ 'data-active': true, 'aria-current': 'page' }}
      activeOptions={{ includeSearch: false }}
    >
      {tab.label}
    </Link>
  )
}
