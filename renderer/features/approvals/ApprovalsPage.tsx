import { Button } from '@mantine/core'
import { IconRubberStamp } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { Page } from '../../components/Page'
import { Segments } from '../../components/Segments'
import { EmptyState, ErrorState, LoadingRows } from '../../components/States'
import { DecidedApprovals } from './DecidedApprovals'
import { PendingQueue } from './PendingQueue'
import { rankApprovals } from './rankApprovals'
import { words } from './words'

const route = getRouteApi('/approvals')

/** What waits for the owner's decision, and what was decided. */
export function ApprovalsPage() {
  const business = useBusiness()
  const { view = 'pending', approval } = route.useSearch()
  const navigate = route.useNavigate()
  const pending = useRead('approvals.list', { businessId: business.id, status: 'pending', limit: 200 })
  const ranked = rankApprovals(pending.data?.items ?? [], Date.now(), business.currency)
  return (
    <Page
      fill={view === 'decided'}
      title={words.title}
      note={view === 'pending' && ranked.length > 0 ? words.note(ranked.length) : undefined}
      actions={
        <Segments
          label={words.view}
          value={view}
          options={[
            { value: 'pending', label: words.pending },
            { value: 'decided', label: words.decided },
          ]}
          onChange={(next) => void navigate({ search: { view: next }, replace: true })}
        />
      }
    >
      {view === 'decided' ? (
        <DecidedApprovals />
      ) : pending.isPending ? (
        <LoadingRows rows={4} />
      ) : pending.isError ? (
        <ErrorState what={words.title} error={pending.error} onRetry={() => void pending.refetch()} />
      ) : ranked.length === 0 ? (
        <EmptyState
          icon={<IconRubberStamp size={22} stroke={1.6} />}
          title={words.empty}
          action={
            <Button
              variant="default"
              onClick={() => void navigate({ to: '/settings/$section', params: { section: 'policies' } })}
            >
              {words.policies}
            </Button>
          }
        >
          {words.emptyText}
        </EmptyState>
      ) : (
        <PendingQueue approvals={ranked} wanted={approval} />
      )}
    </Page>
  )
}
