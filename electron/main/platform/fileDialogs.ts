import { createReadStream, statSync } from 'node:fs'
import { basename } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { dialog } from 'electron'
import type { FileDialogs } from '../../core/ports/fileDialogs'
import { FileSaves } from './fileSaves'

/** Native dialogs. Long files are written in steps, so that main stays answering. */
export const fileDialogs: FileDialogs = {
  async openForReading({ title, extensions }) {
    const { filePaths } = await dialog.showOpenDialog({
      title,
      properties: ['openFile'],
      filters: [{ name: title, extensions: [...extensions] }],
    })
    const path = filePaths[0]
    if (path === undefined) return null
    return { name: basename(path), totalBytes: statSync(path).size, chunks: createReadStream(path) }
  },
  async save(suggestedName, chunks) {
    const saves = new FileSaves()
    const id = await saves.begin(suggestedName)
    if (id === null) return false
    try {
      for (const chunk of chunks) {
        saves.append(id, chunk)
        await setImmediate()
      }
      return saves.end(id, false)
    } catch (error) {
      saves.end(id, true)
      throw error
    }
  },
  async chooseFolder(title) {
    const { filePaths } = await dialog.showOpenDialog({ title, properties: ['openDirectory', 'createDirectory'] })
    return filePaths[0] ?? null
  },
}
