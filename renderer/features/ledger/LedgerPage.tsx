import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { useShortcut } from '../../app/shortcuts'
import { Page } from '../../components/Page'
import { LedgerMenu } from './LedgerMenu'
import styles from './reports.module.css'
import { ledgerTabs } from './tabs'
import { words } from './words'

/** The books: reports, journal, registers and accounts under one roof. */
export function LedgerPage() {
  const navigate = useNavigate()
  const post = () => void navigate({ to: '/ledger/post' })
  useShortcut('n', words.newEntry, post)
  return (
    <Page
      fill
      title={words.title}
      actions={
        <>
          <LedgerMenu />
          <Button leftSection={<IconPlus size={16} />} onClick={post}>
            {words.newEntry}
          </Button>
        </>
      }
    >
      <nav className={styles.tabs} aria-label={words.tabs}>
        {ledgerTabs.map((tab) => (
          <Link
            key={tab.to}
            to={tab.to}
            className={styles.tab}
            activeProps={{ 'data-active': true, 'aria-current': 'page' }}
            activeOptions={{ includeSearch: false }}
          >
            {tab.label}
          </Link>
        ))}
      </nav>
      <div className={styles.view}>
        <Outlet />
      </div>
    </Page>
  )
}
