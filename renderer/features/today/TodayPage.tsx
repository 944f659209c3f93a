import { Button } from '@mantine/core'
import { IconFilePlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { useShortcut } from '../../app/shortcuts'
import { readerLocale } from '../../components/format'
import { Page } from '../../components/Page'
import { useToday } from '../../components/useToday'
import { BackupLine } from '../backups/BackupLine'
import { GetStarted } from './GetStarted'
import { NeedsMe } from './NeedsMe'
import { RecentPayments } from './RecentPayments'
import { Tiles } from './Tiles'
import styles from './today.module.css'
import { words } from './words'
import { YearChart } from './YearChart'

/** The first screen of a day: what needs the owner, and how the business stands. */
export function TodayPage() {
  const business = useBusiness()
  const navigate = useNavigate()
  const today = useToday(business.timeZone)
  const any = useRead('payments.list', { businessId: business.id, limit: 1 })
  const write = () => void navigate({ to: '/invoices/new', search: {} })
  useShortcut('n', words.newInvoice, write)
  const begun = any.data === undefined || any.data.items.length > 0
  return (
    <Page
      title={words.title}
      note={longDate(today)}
      actions={
        <Button leftSection={<IconFilePlus size={16} />} onClick={write}>
          {words.newInvoice}
        </Button>
      }
    >
      <div className={styles.today} data-ready={any.isSuccess || undefined}>
        {begun ? null : <GetStarted />}
        <Tiles today={today} />
        <div className={styles.columns}>
          <div>
            <NeedsMe today={today} />
            <BackupLine />
          </div>
          <div className={styles.right}>
            <YearChart today={today} />
            <RecentPayments />
          </div>
        </div>
      </div>
    </Page>
  )
}

function longDate(date: string): string {
  const format = new Intl.DateTimeFormat(readerLocale(), { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long' })
  return format.format(Date.parse(`${date}T00:00:00Z`))
}
