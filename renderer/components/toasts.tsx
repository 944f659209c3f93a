import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconCheck, IconClipboardCheck, IconHourglass } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import { messageOf } from '../api/failure'
import styles from './toasts.module.css'
import { words } from './words'

interface ToastAction {
  readonly label: string
  readonly run: () => void
}

function show(kind: 'done' | 'waiting' | 'failed', icon: ReactNode, title: string, text?: string, action?: ToastAction) {
  const id = notifications.show({
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
  done: (title: string, text?: string, action?: ToastAction) => show('done', <IconCheck size={16} />, title, text, action),
  waiting: (title: string, text?: string, action?: ToastAction) =>
    show('waiting', <IconHourglass size={16} />, title, text, action),
  /** What did not happen, and why. */
  failed: (title: string, error: unknown, action?: ToastAction) =>
    show('failed', <IconAlertTriangle size={16} />, title, typeof error === 'string' ? error : messageOf(error), action),
  /** What lasts until an instant, with the seconds left; one toast per key, so that a repeat starts anew. */
  counting: (key: string, title: string, until: number, text: (seconds: number) => string) => {
    notifications.hide(key)
    notifications.show({
      id: key,
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
