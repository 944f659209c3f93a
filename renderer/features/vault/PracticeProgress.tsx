import { Progress } from '@mantine/core'
import { useEffect, useState } from 'react'
import { onBridgeEvent } from '../../api/bridge'
import { monthText } from '../../components/format'
import { PaneHead } from './VaultPane'
import styles from './vault.module.css'
import { words } from './words'

/** How far the practice world is made. */
export function PracticeProgress() {
  const [progress, setProgress] = useState<{ step: string; done: number; total: number } | null>(null)
  useEffect(() => onBridgeEvent('practiceProgress', setProgress), [])
  const percent = progress && progress.total > 0 ? (progress.done / progress.total) * 100 : 0
  return (
    <div aria-live="polite">
      <PaneHead title={words.preparing}>{words.preparingNote}</PaneHead>
      <Progress
        value={progress ? percent : 100}
        animated={!progress}
        size="md"
        radius="xl"
        aria-label={words.preparing}
        transitionDuration={120}
      />
      <p className={styles.progressStep}>{progress ? withMonthNames(progress.step) : '\u00a0'}</p>
    </div>
  )
}

/** "Living 2026-10" as "Living Oct 2026". */
function withMonthNames(step: string): string {
  return step.replace(/\b\d{4}-(0[1-9]|1[0-2])\b/g, (month) => monthText(month))
}
