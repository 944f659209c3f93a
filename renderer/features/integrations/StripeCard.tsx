import { Button, Modal } from '@mantine/core'
import { modals } from '@mantine/modals'
import { IconEye, IconKey, IconPlugConnectedX, IconRefresh } from '@tabler/icons-react'
import { useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations'
import { dateIn } from '../../../shared/domain/dates'
import { runCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { CopyIcon } from '../../components/CopyText'
import { Facts } from '../../components/Facts'
import { dateText, instantText } from '../../components/format'
import { Notice } from '../../components/Notice'
import { StatusPill, type Tone } from '../../components/StatusPill'
import section from '../../components/section.module.css'
import { toast } from '../../components/toasts'
import { ConnectStripe } from './ConnectStripe'
import { useRevealKey } from './RevealKey'
import { syncNow } from './syncNow'
import { words } from './words'

const tones: Readonly<Record<Integration['state'], Tone>> = {
  live: 'green',
  test: 'violet',
  practice: 'brass',
  manual: 'quiet',
  not_connected: 'quiet',
}

/** Stripe as it is connected: its state, its key's end, its last sync, its gaps. */
export function StripeCard({ integration }: { readonly integration: Integration }) {
  const business = useBusiness()
  const [syncing, setSyncing] = useState(false)
  const [replacing, setReplacing] = useState(false)
  const reveal = useRevealKey(business.id)
  const { state, problem, keyHint, lastSyncAt, completeSince, gapCount, webhookUrl } = integration
  const own = state === 'live' || state === 'test'
  const sync = () => {
    setSyncing(true)
    void syncNow(business.id).finally(() => setSyncing(false))
  }
  return (
    <div className={section.card}>
      <div className={section.cardHead}>
        <h3>{words.stripe}</h3>
        <StatusPill tone={problem ? 'wax' : tones[state]}>{words.states[state]}</StatusPill>
      </div>
      {problem ? (
        <Notice alert icon={false} className={section.problem}>
          {problem}
        </Notice>
      ) : null}
      <Facts
        items={[
          keyHint === null ? null : [words.key, words.keyHint(keyHint)],
          [words.lastSync, lastSyncAt === null ? words.never : instantText(lastSyncAt, business.timeZone)],
          completeSince === null
            ? null
            : [words.complete, words.completeText(gapCount, dateText(dateIn(business.timeZone, completeSince)))],
          webhookUrl === null
            ? null
            : [
                words.webhook,
                <div key="webhook">
                  <span className={section.code}>
                    {webhookUrl} <CopyIcon text={webhookUrl} label={words.copyWebhook} />
                  </span>
                  <p className={section.note}>{words.webhookNote}</p>
                </div>,
              ],
        ]}
      />
      <div className={section.buttons}>
        <Button leftSection={<IconRefresh size={15} />} loading={syncing} onClick={sync}>
          {words.syncNow}
        </Button>
        {own ? (
          <>
            <Button variant="default" leftSection={<IconKey size={15} />} onClick={() => setReplacing(true)}>
              {words.replace}
            </Button>
            <Button variant="default" leftSection={<IconEye size={15} />} onClick={reveal.ask}>
              {words.reveal}
            </Button>
            <Button variant="default" leftSection={<IconPlugConnectedX size={15} />} onClick={() => askToDisconnect(business.id)}>
              {words.disconnect}
            </Button>
          </>
        ) : null}
      </div>
      <Modal opened={replacing} onClose={() => setReplacing(false)} title={words.replace} size={520} lockScroll={false}>
        {replacing ? <ConnectStripe business={business} onConnected={() => setReplacing(false)} plain /> : null}
      </Modal>
      {reveal.dialog}
    </div>
  )
}

function askToDisconnect(businessId: string): void {
  modals.openConfirmModal({
    title: words.disconnectTitle,
    children: words.disconnectText,
    labels: { confirm: words.disconnectNow, cancel: words.cancel },
    confirmProps: { color: 'wax' },
    onConfirm: () => {
      runCommand('integrations.disconnect', { businessId, provider: 'stripe' }).then(
        (outcome) => {
          if (outcome.status === 'done') toast.done(words.disconnected)
          else toast.waiting(words.waits, words.waitsText)
        },
        (error: unknown) => toast.failed(words.notDisconnected, error),
      )
    },
  })
}
