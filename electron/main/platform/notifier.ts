import { Notification } from 'electron'
import type { Notice, Notifier } from '../../core/ports/notifier'

/** Where a click on a notification leads; set by main once the window exists. */
export const notificationTarget: { open: (notice: Notice) => void } = { open: () => {} }

/** Notifications of the operating system. */
export const notifier: Notifier = {
  notify: (notice) => {
    if (!Notification.isSupported()) return
    const notification = new Notification({ title: notice.title, body: notice.body })
    notification.on('click', () => notificationTarget.open(notice))
    notification.show()
  },
}
