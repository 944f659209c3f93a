import { Link } from '@tanstack/react-router'
import { CallError, messageOf } from '../../../api/failure'
import { words as shared } from '../../../components/words'
import { words as common } from '../words'
import styles from './editor.module.css'
import type { SaveState } from './useDraftAutosave'
import { words } from './words'

interface SaveNoteProps {
  readonly state: SaveState
  readonly onRetry: () => void
  readonly onReload: (() => void) | undefined
}

/** Under the title: whether what is typed is stored. */
export function SaveNote({ state, onRetry, onReload }: SaveNoteProps) {
  switch (state.kind) {
    case 'untouched':
      return <span>{words.notSavedYet}</span>
    case 'incomplete':
      return <span aria-live="polite">{words.notSavedYet}</span>
    case 'saving':
      return <span aria-live="polite">{words.saving}</span>
    case 'saved':
      return <span aria-live="polite">{words.saved}</span>
    case 'waiting':
      return (
        <span className={styles.waiting} aria-live="polite">
          {common.waits}. <Link to="/approvals">{shared.openApprovals}</Link>
        </span>
      )
    case 'failed': {
      const conflict = state.error instanceof CallError && state.error.code === 'conflict'
      return (
        <span className={styles.failed} role="alert">
          {words.saveFailed}: {conflict ? words.conflict : messageOf(state.error)}{' '}
          <button type="button" className={styles.inline} onClick={conflict && onReload ? onReload : onRetry}>
            {conflict && onReload ? words.loadOther : words.saveDraft}
          </button>
        </span>
      )
    }
  }
}
