import { Button } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import type { Input } from '../../../shared/contract/index'
import type { Backtest as Result } from '../../../shared/contract/policies'
import { call } from '../../api/bridge'
import { useBusiness } from '../../app/BusinessProvider'
import { FailureNote } from '../../components/FailureNote'
import { instantText, moneyText, monthText } from '../../components/format'
import { actorWords, useActorNames } from '../audit/actors'
import { stepWords } from '../audit/steps'
import styles from './policies.module.css'
import { words } from './words'

interface BacktestProps {
  readonly rule: Input<'policies.backtest'>['rule']
}

type State =
  | { readonly kind: 'idle' | 'running' }
  | { readonly kind: 'done'; readonly rule: string; readonly result: Result }
  | { readonly kind: 'failed'; readonly error: unknown }

/** What the rule would have stopped in the last year. */
export function Backtest({ rule }: BacktestProps) {
  const [state, setState] = useState<State>({ kind: 'idle' })
  const key = JSON.stringify(rule)
  const run = () => {
    setState({ kind: 'running' })
    call('policies.backtest', { rule }).then(
      (result) => setState({ kind: 'done', rule: key, result }),
      (error: unknown) => setState({ kind: 'failed', error }),
    )
  }
  return (
    <section>
      <div className={styles.backtest}>
        <Button variant="default" leftSection={<IconHistory size={15} />} loading={state.kind === 'running'} onClick={run}>
          {words.backtest}
        </Button>
        <span className={styles.note}>{words.backtestNote}</span>
      </div>
      {state.kind === 'failed' ? <FailureNote title={words.backtestFailed} error={state.error} /> : null}
      {state.kind === 'done' && state.rule === key ? <Found result={state.result} /> : null}
    </section>
  )
}

function Found({ result }: { readonly result: Result }) {
  const business = useBusiness()
  const names = useActorNames()
  const found = useRef<HTMLDivElement>(null)
  // The form is long: what was found is brought to the eye that asked for it.
  useEffect(() => {
    found.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  if (result.looked === 0) return <p className={styles.note}>{words.backtestNone}</p>
  const most = Math.max(1, ...result.byMonth.map(({ stopped }) => stopped))
  return (
    <div ref={found} className={styles.found} aria-live="polite">
      <strong>{words.backtestResult(result.looked, result.asked, result.refused)}</strong>
      {result.unknown > 0 ? <p className={styles.note}>{words.backtestUnknown(result.unknown)}</p> : null}
      <table className={styles.months}>
        <caption>{words.backtestMonths}</caption>
        <thead>
          <tr>
            <th scope="col">{words.month}</th>
            <td />
            <th scope="col">{words.stopped}</th>
            <th scope="col">{words.looked}</th>
          </tr>
        </thead>
        <tbody>
          {result.byMonth.map(({ month, looked, stopped }) => (
            <tr key={month}>
              <th scope="row">{monthText(month)}</th>
              <td aria-hidden="true">
                <progress className={styles.bar} max={most} value={stopped} tabIndex={-1} />
              </td>
              <td>{stopped}</td>
              <td>{looked}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {result.examples.length === 0 ? null : (
        <>
          <p className={styles.note}>{words.backtestExamples}</p>
          <ul className={styles.examples}>
            {result.examples.slice(0, 5).map((example) => (
              <li key={example.auditSeq}>
                {instantText(example.at, business.timeZone)} · {actorWords(example.actor, names)} · {stepWords(example.procedure)}
                {example.amount === null ? '' : ` · ${moneyText(example.amount)}`}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
