import { openSync, rmSync } from 'node:fs'

/**
 * Makes the file in which a save grows beside its place: a new one that its owner alone can read. What lies there under its name may be
 * another user's, who would read along, or a link to elsewhere, and is removed first.
 * @returns its descriptor
 * @throws the system's error where it cannot be removed or made
 */
export function createPartFile(path: string): number {
  rmSync(path, { force: true })
  return openSync(path, 'wx', 0o600)
}
