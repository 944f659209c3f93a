import { Button, Modal, Progress } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'
import { onBridgeEvent } from '../../api/bridge'
import { runCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { FormActions, FormStack } from '../../components/FormStack'
import { toast } from '../../components/toasts'
import { words } from './words'

interface Seen {
  readonly lines: number
  readonly percent: number
}

/** Imports entries from a file that the owner chooses in a native dialog, with progress and a way to stop it. */
export function useImport(): { start: () => void; dialog: ReactNode } {
  const business = useBusiness()
  const [seen, setSeen] = useState<Seen | null>(null)
  const [stopping, setStopping] = useState(false)

  useEffect(
    () =>
      onBridgeEvent('importProgress', (event) => {
        if (event.businessId !== business.id) return
        setSeen({ lines: event.lines, percent: event.totalBytes > 0 ? (event.bytes / event.totalBytes) * 100 : 0 })
      }),
    [business.id],
  )

  const start = () => {
    setStopping(false)
    runCommand('ledger.importFile', { businessId: business.id })
      .then(
        (outcome) => {
          if (outcome.status === 'done' && outcome.value) {
            toast.done(words.importDone, words.imported(outcome.value.imported, outcome.value.skipped))
          }
        },
        (error: unknown) => toast.failed(words.importFailed, error),
      )
      .finally(() => setSeen(null))
  }
  const cancel = () => {
    setStopping(true)
    runCommand('ledger.cancelImport', { businessId: business.id }).catch((error: unknown) => {
      setStopping(false)
      toast.failed(words.importing, error)
    })
  }

  return {
    start,
    dialog: (
      <Modal
        opened={seen !== null}
        onClose={cancel}
        title={words.importTitle}
        size={440}
        lockScroll={false}
        withCloseButton={false}
        closeOnClickOutside={false}
        closeOnEscape={false}
      >
        <FormStack>
          <div>{words.importText}</div>
          <Progress value={seen?.percent ?? 0} aria-label={words.importTitle} radius="xl" transitionDuration={120} />
          <div className="ch-figures" aria-live="polite">
            {words.importLines(seen?.lines ?? 0)}
          </div>
          <FormActions>
            <Button variant="default" onClick={cancel} loading={stopping}>
              {words.importCancel}
            </Button>
          </FormActions>
        </FormStack>
      </Modal>
    ),
  }
}
