import path from 'node:path'
import type { CDPSession } from 'playwright-core'

/** Self-contained: runs in the preload world. Resolves to the chosen `File` objects, none when the person cancelled. */
function askForFiles(folder: boolean, multiple: boolean): Promise<File[]> {
  const input = document.createElement('input')
  input.type = 'file'
  input.webkitdirectory = folder
  input.multiple = multiple
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]))
    input.addEventListener('cancel', () => resolve([]))
    input.click()
  })
}

/**
 * Lets the person choose files with the browser's own native dialog. The page does not take part: the chooser belongs to the preload
 * world, and the paths are read over CDP.
 *
 * @param uniqueContextId the preload world of the window's document
 * @returns absolute paths; for a folder its path alone, and nothing for an empty one, which a browser cannot tell
 */
export async function chooseFiles(
  cdp: CDPSession,
  uniqueContextId: string,
  { folder, multiple }: { folder: boolean; multiple: boolean },
): Promise<string[]> {
  const { result } = await cdp.send('Runtime.evaluate', {
    expression: `(${askForFiles})(${folder}, ${multiple})`,
    uniqueContextId,
    userGesture: true,
    awaitPromise: true,
  })
  if (result.objectId === undefined) return []
  const { result: members } = await cdp.send('Runtime.getProperties', { objectId: result.objectId, ownProperties: true })
  const files = members.flatMap(({ name, value }) => (/^\d+$/.test(name) && value?.objectId ? [value.objectId] : []))
  const paths = await Promise.all(files.map(async (objectId) => (await cdp.send('DOM.getFileInfo', { objectId })).path))
  return folder ? foldersOf(paths) : paths
}

/** The folder that holds all of the files. */
function foldersOf(files: string[]): string[] {
  const [first, ...others] = files
  if (first === undefined) return []
  let folder = path.dirname(first)
  while (!others.every((file) => file.startsWith(folder + path.sep))) folder = path.dirname(folder)
  return [folder]
}
