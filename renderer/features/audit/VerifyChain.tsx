import { Button, Modal, Progress } from '@mantine/core'
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { Output } from '../../../shared/contract/index'
import { call, onBridgeEvent } from '../../api/bridge'
import { runCommand } from '../../api/queries'
import { useBusiness } from '../../app/BusinessProvider'
import { FailureNote } from '../../components/FailureNote'
import { FormActions, FormStack } from '../../components/FormStack'
import { instantText } from '../../components/format'
import { withStepUp } from '../../components/StepUp'
import styles from './audit.module.css'
import { words } from './words'

type Verdict = Output<'audit.verify'>
type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly rows: number; readonly total: number }
  | { readonly kind: 'done'; readonly verdict: Verdict }
  | { readonly kind: 'failed'; readonly error: unknown }

interface VerifyChainProps {
  /** Starts as soon as it is shown: asked for from elsewhere. */
  readonly startNow: boolean
  readonly onShowRow: (seq: number) => void
}

/** Recomputes the whole chain and says what it found. */
export function VerifyChain({ startNow, onShowRow }: VerifyChainProps) {
  const [state, setState] = useState<State>({ kind: 'idle' })
  const started = useRef(false)

  useEffect(
    () =>
      onBridgeEvent('auditProgress', ({ rows, total }) =>
        setState((was) => (was.kind === 'running' ? { kind: 'running', rows, total } : was)),
      ),
    [],
  )
  const run = () => {
    setState({ kind: 'running', rows: 0, total: 0 })
    call('audit.verify', {}).then(
      (verdict) => setState({ kind: 'done', verdict }),
      (error: unknown) => setState({ kind: 'failed', error }),
    )
  }
  useEffect(() => {
    if (!startNow || started.current) return
    started.current = true
    run()
  })
  const close = () => setState({ kind: 'idle' })
  const showRow = (seq: number) => {
    close()
    onShowRow(seq)
  }
  return (
    <>
      <Button leftSection={<IconShieldCheck size={16} />} onClick={run} loading={state.kind === 'running'}>
        {words.verify}
      </Button>
      <Modal
        opened={state.kind !== 'idle'}
        onClose={close}
        title={words.verify}
        size={460}
        lockScroll={false}
        withCloseButton={state.kind !== 'running'}
        closeOnClickOutside={state.kind !== 'running'}
        closeOnEscape={state.kind !== 'running'}
      >
        <FormStack>
          {state.kind === 'running' ? (
            <div aria-live="polite">
              <Progress
                value={state.total > 0 ? (state.rows / state.total) * 100 : 0}
                aria-label={words.verifying}
                radius="xl"
                transitionDuration={80}
              />
              <p className={styles.faint}>{state.total > 0 ? words.verifyProgress(state.rows, state.total) : words.verifying}</p>
            </div>
          ) : null}
          {state.kind === 'done' ? <VerdictView verdict={state.verdict} onShowRow={showRow} onAcknowledged={run} /> : null}
          {state.kind === 'failed' ? <FailureNote title={words.verifyFailed} error={state.error} /> : null}
          {state.kind === 'running' ? null : (
            <FormActions>
              <Button variant="default" onClick={close} autoFocus>
                {words.close}
              </Button>
            </FormActions>
          )}
        </FormStack>
      </Modal>
    </>
  )
}

interface VerdictViewProps {
  readonly verdict: Verdict
  readonly onShowRow: (seq: number) => void
  readonly onAcknowledged: () => void
}

function VerdictView({ verdict, onShowRow, onAcknowledged }: VerdictViewProps) {
  const business = useBusiness()
  if (verdict.restored.length > 0) return <RestoredView restored={verdict.restored} onAcknowledged={onAcknowledged} />
  const bad = verdict.firstBad
  const whole = verdict.ok && !bad
  const anchored = verdict.anchored
    ? words.anchored(verdict.anchored.size, instantText(verdict.anchored.at, business.timeZone))
    : words.notAnchored
  return (
    <div className={styles.verdict} data-ok={whole || undefined} role={whole ? 'status' : 'alert'}>
      {whole ? <IconShieldCheck size={26} stroke={1.6} /> : <IconShieldX size={26} stroke={1.6} />}
      <div>
        <strong>{whole ? words.intact : words.broken}</strong>
        {whole ? (
          <>
            <p>{words.intactText(verdict.rows, verdict.heads)}</p>
            <p>{anchored}</p>
          </>
        ) : (
          <>
            {bad ? <p>{words.brokenText(bad.seq, bad.reason)}</p> : null}
            <p>{words.brokenNext}</p>
            {bad ? (
              <Button size="xs" variant="default" onClick={() => onShowRow(bad.seq)}>
                {words.showRow}
              </Button>
            ) : null}
          </>
        )}
      </div>
    </div>
  )
}

interface RestoredViewProps {
  readonly restored: Verdict['restored']
  readonly onAcknowledged: () => void
}

/** The log is an older copy of itself; only its owner knows whether on purpose. */
function RestoredView({ restored, onAcknowledged }: RestoredViewProps) {
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const acknowledge = async () => {
    setBusy(true)
    setProblem(null)
    try {
      if ((await withStepUp(() => runCommand('audit.acknowledgeRestore', {}))) !== undefined) onAcknowledged()
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  const places = restored.map(({ name }) => name).join(', ')
  return (
    <div className={styles.verdict} role="alert">
      <IconShieldX size={26} stroke={1.6} />
      <div>
        <strong>{words.restored}</strong>
        <p>{words.restoredText(places, Math.max(...restored.map(({ size }) => size)))}</p>
        <p>{words.restoredNext}</p>
        <FailureNote title={words.notAcknowledged} error={problem} />
        <Button size="xs" color="wax" loading={busy} onClick={() => void acknowledge()}>
          {words.acknowledge}
        </Button>
      </div>
    </div>
  )
}
