import { IconAlertTriangle } from '@tabler/icons-react'
import { messageOf } from '../api/failure'
import styles from './FailureNote.module.css'

interface FailureNoteProps {
  /** What did not happen. */
  readonly title: string
  readonly error: unknown
}

/** Why a form was not accepted, where the eye is. Nothing for a null error. */
export function FailureNote({ title, error }: FailureNoteProps) {
  if (error === null || error === undefined) return null
  return (
    <div className={styles.note} role="alert">
      <IconAlertTriangle size={17} stroke={1.8} aria-hidden="true" />
      <div>
        <strong>{title}</strong>
        <div>{typeof error === 'string' ? error : messageOf(error)}</div>
      </div>
    </div>
  )
}
