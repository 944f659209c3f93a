import { Notification } from 'electron'
import type { Notifier } from '../../core/ports/notifier'

/** Where a click on a notification leads; set by main once the window exists. */
export const notificationTarget: { open: (route: string | null) => void } = { open: () => {} }

/** Notifications of the operating system. */
export const notifier: Notifier = {
  notify: ({ title, body, route }) => {
    if (!Notification.isSupported()) return
    const notification = new Notification({ title, body })
    notification.on('click', () => notificationTarget.open(route))
    notification.show()
  },
}
