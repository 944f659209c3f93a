import type { IpcMainInvokeEvent, WebContents } from 'electron'
import { isOurPage } from '../origin'

/**
 * Whether a call comes from the top frame of our own page in our own window (promise E2). A destroyed frame has no `senderFrame`.
 * @param window the contents of the one window; null while there is none
 */
export function isOurSender(
  event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  window: Pick<WebContents, 'id'> | null,
): boolean {
  const frame = event.senderFrame
  return window !== null && event.sender.id === window.id && frame !== null && frame.parent === null && isOurPage(frame.url)
}
