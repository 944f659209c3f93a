import { Button } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconDeviceMobile, IconFingerprint, IconKey, IconLifebuoy, IconServer2 } from '@tabler/icons-react'
import { type ComponentType, useState } from 'react'
import type { Factor } from '../../../shared/contract/vault'
import { runCommand, useRead } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { instantText } from '../../components/format'
import { Section } from '../../components/Page'
import { ErrorState, LoadingRows } from '../../components/States'
import { StatusPill } from '../../components/StatusPill'
import section from '../../components/section.module.css'
import { toast } from '../../components/toasts'
import { type AddableKind, AddFactor } from './AddFactor'
import { AskPassphrase } from './AskPassphrase'
import styles from './security.module.css'
import { words } from './securityWords'

const icons: Readonly<Record<Factor['kind'], ComponentType<{ size?: number; stroke?: number }>>> = {
  passphrase: IconKey,
  keychain: IconServer2,
  passkey: IconFingerprint,
  kit: IconLifebuoy,
  totp: IconDeviceMobile,
}

/** What opens the vault, and the code generator for sensitive steps. */
export function UnlockWays() {
  const security = useRead('vault.security', {})
  const [adding, setAdding] = useState<AddableKind | null>(null)
  const [removing, setRemoving] = useState<Factor | null>(null)
  if (security.error)
    return <ErrorState what={words.ways} error={security.error} onRetry={() => void security.refetch()} compact />
  if (security.data === undefined) return <LoadingRows rows={3} />
  const { factors, keychainProblem, passkeyProblem } = security.data
  const has = (kind: Factor['kind']) => factors.some((factor) => factor.kind === kind)
  const remove = async (passphrase: string) => {
    if (removing === null) return
    await runCommand('vault.removeFactor', { factorId: removing.id, passphrase })
    setRemoving(null)
    toast.done(words.removed)
  }
  return (
    <Section title={words.ways} note={words.waysNote}>
      <ul className={styles.ways}>
        {factors.map((factor) => (
          <Way key={factor.id} factor={factor} onRemove={() => setRemoving(factor)} />
        ))}
      </ul>
      <div className={section.buttons}>
        {has('totp') ? null : (
          <Button variant="default" onClick={() => setAdding('totp')}>
            {words.addTotp}
          </Button>
        )}
        <Button variant="default" disabled={passkeyProblem !== null} onClick={() => setAdding('passkey')}>
          {words.addPasskey}
        </Button>
        {has('keychain') ? null : (
          <Button variant="default" disabled={keychainProblem !== null} onClick={() => setAdding('keychain')}>
            {words.addKeychain}
          </Button>
        )}
      </div>
      {passkeyProblem === null ? null : <p className={styles.after}>{passkeyProblem}</p>}
      {keychainProblem === null ? null : <p className={styles.after}>{keychainProblem}</p>}
      <AddFactor kind={adding} onClose={() => setAdding(null)} />
      <AskPassphrase
        opened={removing !== null}
        title={words.removeTitle(removing?.label ?? '')}
        text={removing?.kind === 'totp' ? words.removeText.totp : words.removeText.opens}
        button={words.remove}
        failed={words.notRemoved}
        onSubmit={remove}
        onClose={() => setRemoving(null)}
      />
    </Section>
  )
}

function Way({ factor, onRemove }: { readonly factor: Factor; readonly onRemove: () => void }) {
  const business = useBusiness()
  const Icon = icons[factor.kind]
  const when = (at: number) => instantText(at, business.timeZone)
  const used = factor.lastUsedAt === null ? words.neverUsed : words.used(when(factor.lastUsedAt))
  const waits = factor.confirmedAt === null && (factor.kind === 'totp' || factor.kind === 'kit')
  return (
    <li className={styles.way}>
      <Icon size={20} stroke={1.6} />
      <div>
        <strong>{factor.label}</strong>
        <p className={section.note}>
          {words.added(when(factor.createdAt))} · {used}
        </p>
      </div>
      {waits ? (
        <StatusPill tone="brass" mark="half">
          {factor.kind === 'kit' ? words.untested : words.unconfirmed}
        </StatusPill>
      ) : (
        <StatusPill tone="green">{words.confirmed}</StatusPill>
      )}
      {factor.kind === 'passphrase' || factor.kind === 'kit' ? null : (
        <Button size="xs" variant="default" onClick={onRemove} aria-label={`${words.remove}: ${factor.label}`}>
          {words.remove}
        </Button>
      )}
    </li>
  )
}

/** Asks before a step that cannot be taken back. */
export function confirmStep(title: string, text: string, confirm: string, run: () => void): void {
  modals.openConfirmModal({
    title,
    children: text,
    labels: { confirm, cancel: words.cancel },
    confirmProps: { color: 'wax' },
    onConfirm: run,
  })
}
