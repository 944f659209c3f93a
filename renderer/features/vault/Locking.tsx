import { Button, Progress, Radio, Select, Stack } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { callShell, onBridgeEvent } from '../../api/bridge'
import { runCommand, useCommand, useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { lockNow } from '../../app/lockNow'
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
    onDone: () => {
      toast.done(words.saved)
      // The time that runs already is the old one; a shorter one counts from now on, and not only after the next key.
      callShell('shell.activity', {}).catch(() => undefined)
    },
    onAwaitingApproval: () => toast.waiting(words.waits),
    onError: (error) => toast.failed(words.notSaved, error),
  })
  return (
    <Section
      title={words.locking}
      note={words.lockingNote}
      actions={
        <Button leftSection={<IconLock size={15} />} onClick={lockNow}>
          {words.lockNow}
        </Button>
      }
    >
      {security.data === undefined ? null : (
        <>
          <Select
            className={styles.idle ?? ''}
            label={words.idle}
            data={minutes.map((value) => ({ value: String(value), label: words.idleMinutes(value) }))}
            value={String(security.data.idleMinutes)}
            allowDeselect={false}
            onChange={(value) => value !== null && configure.mutate({ idleMinutes: Number(value) })}
          />
          <Radio.Group
            label={words.whileLocked}
            value={security.data.whileLocked}
            onChange={(value) => {
              const mode = modes.find((candidate) => candidate === value)
              if (mode !== undefined) configure.mutate({ whileLocked: mode })
            }}
          >
            <Stack gap={10} mt={4}>
              {modes.map((mode) => (
                <Radio key={mode} value={mode} label={words.modes[mode]} description={words.modeNotes[mode]} />
              ))}
            </Stack>
          </Radio.Group>
        </>
      )}
    </Section>
  )
}

/** New keys for the whole vault. */
export function ChangeKeys() {
  const business = useBusiness()
  const security = useRead('vault.security', {})
  const [asking, setAsking] = useState(false)
  const [changing, setChanging] = useState(false)
  const [progress, setProgress] = useState<{ step: keyof typeof words.rotating; done: number; total: number } | null>(null)
  useEffect(
    () =>
      onBridgeEvent('vaultProgress', ({ step, done, total }) => {
        if (step === 'backup' || step === 'rotate' || step === 'database') setProgress({ step, done, total })
      }),
    [],
  )
  const rotate = async (passphrase: string) => {
    setProgress(null)
    setChanging(true)
    try {
      const reply = await runCommand('vault.rotateKeys', { passphrase })
      setAsking(false)
      if (reply.status === 'done') toast.done(words.rotated(reply.value.records))
    } finally {
      setChanging(false)
    }
  }
  return (
    <Section title={words.rotate} note={words.rotateNote}>
      {security.data ? (
        <p className={styles.text}>{words.rotatedAt(instantText(security.data.keysChangedAt, business.timeZone))}</p>
      ) : null}
      {security.data?.keysChanging && !changing ? (
        <p className={styles.text} role="status">
          {words.rotateOpen}
        </p>
      ) : null}
      <Button variant="default" onClick={() => setAsking(true)}>
        {words.rotateNow}
      </Button>
      <AskPassphrase
        opened={asking}
        title={words.rotate}
        text={words.rotateAsk}
        button={words.rotateNow}
        failed={words.notRotated}
        onSubmit={rotate}
        onClose={() => setAsking(false)}
      >
        {progress === null || !changing ? null : (
          <div>
            <Progress
              value={(progress.done / Math.max(1, progress.total)) * 100}
              aria-label={words.rotating[progress.step]}
              radius="xl"
            />
            <p className={styles.text} aria-live="polite">
              {words.rotating[progress.step]}
            </p>
          </div>
        )}
      </AskPassphrase>
    </Section>
  )
}
