import { Button } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useState } from 'react'
import type { ShellState } from '../../../shared/contract/shell'
import { callShell } from '../../api/bridge'
import { acceptShellState, useRead } from '../../api/queries'
import { toast } from '../../components/toasts'
import { openLive, PassphraseForm } from './PassphraseForm'
import { PaneHead, QuietAction, VaultPane } from './VaultPane'
import styles from './vault.module.css'
import { words } from './words'

/** The lock: work goes on behind it, and nothing of the vault is in this page. */
export function Locked({ state }: { readonly state: ShellState }) {
  const practice = state.world === 'practice'
  const paused = useRead('safety.status', {}).data?.paused
  return (
    <VaultPane>
      <div className={styles.lock} aria-hidden="true">
        <IconLock size={24} stroke={1.7} />
      </div>
      <PaneHead title={practice ? words.lockedPractice : words.lockedTitle}>
        {paused ? words.lockedPaused : words.goesOn[state.whileLocked ?? 'everything']}{' '}
        {practice ? words.lockedPracticeNote : words.lockedNote}
      </PaneHead>
      {practice ? <EnterPractice /> : <PassphraseForm onProof={openLive} button={words.unlock} />}
      <QuietAction onClick={close}>{words.closeInstead}</QuietAction>
    </VaultPane>
  )
}

function EnterPractice() {
  const [busy, setBusy] = useState(false)
  const enter = async () => {
    setBusy(true)
    try {
      acceptShellState(await callShell('shell.explorePractice', {}))
    } catch (error) {
      toast.failed(words.notExplored, error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button size="md" fullWidth autoFocus loading={busy} onClick={() => void enter()}>
      {words.practiceAgain}
    </Button>
  )
}

function close(): void {
  callShell('shell.closeVault', {}).then(acceptShellState, (error: unknown) => toast.failed(words.closeInstead, error))
}
