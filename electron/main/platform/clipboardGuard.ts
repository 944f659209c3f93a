import { createHash } from 'node:crypto'
import { clipboard } from 'electron'

/** How long a secret may lie on the clipboard (promise V6). */
export const secretOnClipboardMs = 10_000

/** Remembers what we put on the clipboard (as a hash), so that only ours is taken off and anybody else's is left. */
export class ClipboardGuard {
  #ours: string | null = null
  #timer: NodeJS.Timeout | null = null

  /** Stays until lock or quit, or until something else is copied. */
  async copy(text: string): Promise<void> {
    this.#stop()
    await clipboard.writeText(text)
    this.#ours = hash(text)
  }

  /** Stays for 10 seconds at most. @returns when it is taken off, UTC epoch milliseconds */
  async copySecret(text: string): Promise<number> {
    await this.copy(text)
    // The clipboard itself may fail here (no display any more): then nothing of ours is reachable on it either.
    this.#timer = setTimeout(() => void this.clear().catch(() => undefined), secretOnClipboardMs)
    return Date.now() + secretOnClipboardMs
  }

  async clear(): Promise<void> {
    this.#stop()
    const ours = this.#ours
    this.#ours = null
    if (ours !== null && hash(await clipboard.readText()) === ours) await clipboard.clear()
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
