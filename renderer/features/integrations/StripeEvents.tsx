import { Button } from '@mantine/core'
import { useState } from 'react'
import type { ProviderEvent } from '../../../shared/contract/events'
import { useRows } from '../../api/pages'
import { runCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { instantText } from '../../components/format'
import { Section } from '../../components/Page'
import { Segments } from '../../components/Segments'
import { ErrorState, LoadingRows } from '../../components/States'
import { StatusPill, type Tone } from '../../components/StatusPill'
import { toast } from '../../components/toasts'
import styles from '../settings/settings.module.css'
import { words } from './words'

const tones: Readonly<Record<ProviderEvent['status'], Tone>> = {
  pending: 'violet',
  applied: 'green',
  ignored: 'quiet',
  dead: 'wax',
}
const shownFirst = 12

/** What Stripe told, how it came, and what became of it. */
export function StripeEvents() {
  const business = useBusiness()
  const [which, setWhich] = useState<'all' | 'dead'>('all')
  const [shown, setShown] = useState(shownFirst)
  const list = useRows('events.list', { businessId: business.id, ...(which === 'dead' ? { status: 'dead' as const } : {}) })
  const more = () => {
    setShown(shown + 100)
    if (shown + 100 > list.rows.length) list.loadMore()
  }
  return (
    <Section
      title={words.events}
      note={words.eventsNote}
      actions={
        <Segments
          label={words.filter}
          value={which}
          options={[
            { value: 'all', label: words.eventFilter.all },
            { value: 'dead', label: words.eventFilter.dead },
          ]}
          onChange={setWhich}
        />
      }
    >
      {list.error ? (
        <ErrorState what={words.events} error={list.error} onRetry={list.refresh} compact />
      ) : list.isLoading ? (
        <LoadingRows rows={4} />
      ) : list.rows.length === 0 ? (
        <p className={styles.note}>{which === 'dead' ? words.noDeadEvents : words.noEvents}</p>
      ) : (
        <>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{words.columns.type}</th>
                <th scope="col">{words.columns.received}</th>
                <th scope="col">{words.columns.via}</th>
                <th scope="col">{words.columns.status}</th>
              </tr>
            </thead>
            <tbody>
              {list.rows.slice(0, shown).map((event) => (
                <EventRow key={event.id} event={event} timeZone={business.timeZone} />
              ))}
            </tbody>
          </table>
          {shown < list.rows.length || list.hasMore ? (
            <div className={styles.buttons}>
              <Button variant="default" size="xs" onClick={more} loading={list.isLoadingMore}>
                {words.more}
              </Button>
            </div>
          ) : null}
        </>
      )}
    </Section>
  )
}

function EventRow({ event, timeZone }: { readonly event: ProviderEvent; readonly timeZone: string }) {
  return (
    <tr>
      <th scope="row">
        {event.type}
        {event.problem ? <span className={styles.scope}>{event.problem}</span> : null}
      </th>
      <td>{instantText(event.receivedAt, timeZone)}</td>
      <td>{words.via[event.via]}</td>
      <td>
        {event.status === 'dead' ? (
          <Button size="xs" variant="default" mr={8} onClick={() => replay(event.id)}>
            {words.replay}
          </Button>
        ) : null}
        <StatusPill tone={tones[event.status]}>{words.eventStatuses[event.status]}</StatusPill>
      </td>
    </tr>
  )
}

function replay(eventId: string): void {
  runCommand('events.replay', { eventId }).then(
    (outcome) => {
      if (outcome.status === 'awaitingApproval') toast.waiting(words.waits, words.waitsText)
      else if (outcome.value.status === 'dead') toast.failed(words.notReplayed, outcome.value.problem ?? words.eventStatuses.dead)
      else toast.done(words.replayed)
    },
    (error: unknown) => toast.failed(words.notReplayed, error),
  )
}
