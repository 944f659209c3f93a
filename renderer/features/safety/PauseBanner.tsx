import { Button, Modal } from '@mantine/core'
import { IconPlayerPause } from '@tabler/icons-react'
import { useState } from 'react'
import type { SafetyStatus } from '../../../shared/contract/safety'
import { useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { FormActions, FormStack } from '../../components/FormStack'
import { distanceText, instantText, machineZone } from '../../components/format'
import { actorWords, byActor, useActorNames } from '../audit/actors'
import { pauseEverything, resumeEverything } from './pauseActions'
import styles from './safety.module.css'
import { words } from './words'

/** The band that says that everything is paused, what that holds back, and how to go on. Nothing while it is not. */
export function PauseBanner() {
  const business = useBusiness()
  const status = useRead('safety.status', {})
  const names = useActorNames()
  const [shows, setShows] = useState(false)
  const safety = status.data
  if (safety === undefined || !safety.paused) return null
  const sends = safety.held.outbox.reduce((sum, { count }) => sum + count, 0)
  const since = safety.since === null ? '' : words.since(instantText(safety.since, business.timeZone))
  return (
    <div className={styles.banner} role="status">
      <IconPlayerPause size={16} stroke={2} aria-hidden="true" />
      <strong>{words.paused}</strong>
      <span className={styles.text}>
        {[since, safety.by === null ? '' : words.by(byActor(safety.by, names)), safety.reason ?? '']
          .filter((part) => part !== '')
          .join(' · ')}
        {'. '}
        {sends + safety.held.brokerCallsRefused === 0
          ? words.nothingHeld
          : `${words.held(sends, safety.held.brokerCallsRefused)}.`}
      </span>
      <button
        type="button"
        className={styles.action}
        onClick={() => {
          setShows(true)
          void status.refetch()
        }}
      >
        {words.show}
      </button>
      <button type="button" className={styles.action} onClick={resumeEverything}>
        {words.resume}
      </button>
      <Modal opened={shows} onClose={() => setShows(false)} title={words.title} size={520} lockScroll={false}>
        <Held held={safety.held} onClose={() => setShows(false)} />
      </Modal>
    </div>
  )
}

function Held({ held, onClose }: { readonly held: SafetyStatus['held']; readonly onClose: () => void }) {
  const now = Date.now()
  const schedules = held.schedules.toSorted(
    (a, b) => (a.nextAt ?? Number.POSITIVE_INFINITY) - (b.nextAt ?? Number.POSITIVE_INFINITY),
  )
  return (
    <FormStack>
      <section>
        <h3 className={styles.part}>{words.sends}</h3>
        {held.outbox.length === 0 ? (
          <p className={styles.quiet}>{words.noSends}</p>
        ) : (
          <ul className={styles.list}>
            {held.outbox.map(({ kind, businessId, count, oldestAt }) => (
              <li key={`${kind}-${businessId}`}>
                {words.sendRow(words.kinds[kind] ?? kind, count, distanceText(oldestAt, now))}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h3 className={styles.part}>{words.schedules}</h3>
        {held.schedules.length === 0 ? (
          <p className={styles.quiet}>{words.noSchedules}</p>
        ) : (
          <ul className={styles.list}>
            {schedules.map(({ name, nextAt }) => (
              <li key={name}>
                {words.schedule(actorWords(`schedule:${name}`), nextAt === null ? null : instantText(nextAt, machineZone()))}
              </li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h3 className={styles.part}>{words.calls}</h3>
        <p className={styles.quiet}>{words.callsRefused(held.brokerCallsRefused)}</p>
      </section>
      <FormActions>
        <Button variant="default" onClick={onClose}>
          {words.close}
        </Button>
        <Button onClick={resumeEverything}>{words.resume}</Button>
      </FormActions>
    </FormStack>
  )
}

/** Whether the pause is on, with the way to turn it either way. */
export function usePause(): { readonly paused: boolean; readonly toggle: () => void } {
  const status = useRead('safety.status', {})
  const paused = status.data?.paused ?? false
  return { paused, toggle: paused ? resumeEverything : pauseEverything }
}
