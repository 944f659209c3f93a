import { Button, Progress, Radio, Select, Stack } from '@mantine/core'
import { useEffect, useState } from 'react'
import { onBridgeEvent } from '../../api/bridge'
import { runCommand, useCommand, useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { instantText } from '../../components/format'
import { Section } from '../../components/Page'
import { toast } from '../../components/toasts'
import { AskPassphrase } from './AskPassphrase'
import styles from './security.module.css'
import { words } from './securityWords'

const modes = ['everything', 'watch_only'] as const
const minutes = [1, 2, 5, 10, 15, 30, 60]

/** When the vault locks, and what may go on while it is. */
export function Locking() {
  const security = useRead('vault.security', {})
  const configure = useCommand('vault.configure', {
    onDone: () => toast.done(words.saved),
    onAwaitingApproval: () => toast.waiting(words.waits),
    onError: (error) => toast.failed(words.notSaved, error),
  })
  if (security.data === undefined) return null
  const { whileLocked, idleMinutes } = security.data
  return (
    <Section title={words.locking} note={words.lockingNote}>
      <Radio.Group
        value={whileLocked}
        onChange={(value) => {
          const mode = modes.find((candidate) => candidate === value)
          if (mode !== undefined) configure.mutate({ whileLocked: mode })
        }}
        aria-label={words.locking}
      >
        <Stack gap={10}>
          {modes.map((mode) => (
            <Radio key={mode} value={mode} label={words.modes[mode]} description={words.modeNotes[mode]} />
          ))}
        </Stack>
      </Radio.Group>
      <Select
        className={styles.idle ?? ''}
        label={words.idle}
        data={minutes.map((value) => ({ value: String(value), label: words.idleMinutes(value) }))}
        value={String(idleMinutes)}
        allowDeselect={false}
        onChange={(value) => value !== null && configure.mutate({ idleMinutes: Number(value) })}
      />
    </Section>
  )
}

/** New keys for the whole vault. */
export function ChangeKeys() {
  const business = useBusiness()
  const security = useRead('vault.security', {})
  const [asking, setAsking] = useState(false)
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null)
  useEffect(
    () =>
      onBridgeEvent('vaultProgress', ({ step, done, total }) => {
        if (step === 'rotate') setProgress(done < total ? { done, total } : null)
      }),
    [],
  )
  const rotate = async (passphrase: string) => {
    try {
      const reply = await runCommand('vault.rotateKeys', { passphrase })
      setAsking(false)
      if (reply.status === 'done') toast.done(words.rotated(reply.value.records))
    } finally {
      setProgress(null)
    }
  }
  return (
    <Section title={words.rotate} note={words.rotateNote}>
      {security.data ? (
        <p className={styles.text}>{words.rotatedAt(instantText(security.data.keysChangedAt, business.timeZone))}</p>
      ) : null}
      <Button variant="default" onClick={() => setAsking(true)}>
        {words.rotateNow}
      </Button>
      <AskPassphrase
        opened={asking}
        title={words.rotate}
        text={words.rotateNote}
        button={words.rotateNow}
        failed={words.notRotated}
        onSubmit={rotate}
        onClose={() => setAsking(false)}
      >
        {progress === null ? null : (
          <div aria-live="polite">
            <Progress value={(progress.done / Math.max(1, progress.total)) * 100} aria-label={words.rotating} radius="xl" />
            <p className={styles.text}>{words.rotateProgress(progress.done, progress.total)}</p>
          </div>
        )}
      </AskPassphrase>
    </Section>
  )
}
