import { IconFlask, IconTestPipe } from '@tabler/icons-react'
import { callShell } from '../api/bridge'
import { acceptShellState } from '../api/queries'
import { toast } from '../components/toasts'
import { useWorkplace } from './BusinessProvider'
import styles from './ModeBanner.module.css'
import { words } from './words'

/** The band that tells practice and test from real money; live businesses have none. */
export function ModeBanner() {
  const { shell, business } = useWorkplace()
  if (shell.world === 'practice') {
    return (
      <div className={styles.banner} data-mode="practice" role="status">
        <IconFlask size={16} stroke={2} aria-hidden="true" />
        <strong>{words.banner.practice}</strong>
        <span className={styles.text}>{words.banner.practiceText}</span>
        <button type="button" className={styles.action} onClick={leave}>
          {words.banner.leave}
        </button>
      </div>
    )
  }
  if (business.mode === 'test') {
    return (
      <div className={styles.banner} data-mode="test" role="status">
        <IconTestPipe size={16} stroke={2} aria-hidden="true" />
        <strong>{words.banner.test}</strong>
        <span className={styles.text}>{words.banner.testText}</span>
      </div>
    )
  }
  return null
}

function leave(): void {
  callShell('shell.closeVault', {}).then(acceptShellState, (error: unknown) => toast.failed(words.banner.leave, error))
}
