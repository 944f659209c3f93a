import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconCheck, IconClipboardCheck, IconHourglass } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { messageOf } from '../api/failure'
import { givesWay, goesWithScreen, type StandingToast } from './standingToasts'
import styles from './toasts.module.css'
import { words } from './words'

/** The one step that a toast offers. */
export interface ToastAction {
  readonly label: string
  readonly run: () => void
}

interface ToastSettings {
  /**
   * What it is about: a later toast of the same key takes its place. Its title where nothing is offered on it, so that a repeat does not pile
   * up; what offers a step (undo) stays beside the next one.
   */
  readonly key?: string
}

interface Toast extends ToastSettings {
  readonly kind: 'done' | 'waiting' | 'failed'
  readonly icon: ReactNode
  readonly title: string
  readonly text: string | undefined
  readonly action: ToastAction | undefined
}

/** The toasts that stand, oldest first. */
let standing: readonly StandingToast[] = []

/** Shows a toast in the place of the one that has its key; the oldest gives way where too many stand. Answers its id. */
function place(key: string | undefined, passing: boolean, notification: Parameters<typeof notifications.show>[0]): string {
  for (const id of givesWay(standing, key)) notifications.hide(id)
  const id = notifications.show({
    ...notification,
    onClose: () => {
      standing = standing.filter((shown) => shown.id !== id)
    },
  })
  standing = [...standing, { id, key, passing, at: Date.now() }]
  return id
}

/** Takes away what was said about a screen that was left: failures, ways back and countdowns stay. */
export function clearPassingToasts(): void {
  for (const id of goesWithScreen(standing, Date.now())) notifications.hide(id)
}

function show({ kind, icon, title, text, action, key = action === undefined ? title : undefined }: Toast) {
  const passing = kind === 'waiting' || (kind === 'done' && action === undefined)
  const id = place(key, passing, {
    title,
    icon,
    color: kind === 'failed' ? 'wax' : kind === 'waiting' ? 'brass' : 'pine',
    autoClose: kind === 'failed' ? 12_000 : action ? 9000 : 4500,
    className: styles.toast ?? '',
    closeButtonProps: { 'aria-label': words.close },
    role: kind === 'failed' ? 'alert' : 'status',
    message: (
      <div className={styles.message}>
        {text ? <div>{text}</div> : null}
        {action ? (
          <button
            type="button"
            className={styles.action}
            onClick={() => {
              notifications.hide(id)
              action.run()
            }}
          >
            {action.label}
          </button>
        ) : null}
      </div>
    ),
  })
}

/** Says in the corner how a step ended. */
export const toast = {
  done: (title: string, text?: string, action?: ToastAction, settings?: ToastSettings) =>
    show({ kind: 'done', icon: <IconCheck size={16} />, title, text, action, ...settings }),
  waiting: (title: string, text?: string, action?: ToastAction) =>
    show({ kind: 'waiting', icon: <IconHourglass size={16} />, title, text, action }),
  /** What did not happen, and why. */
  failed: (title: string, error: unknown, action?: ToastAction) => {
    const text = typeof error === 'string' ? error : messageOf(error)
    show({ kind: 'failed', icon: <IconAlertTriangle size={16} />, title, text, action })
  },
  /** What lasts until an instant, with the seconds left; one toast per key, so that a repeat starts anew. */
  counting: (key: string, title: string, until: number, text: (seconds: number) => string) => {
    place(key, false, {
      title,
      icon: <IconClipboardCheck size={16} />,
      color: 'pine',
      autoClose: Math.max(500, until - Date.now()),
      className: styles.toast ?? '',
      closeButtonProps: { 'aria-label': words.close },
      role: 'status',
      message: <Countdown until={until} text={text} />,
    })
  },
}

function Countdown({ until, text }: { readonly until: number; readonly text: (seconds: number) => string }) {
  const left = () => Math.max(0, Math.ceil((until - Date.now()) / 1000))
  const [seconds, setSeconds] = useState(left)
  useEffect(() => {
    const timer = setInterval(() => setSeconds(left()), 250)
    return () => clearInterval(timer)
  })
  // The title was announced; the seconds alone would be read out every time.
  return (
    <div className={styles.message} aria-live="off">
      {text(seconds)}
    </div>
  )
}
