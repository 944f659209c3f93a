import { Button, Select } from '@mantine/core'
import { IconRotateClockwise } from '@tabler/icons-react'
import { useState } from 'react'
import type { Secret } from '../../../../shared/contract/secrets'
import { useWorkplace } from '../../../app/BusinessProvider'
import { distanceText, instantText } from '../../../components/format'
import { Notice } from '../../../components/Notice'
import { useNow } from '../../../components/useNow'
import { DueBadge } from '../DueBadge'
import { isHidden, isTestable } from '../kinds'
import { RotationSteps } from './RotationSteps'
import styles from './rotation.module.css'
import { cancelRotation, finishRotation, retireOldValue, testCredential, testRotation } from './rotationActions'
import { StartRotation } from './StartRotation'
import { words } from './words'

/** When the value is due, and the way through a rotation while one is under way. */
export function RotationPanel({ secret }: { readonly secret: Secret }) {
  const { rotation } = secret
  const [starting, setStarting] = useState(false)
  const canRotate = secret.fields.some((field) => isHidden(field.type))
  if (!canRotate && rotation.everyDays === null) return null
  return (
    <section className={styles.panel} data-phase={rotation.phase}>
      <div className={styles.head}>
        <h2>{words.title}</h2>
        <Now secret={secret} />
      </div>
      {rotation.phase === 'none' ? (
        <Resting secret={secret} canRotate={canRotate} onStart={() => setStarting(true)} />
      ) : (
        <UnderWay secret={secret} />
      )}
      <StartRotation secret={secret} opened={starting} onClose={() => setStarting(false)} />
    </section>
  )
}

function Now({ secret }: { readonly secret: Secret }) {
  const now = useNow(60_000)
  return <DueBadge item={secret} now={now} />
}

interface RestingProps {
  readonly secret: Secret
  readonly canRotate: boolean
  readonly onStart: () => void
}

function Resting({ secret, canRotate, onStart }: RestingProps) {
  const { business, shell } = useWorkplace()
  const now = useNow(60_000)
  const [busy, setBusy] = useState(false)
  const { rotation } = secret
  const test = async () => {
    setBusy(true)
    await testCredential(secret.id)
    setBusy(false)
  }
  return (
    <>
      <p className={styles.text}>
        {rotation.everyDays === null ? words.neverDue : `${words.every(rotation.everyDays)}. `}
        {rotation.everyDays === null ? null : (
          <span title={instantText(rotation.changedAt, business.timeZone)}>
            {words.valueOf(distanceText(rotation.changedAt, now))}
          </span>
        )}
      </p>
      <div className={styles.buttons}>
        {canRotate ? (
          <Button size="xs" variant="default" leftSection={<IconRotateClockwise size={14} />} onClick={onStart}>
            {words.start}
          </Button>
        ) : null}
        {isTestable(secret.kind, shell.world) ? (
          <Button size="xs" variant="default" loading={busy} onClick={() => void test()}>
            {words.testCredential}
          </Button>
        ) : null}
      </div>
    </>
  )
}

/** Where a rotation stands, what to do at the provider, and the one step that comes next. */
function UnderWay({ secret }: { readonly secret: Secret }) {
  const { rotation } = secret
  return (
    <>
      <RotationSteps phase={rotation.phase} />
      {rotation.problem === null ? null : (
        <Notice alert className={styles.problem}>
          <strong>{words.testProblem}</strong>
          <div>{rotation.problem}</div>
        </Notice>
      )}
      {rotation.steps.length === 0 ? null : (
        <ol className={styles.todo}>
          {rotation.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
      <NextStep secret={secret} />
    </>
  )
}

function NextStep({ secret }: { readonly secret: Secret }) {
  const { business, shell } = useWorkplace()
  const { rotation, id, kind } = secret
  const now = useNow(rotation.phase === 'overlap' ? 1000 : 60_000)
  const [overlap, setOverlap] = useState('24')
  const [busy, setBusy] = useState<'main' | 'cancel' | null>(null)
  const run = async (which: 'main' | 'cancel', work: () => Promise<void>) => {
    setBusy(which)
    await work()
    setBusy(null)
  }
  const cancel = (
    <Button size="xs" variant="default" loading={busy === 'cancel'} onClick={() => void run('cancel', () => cancelRotation(id))}>
      {rotation.phase === 'overlap' ? words.goBack : words.cancel}
    </Button>
  )
  switch (rotation.phase) {
    case 'none':
      return null
    case 'added': {
      const testable = isTestable(kind, shell.world)
      return (
        <div className={styles.buttons}>
          <Button size="xs" loading={busy === 'main'} onClick={() => void run('main', () => testRotation(id, !testable))}>
            {testable ? words.test : words.iTried}
          </Button>
          {cancel}
        </div>
      )
    }
    case 'tested':
      return (
        <>
          <p className={styles.text}>
            {rotation.testedAt === null ? null : words.testedAt(instantText(rotation.testedAt, business.timeZone))}
          </p>
          <Select
            size="xs"
            mt={10}
            label={words.overlap}
            data={words.overlaps.map((option) => ({ ...option }))}
            value={overlap}
            allowDeselect={false}
            onChange={(value) => setOverlap(value ?? '24')}
          />
          <div className={styles.buttons}>
            <Button
              size="xs"
              loading={busy === 'main'}
              onClick={() => void run('main', () => finishRotation(id, Number(overlap)))}
            >
              {words.finish}
            </Button>
            {cancel}
          </div>
        </>
      )
    case 'overlap':
      return (
        <>
          {rotation.retiresAt === null ? null : (
            <p className={styles.text} title={instantText(rotation.retiresAt, business.timeZone)}>
              {words.retiresIn(distanceText(rotation.retiresAt, now))}
            </p>
          )}
          <div className={styles.buttons}>
            <Button
              size="xs"
              variant="default"
              loading={busy === 'main'}
              onClick={() => void run('main', () => retireOldValue(id))}
            >
              {words.retireNow}
            </Button>
            {cancel}
          </div>
        </>
      )
  }
}
