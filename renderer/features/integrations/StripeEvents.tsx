import { Button } from '@mantine/core'
import { useState } from 'react'
import type { ProviderEvent } from '../../../shared/contract/events'
import { useRows } from '../../api/pages'
import { runCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { instantText } from '../../components/format'
import { ListTable } from '../../components/ListTable'
import { Section } from '../../components/Page'
import { Segments } from '../../components/Segments'
import { StatusPill, type Tone } from '../../components/StatusPill'
import section from '../../components/section.module.css'
import { toast } from '../../components/toasts'
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
  const list = useRows('events.list', { businessId: business.id, ...(which === 'dead' ? { status: 'dead' as const } : {}) })
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
      <ListTable
        key={which}
        what={words.events}
        list={list}
        none={which === 'dead' ? words.noDeadEvents : words.noEvents}
        heads={[words.columns.type, words.columns.received, words.columns.via, words.columns.status]}
        rowId={(event) => event.id}
        cells={(event) => [
          <Name key="type" event={event} />,
          instantText(event.receivedAt, business.timeZone),
          words.via[event.via],
          <State key="status" event={event} />,
        ]}
        atFirst={shownFirst}
      />
    </Section>
  )
}

function Name({ event }: { readonly event: ProviderEvent }) {
  return (
    <>
      {event.type}
      {event.problem ? <span className={section.scope}>{event.problem}</span> : null}
    </>
  )
}

function State({ event }: { readonly event: ProviderEvent }) {
  return (
    <>
      {event.status === 'dead' ? (
        <Button size="xs" variant="default" mr={8} onClick={() => replay(event.id)}>
          {words.replay}
        </Button>
      ) : null}
      <StatusPill tone={tones[event.status]}>{words.eventStatuses[event.status]}</StatusPill>
    </>
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
