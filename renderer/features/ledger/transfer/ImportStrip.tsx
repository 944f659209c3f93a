import { Button, CloseButton, Progress } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useBusiness } from '../../../app/BusinessProvider'
import styles from './import.module.css'
import { cancelImport, dismissImport, useImportJob } from './importJob'
import { words } from './words'

/** How far an import is, with a way to stop it; or why it failed. Nothing while there is none. */
export function ImportStrip() {
  const business = useBusiness()
  const job = useImportJob(business.id)
  if (!job || job.state === 'choosing') return null
  if (job.state === 'failed') {
    return (
      <div className={styles.failed} role="alert">
        <IconAlertTriangle size={17} stroke={1.8} aria-hidden="true" />
        <div>
          <strong>{words.import.failed}</strong>
          <div>{job.problem}</div>
        </div>
        <CloseButton aria-label={words.import.dismiss} onClick={() => dismissImport(business.id)} />
      </div>
    )
  }
  const { lines, bytes, totalBytes } = job.progress
  const percent = totalBytes === 0 ? 100 : Math.min(100, Math.floor((bytes / totalBytes) * 100))
  return (
    <div className={styles.running}>
      <span>{words.import.running}</span>
      <Progress.Root className={styles.bar ?? ''} size={6}>
        <Progress.Section value={percent} aria-label={words.import.running} />
      </Progress.Root>
      <span className="ch-figures">{words.import.progress(lines.toLocaleString(), percent)}</span>
      <Button size="xs" variant="default" disabled={job.cancelling} onClick={() => cancelImport(business.id)}>
        {job.cancelling ? words.import.cancelling : words.import.cancel}
      </Button>
    </div>
  )
}
