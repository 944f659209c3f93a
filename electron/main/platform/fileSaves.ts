import { closeSync, fsyncSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dialog } from 'electron'
import { AppError } from '../../../shared/errors'
import { newId } from '../../core/ports/ids'
import { createPartFile } from './partFile'

interface Save {
  readonly path: string
  readonly part: string
  readonly descriptor: number
}

/** Files that the page writes piece by piece where a native dialog said. The page never names a path; a save takes its place only when whole. */
export class FileSaves {
  readonly #open = new Map<string, Save>()

  /** @returns the id of the save; null when the dialog was cancelled */
  async begin(suggestedName: string): Promise<string | null> {
    const { filePath, canceled } = await dialog.showSaveDialog({ defaultPath: suggestedName })
    if (canceled || filePath === '') return null
    const id = newId('imp', Date.now())
    const part = `${filePath}.part`
    this.#open.set(id, { path: filePath, part, descriptor: createPartFile(part) })
    return id
  }

  append(id: string, content: string | Uint8Array): number {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#find(id).descriptor, bytes, at)
    return bytes.length
  }

  end(id: string, discard: boolean): boolean {
    const save = this.#find(id)
    this.#open.delete(id)
    if (!discard) fsyncSync(save.descriptor)
    closeSync(save.descriptor)
    if (discard) rmSync(save.part, { force: true })
    else renameSync(save.part, save.path)
    return !discard
  }

  async saveWhole(suggestedName: string, content: Uint8Array): Promise<boolean> {
    const id = await this.begin(suggestedName)
    if (id === null) return false
    try {
      this.append(id, content)
      return this.end(id, false)
    } catch (error) {
      if (this.#open.has(id)) this.end(id, true)
      throw error
    }
  }

  discardAll(): void {
    for (const id of [...this.#open.keys()]) this.end(id, true)
  }

  #find(id: string): Save {
    const save = this.#open.get(id)
    if (save === undefined) throw new AppError('not_found', 'This save is over. Start it again.')
    return save
  }
}
