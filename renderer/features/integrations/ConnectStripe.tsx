import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconExternalLink } from '@tabler/icons-react'
import type { Business } from '../../../shared/contract/businesses'
import { callShell } from '../../api/bridge'
import { useCommand } from '../../api/queries'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { PasswordField } from '../../components/PasswordField'
import { StatusPill } from '../../components/StatusPill'
import section from '../../components/section.module.css'
import { toast } from '../../components/toasts'
import styles from './integrations.module.css'
import { keyProblem, readKey } from './stripeKey'
import { words } from './words'

interface ConnectStripeProps {
  readonly business: Business
  readonly onConnected?: () => void
  /** Without a card around it: inside a dialog. */
  readonly plain?: boolean
}

const dashboard = 'https://dashboard.stripe.com/apikeys'

/** Takes a Stripe key, tells test from live as it is typed, and tries it before it is stored. */
export function ConnectStripe({ business, onConnected, plain = false }: ConnectStripeProps) {
  const form = useForm({
    initialValues: { secretKey: '', webhookSecret: '' },
    validate: {
      secretKey: (text) => keyProblem(text, business.mode),
      webhookSecret: (text) => (text.trim() === '' || /^whsec_.{8,}/.test(text.trim()) ? null : words.webhookPlaceholder),
    },
  })
  const connect = useCommand('integrations.connect', {
    onDone: (integration) => {
      form.reset()
      toast.done(words.connected(words.states[integration.state]))
      onConnected?.()
    },
    onAwaitingApproval: () => {
      form.reset()
      toast.waiting(words.waits, words.waitsText)
      onConnected?.()
    },
  })
  const submit = form.onSubmit(({ secretKey, webhookSecret }) => {
    const secret = webhookSecret.trim()
    connect.mutate(
      {
        businessId: business.id,
        provider: 'stripe',
        secretKey: secretKey.trim(),
        ...(secret === '' ? {} : { webhookSecret: secret }),
      },
      // What was sent holds secrets; it does not stay in the page's memory.
      { onSuccess: () => connect.reset() },
    )
  })
  return (
    <form onSubmit={submit} noValidate className={plain ? '' : section.card}>
      <FormStack>
        {plain ? null : (
          <div className={section.cardHead}>
            <h3>{words.connect}</h3>
            <StatusPill tone="quiet" mark="hollow">
              {words.states.not_connected}
            </StatusPill>
          </div>
        )}
        <p className={section.note}>{words.connectText}</p>
        <div>
          <Button
            variant="subtle"
            size="xs"
            px={0}
            leftSection={<IconExternalLink size={14} />}
            onClick={() =>
              callShell('shell.openExternal', { url: dashboard }).catch((error: unknown) =>
                toast.failed(words.openDashboard, error),
              )
            }
          >
            {words.openDashboard}
          </Button>
        </div>
        <div>
          <PasswordField
            label={words.secretKey}
            placeholder={words.keyPlaceholder}
            autoComplete="off"
            spellCheck={false}
            maxLength={260}
            {...form.getInputProps('secretKey')}
          />
          {form.errors.secretKey ? null : <DetectedKey typed={form.values.secretKey} mode={business.mode} />}
        </div>
        <PasswordField
          label={
            <>
              {words.webhookSecret} <span className="ch-optional">{words.optional}</span>
            </>
          }
          placeholder={words.webhookPlaceholder}
          autoComplete="off"
          spellCheck={false}
          maxLength={260}
          {...form.getInputProps('webhookSecret')}
        />
        <FailureNote title={words.notConnected} error={connect.error} />
        <FormActions>
          <Button type="submit" loading={connect.isPending}>
            {words.connectNow}
          </Button>
        </FormActions>
      </FormStack>
    </form>
  )
}

function DetectedKey({ typed, mode }: { readonly typed: string; readonly mode: Business['mode'] }) {
  const key = readKey(typed)
  if (key.kind === 'empty') return null
  if (key.kind !== 'key') {
    return (
      <div className={styles.detected} aria-live="polite">
        {words.detected[key.kind]}
      </div>
    )
  }
  const wrong = (mode === 'test' || mode === 'live') && mode !== key.mode
  return (
    <div className={styles.detected} aria-live="polite">
      <StatusPill tone={wrong ? 'wax' : key.mode === 'live' ? 'green' : 'violet'}>
        {words.states[key.mode]} · {key.restricted ? words.restricted : words.secret}
      </StatusPill>
      {wrong ? words.detected.wrongMode(mode) : words.detected[key.mode]}
    </div>
  )
}
