import { createHash } from 'node:crypto'
import { clipboard } from 'electron'

/** Remembers what we put on the clipboard (as a hash), so that locking takes off ours and leaves anybody else's. */
export class ClipboardGuard {
  #ours: string | null = null

  async copy(text: string): Promise<void> {
    await clipboard.writeText(text)
    this.#ours = hash(text)
  }

  async clear(): Promise<void> {
    const ours = this.#ours
    this.#ours = null
    if (ours !== null && hash(await clipboard.readText()) === ours) await clipboard.clear()
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
