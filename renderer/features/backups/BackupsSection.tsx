import { Button } from '@mantine/core'
import { IconDatabaseExport } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { Backup } from '../../../shared/contract/backups'
import { onBridgeEvent } from '../../api/bridge'
import { useRows } from '../../api/pages'
import { useCommand, useRead } from '../../api/queries'
import { bytesText, capital, instantText, machineZone } from '../../components/format'
import { ListTable } from '../../components/ListTable'
import { Notice } from '../../components/Notice'
import { Section } from '../../components/Page'
import { ErrorState, LoadingRows } from '../../components/States'
import { StatusPill } from '../../components/StatusPill'
import section from '../../components/section.module.css'
import { toast } from '../../components/toasts'
import { BackupSchedule } from './BackupSchedule'
import { RestoreBackup } from './RestoreBackup'
import { words } from './words'

/** Backups: made, checked, kept by rule, and restored for practice every week. */
export function BackupsSection() {
  return (
    <>
      <Now />
      <BackupList />
      <Drill />
      <BackupSchedule />
    </>
  )
}

/** Backups are the vault's, made by this machine's clock. */
const when = (at: number) => instantText(at, machineZone())

/** How far the step under way is, from 0 to 1; null when nothing runs. */
function useProgress(step: 'backup' | 'drill'): number | null {
  const [share, setShare] = useState<number | null>(null)
  useEffect(
    () =>
      onBridgeEvent('vaultProgress', (progress) => {
        if (progress.step === step) setShare(progress.done < progress.total ? progress.done / progress.total : null)
      }),
    [step],
  )
  return share
}

function Now() {
  const status = useRead('backups.status', {})
  const share = useProgress('backup')
  const run = useCommand('backups.run', {
    onDone: ({ problem }) => (problem === null ? toast.done(words.made) : toast.failed(words.damaged, problem)),
    onAwaitingApproval: () => toast.waiting(words.waits),
    onError: (error) => toast.failed(words.notMade, error),
  })
  const { lastVerifiedAt = null, lastProblem = null, nextAt = null, settings } = status.data ?? {}
  return (
    <Section
      title={words.title}
      note={words.note}
      actions={
        <Button leftSection={<IconDatabaseExport size={16} />} loading={run.isPending} onClick={() => run.mutate({})}>
          {words.runNow}
        </Button>
      }
    >
      {status.error ? (
        <ErrorState what={words.title} error={status.error} onRetry={() => void status.refetch()} compact />
      ) : status.data === undefined ? (
        <LoadingRows rows={1} />
      ) : (
        <p className={section.sentence}>
          <strong>{lastVerifiedAt === null ? words.neverVerified : words.verified(when(lastVerifiedAt))}</strong>
          {' · '}
          {settings?.on === false ? words.off : nextAt === null ? '' : words.next(when(nextAt))}
        </p>
      )}
      {run.isPending ? (
        <p className={section.note} aria-live="polite">
          {words.running(share)}
        </p>
      ) : null}
      {lastProblem === null ? null : (
        <Notice alert icon={false} className={section.problem}>
          <strong>{words.problem}.</strong> {lastProblem}
        </Notice>
      )}
    </Section>
  )
}

function BackupList() {
  const list = useRows('backups.list', {})
  const [restoring, setRestoring] = useState<Backup | null>(null)
  return (
    <Section title={words.list}>
      <ListTable
        what={words.list}
        list={list}
        none={words.none}
        heads={[words.columns.made, words.columns.kept, words.columns.state, words.columns.action]}
        actions
        rowId={(backup) => backup.id}
        cells={(backup) => [
          <Made key="made" backup={backup} />,
          capital(backup.keptAs.map((rule) => words.keptAs[rule]).join(', ')),
          <State key="state" backup={backup} />,
          <Actions key="actions" backup={backup} onRestore={() => setRestoring(backup)} />,
        ]}
      />
      <RestoreBackup backup={restoring} onClose={() => setRestoring(null)} />
    </Section>
  )
}

function Made({ backup }: { readonly backup: Backup }) {
  return (
    <>
      {when(backup.createdAt)}
      <span className={section.scope}>{words.holds(bytesText(backup.bytes), backup.entries, backup.auditRows)}</span>
    </>
  )
}

function Actions({ backup, onRestore }: { readonly backup: Backup; readonly onRestore: () => void }) {
  const verify = useCommand('backups.verify', {
    onDone: ({ problem }) => (problem === null ? toast.done(words.verifiedToast) : toast.failed(words.damaged, problem)),
    onError: (error) => toast.failed(words.notVerified, error),
  })
  if (!backup.present) return null
  return (
    <span className={section.rowActions}>
      <Button size="xs" variant="default" loading={verify.isPending} onClick={() => verify.mutate({ backupId: backup.id })}>
        {words.verify}
      </Button>
      <Button size="xs" variant="default" onClick={onRestore}>
        {words.restore}
      </Button>
    </span>
  )
}

function State({ backup: { present, problem, verifiedAt } }: { readonly backup: Backup }) {
  if (!present) {
    return (
      <StatusPill tone="quiet" mark="bar">
        {words.states.gone}
      </StatusPill>
    )
  }
  if (problem !== null) {
    return (
      <StatusPill tone="wax" mark="bar">
        {words.states.bad}
      </StatusPill>
    )
  }
  return verifiedAt === null ? (
    <StatusPill tone="brass" mark="hollow">
      {words.states.unchecked}
    </StatusPill>
  ) : (
    <StatusPill tone="green">{words.states.verified}</StatusPill>
  )
}

function Drill() {
  const status = useRead('backups.status', {})
  const share = useProgress('drill')
  const last = status.data?.lastDrill ?? null
  const seconds = ((last?.milliseconds ?? 0) / 1000).toFixed(1)
  const run = useCommand('backups.drill', {
    onDone: ({ ok, problem }) => (ok ? toast.done(words.drillOk) : toast.failed(words.drillFailed, problem ?? '')),
    onError: (error) => toast.failed(words.drillFailed, error),
  })
  return (
    <Section
      title={words.drill}
      note={words.drillNote}
      actions={
        <Button variant="default" loading={run.isPending} onClick={() => run.mutate({})}>
          {words.drillNow}
        </Button>
      }
    >
      {run.isPending ? (
        <p className={section.note} aria-live="polite">
          {words.drilling(share)}
        </p>
      ) : last === null ? (
        <p className={section.note}>{words.drillNever}</p>
      ) : last.ok ? (
        <p className={section.note}>
          {words.drillLast(when(last.at))} {words.drilled(last.secrets, last.entries, seconds)}
        </p>
      ) : (
        <Notice icon={false} className={section.problem}>
          {words.drillLast(when(last.at))} {words.drillFailed}: {last.problem ?? ''}
        </Notice>
      )}
    </Section>
  )
}
