import { setImmediate } from 'node:timers/promises'
import type { Database } from '../db'
import { deleteRemovedChunks, removeStaged } from './attachments.repository'

/** Chunks that one short transaction deletes: 1 MiB. */
const chunksAtOnce = 16

/** Deletes the content of removed files in short transactions. It could not be read any more: their keys are gone. */
export async function deleteRemovedFiles(database: Database): Promise<void> {
  while (database.write((w) => deleteRemovedChunks(w, chunksAtOnce)) > 0) await setImmediate()
}

/** Called at start: files that were being attached when the app ended are removed. */
export async function sweepAttachments(database: Database): Promise<void> {
  database.write((w) => removeStaged(w))
  await deleteRemovedFiles(database)
}
