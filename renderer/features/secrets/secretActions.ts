import type { Secret, SecretField } from '../../../shared/contract/secrets'
import { call, callShell } from '../../api/bridge'
import { runCommand } from '../../api/queries'
import { withStepUp } from '../../components/StepUp'
import { toast } from '../../components/toasts'
import { mainField } from './kinds'
import { words } from './words'

/** What of a field is copied: of a code generator its code of now, not its secret. */
export function copiedName({ name, type }: Pick<SecretField, 'name' | 'type'>): string {
  return type === 'totp' ? words.codeFor(name) : name
}

/** Puts a value on the clipboard without showing it; it is taken off again after 10 seconds. */
export async function copyField(secretId: string, field: Pick<SecretField, 'name' | 'type'>): Promise<void> {
  try {
    const outcome = await withStepUp(() => runCommand('secrets.copyTicket', { secretId, field: field.name }))
    if (outcome === undefined) return
    if (outcome.status !== 'done') {
      toast.waiting(words.waits, words.waitsText)
      return
    }
    const { clearsAt } = await callShell('shell.copySecret', { ticket: outcome.value.ticket })
    toast.counting('copied-secret', words.copied(copiedName(field)), clearsAt, words.copiedText)
  } catch (error) {
    toast.failed(words.notCopied, error)
  }
}

/** Copies what an item is kept for. */
export async function copyMain(secretId: string): Promise<void> {
  try {
    const field = mainField((await call('secrets.get', { secretId })).fields)
    if (field) await copyField(secretId, field)
    else toast.failed(words.notCopied, words.nothingToCopy)
  } catch (error) {
    toast.failed(words.notCopied, error)
  }
}

/** Puts an item into the bin, with the way back. Answers whether it went there. */
export async function deleteSecret(secret: Pick<Secret, 'id' | 'version' | 'title'>): Promise<boolean> {
  try {
    const outcome = await runCommand('secrets.delete', { secretId: secret.id, version: secret.version })
    if (outcome.status !== 'done') {
      toast.waiting(words.waits, words.waitsText)
      return false
    }
    const undo = { label: words.undo, run: () => void bringBack(secret.id) }
    toast.done(words.deleted(secret.title), words.deletedText, undo, { key: secret.id })
    return true
  } catch (error) {
    toast.failed(words.notDeleted, error)
    return false
  }
}

/** Brings an item back from the bin. */
export async function bringBack(secretId: string): Promise<void> {
  try {
    const outcome = await runCommand('secrets.undelete', { secretId })
    if (outcome.status === 'done') toast.done(words.restored(outcome.value.title), undefined, undefined, { key: secretId })
    else toast.waiting(words.waits, words.waitsText)
  } catch (error) {
    toast.failed(words.notRestored, error)
  }
}

interface RestoreWords {
  readonly done: string
  readonly failed: string
}

/**
 * Makes an earlier version the newest again.
 * @param version the version in use
 * @param restore the version to go back to
 * @param undo words of an undo, which makes `version` the newest again; without them the toast offers none
 */
export async function restoreVersion(
  secretId: string,
  version: number,
  restore: number,
  say: RestoreWords,
  undo?: RestoreWords,
): Promise<void> {
  try {
    const outcome = await runCommand('secrets.restoreVersion', { secretId, version, restore })
    if (outcome.status !== 'done') {
      toast.waiting(words.waits, words.waitsText)
      return
    }
    const newest = outcome.value.version
    toast.done(
      say.done,
      undefined,
      undo ? { label: words.undo, run: () => void restoreVersion(secretId, newest, version, undo) } : undefined,
      { key: secretId },
    )
  } catch (error) {
    toast.failed(say.failed, error)
  }
}

/** Opens the address of a field in the browser. */
export function openAddress(url: string): void {
  callShell('shell.openExternal', { url }).catch((error: unknown) => toast.failed(words.notOpened, error))
}
