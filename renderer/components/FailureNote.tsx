import { messageOf } from '../api/failure'
import { Notice } from './Notice'

interface FailureNoteProps {
  /** What did not happen. */
  readonly title: string
  readonly error: unknown
}

/** Why a form was not accepted, where the eye is. Nothing for a null error. */
export function FailureNote({ title, error }: FailureNoteProps) {
  if (error === null || error === undefined) return null
  return (
    <Notice alert>
      <strong>{title}</strong>
      <div>{typeof error === 'string' ? error : messageOf(error)}</div>
    </Notice>
  )
}
