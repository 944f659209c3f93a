import { Button } from '@mantine/core'
import { IconBook2, IconPlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useRead } from '../../../api/queries'
import { useBusiness } from '../../../app/BusinessProvider'
import { EmptyState } from '../../../components/States'
import { Blank } from '../view/View'
import { words as common } from '../words'
import { words } from './words'

/** A statement without figures: nothing was ever booked, or nothing in this time. */
export function NoFigures() {
  const business = useBusiness()
  const navigate = useNavigate()
  const any = useRead('ledger.entries', { businessId: business.id, limit: 1 })
  if (any.isPending) return null
  const emptyBooks = any.data?.items.length === 0
  return (
    <Blank>
      <EmptyState
        icon={<IconBook2 size={22} stroke={1.6} />}
        title={emptyBooks ? common.emptyBooks : words.emptyPeriod}
        action={
          emptyBooks ? (
            <Button leftSection={<IconPlus size={16} />} onClick={() => void navigate({ to: '/ledger/post' })}>
              {common.newEntry}
            </Button>
          ) : (
            <Button variant="default" onClick={() => void navigate({ to: '/ledger/journal' })}>
              {words.allEntries}
            </Button>
          )
        }
      >
        {emptyBooks ? common.emptyBooksText : words.emptyPeriodText}
      </EmptyState>
    </Blank>
  )
}
