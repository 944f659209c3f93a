import { Button, Modal } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { runCommand } from '../../api/queries'
import { CopyButton } from '../../components/CopyText'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { withStepUp } from '../../components/StepUp'
import section from '../../components/section.module.css'
import { toast } from '../../components/toasts'
import { words } from './words'

/** Shows the stored key after asking; the key lives in this dialog only and is gone when it closes. */
export function useRevealKey(businessId: string): { ask: () => void; dialog: ReactNode } {
  const [opened, setOpened] = useState(false)
  return {
    ask: () => setOpened(true),
    dialog: (
      <Modal opened={opened} onClose={() => setOpened(false)} title={words.revealTitle} size={500} lockScroll={false}>
        {opened ? <Reveal businessId={businessId} onClose={() => setOpened(false)} /> : null}
      </Modal>
    ),
  }
}

function Reveal({ businessId, onClose }: { readonly businessId: string; readonly onClose: () => void }) {
  const [secretKey, setSecretKey] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const reveal = async () => {
    setBusy(true)
    setError(null)
    try {
      // Not through the query cache: the key must not stay there.
      const outcome = await withStepUp(() => runCommand('integrations.reveal', { businessId, provider: 'stripe' }))
      if (outcome === undefined) return
      if (outcome.status === 'done') setSecretKey(outcome.value.secretKey)
      else {
        onClose()
        toast.waiting(words.waits, words.waitsText)
      }
    } catch (problem) {
      setError(problem)
    } finally {
      setBusy(false)
    }
  }
  if (secretKey !== null) {
    return (
      <FormStack>
        <div className={section.secret} role="status" aria-label={words.revealed}>
          {secretKey}
        </div>
        <FormActions>
          <CopyButton text={secretKey} label={words.revealed} brief />
          <Button onClick={onClose}>{words.hide}</Button>
        </FormActions>
      </FormStack>
    )
  }
  return (
    <FormStack>
      <div>{words.revealText}</div>
      <FailureNote title={words.notRevealed} error={error} />
      <FormActions>
        <Button variant="default" onClick={onClose}>
          {words.cancel}
        </Button>
        <Button data-autofocus loading={busy} onClick={() => void reveal()}>
          {words.revealNow}
        </Button>
      </FormActions>
    </FormStack>
  )
}
