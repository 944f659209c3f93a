import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromiumRuntime, runtime } from '../runtime.ts'

const OPENERS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', linux: 'xdg-open', win32: 'explorer' }

/** Opens a URL in the person's own browser, where a person can be there; else in an ordinary window of the runtime's browser. */
function openForPerson(url: string): void {
  const { executable } = runtime()
  if (!chromiumRuntime.hasPerson) return
  const isRoot = process.getuid?.() === 0
  const start = (command: string, args: string[]) => spawn(command, args, { detached: true, stdio: 'ignore' })
  const startOwn = () => {
    const profile = mkdtempSync(path.join(tmpdir(), 'chromium-external-'))
    const args = [`--user-data-dir=${profile}`, '--no-first-run', ...(isRoot ? ['--no-sandbox', '--test-type'] : []), url]
    start(executable, args)
      .on('error', (error) => console.error(`Chromium runtime: ${url} could not be opened:`, error))
      .unref()
  }
  const opener = OPENERS[process.platform]
  // Browsers refuse to run as root without a flag that xdg-open cannot pass on.
  if (opener === undefined || isRoot) startOwn()
  else start(opener, [url]).on('error', startOwn).unref()
}

export const shell = {
  async openExternal(url: string): Promise<void> {
    chromiumRuntime.record('shell.openExternal', url)
    openForPerson(url)
  },
  async openPath(file: string): Promise<string> {
    chromiumRuntime.record('shell.openPath', file)
    return ''
  },
  showItemInFolder(file: string): void {
    chromiumRuntime.record('shell.showItemInFolder', file)
  },
  beep(): void {
    chromiumRuntime.record('shell.beep')
  },
  async trashItem(file: string): Promise<void> {
    chromiumRuntime.record('shell.trashItem', file)
    throw new Error('The Chromium runtime has no trash.')
  },
}
