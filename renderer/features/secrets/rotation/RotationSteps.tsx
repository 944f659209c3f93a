import { IconCheck } from '@tabler/icons-react'
import type { Rotation } from '../../../../shared/contract/secrets'
import styles from './rotation.module.css'
import { words } from './words'

const steps = [words.stepAdd, words.stepTest, words.stepUse, words.stepRetire] as const
/** How many steps are done in each phase. */
const done: Readonly<Record<Rotation['phase'], number>> = { none: 0, added: 1, tested: 2, overlap: 3 }

/** The four steps of a rotation, and which of them is next. */
export function RotationSteps({ phase }: { readonly phase: Rotation['phase'] }) {
  return (
    <ol className={styles.steps}>
      {steps.map((step, index) => {
        const state = index < done[phase] ? 'done' : index === done[phase] ? 'now' : 'ahead'
        return (
          <li key={step} data-state={state} {...(state === 'now' ? { 'aria-current': 'step' as const } : {})}>
            <span className={styles.dot} aria-hidden="true">
              {state === 'done' ? <IconCheck size={12} stroke={2.6} /> : index + 1}
            </span>
            {step}
          </li>
        )
      })}
    </ol>
  )
}
