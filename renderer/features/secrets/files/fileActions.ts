import type { Outcome } from '../../../../shared/contract/procedure'
import { runCommand } from '../../../api/queries'
import { withStepUp } from '../../../components/StepUp'
import { toast } from '../../../components/toasts'
import { words as common } from '../words'
import { smallFile } from './fileKinds'
import { words } from './words'

/** The value of a command that ran; null, with a word to the owner, while it waits for an approval or was not wanted after all. */
function doneValue<T>(outcome: Outcome<T> | undefined): T | null {
  if (outcome === undefined) return null
  if (outcome.status === 'done') return outcome.value
  toast.waiting(common.waits, common.waitsText)
  return null
}

/** Attaches a file that the owner chooses in a native dialog. */
export async function attachFromDialog(secretId: string): Promise<void> {
  try {
    const value = doneValue(await runCommand('secrets.attachFile', { secretId }))
    if (value?.attached) toast.done(words.attached)
  } catch (error) {
    toast.failed(words.notAttached, error)
  }
}

/** Attaches files that were dropped on the item, one after the other. */
export async function attachDropped(secretId: string, files: readonly File[]): Promise<void> {
  for (const file of files) {
    if (file.size > smallFile) {
      toast.failed(words.notAttached, words.tooLarge)
      continue
    }
    try {
      const base64 = toBase64(new Uint8Array(await file.arrayBuffer()))
      const mediaType = file.type || 'application/octet-stream'
      if (doneValue(await runCommand('secrets.attach', { secretId, name: file.name, mediaType, base64 })))
        toast.done(words.attached)
    } catch (error) {
      toast.failed(words.notAttached, error)
    }
  }
}

const chunk = 0x8000

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let from = 0; from < bytes.length; from += chunk) text += String.fromCharCode(...bytes.subarray(from, from + chunk))
  return btoa(text)
}

/** The content of an attachment for its preview; null when it was not given. */
export async function readAttachment(attachmentId: string): Promise<{ mediaType: string; base64: string } | null> {
  return doneValue(await withStepUp(() => runCommand('secrets.attachment', { attachmentId })))
}

/** Writes an attachment where the owner says. */
export async function saveAttachment(attachmentId: string): Promise<void> {
  try {
    const value = doneValue(await withStepUp(() => runCommand('secrets.saveAttachment', { attachmentId })))
    if (value?.saved) toast.done(words.saved, words.savedText)
  } catch (error) {
    toast.failed(words.notSaved, error)
  }
}

/** Removes an attachment for good. */
export async function detach(attachmentId: string): Promise<void> {
  try {
    if (doneValue(await runCommand('secrets.detach', { attachmentId }))) toast.done(words.removed)
  } catch (error) {
    toast.failed(words.notRemoved, error)
  }
}
