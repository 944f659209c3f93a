import type { ImportFormat } from '../../../shared/contract/secrets'
import { AppError } from '../../../shared/errors'
import { newId } from '../ports/ids'
import type { ImportState } from './dedupe'
import type { FittedItem } from './fitItem'

export interface PreviewedItem extends FittedItem {
  readonly state: ImportState
}

export interface Preview {
  readonly id: string
  readonly businessId: string | null
  readonly format: ImportFormat
  readonly items: readonly PreviewedItem[]
}

/** How long what was read stays in memory, in milliseconds. */
export const previewLasts = 15 * 60_000

/** What was read from a file and waits for the owner's choice: one at a time, in memory only, gone at lock. */
export class Previews {
  #current: (Preview & { readonly until: number }) | null = null

  keep(preview: Omit<Preview, 'id'>, now: number): Preview {
    const kept = { ...preview, id: newId('imp', now), until: now + previewLasts }
    this.#current = kept
    return kept
  }

  /** @throws AppError not_found when it is over, taken or another was read since */
  find(id: string, now: number): Preview {
    if (this.#current === null || this.#current.id !== id || now >= this.#current.until) {
      throw new AppError('not_found', 'What was read from the file is no longer here. Nothing was imported. Read the file again.')
    }
    return this.#current
  }

  clear(): void {
    this.#current = null
  }
}
