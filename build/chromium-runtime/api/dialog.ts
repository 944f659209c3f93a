import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { chromiumRuntime } from '../runtime.ts'
import { app } from './app.ts'
import { BrowserWindow } from './browserWindow.ts'

interface OpenOptions {
  properties?: string[]
}

interface SaveOptions {
  defaultPath?: string
}

interface MessageOptions {
  cancelId?: number
  buttons?: string[]
}

const NOT_OPENED = { canceled: true, filePaths: [] as string[] }
const NOT_SAVED = { canceled: true, filePath: '' }

/** Dialogs take the window first or leave it out. */
const optionsOf = <Options extends object>(args: unknown[]): Options => (args.at(-1) ?? {}) as Options

/** The answer a test queued, or undefined. Either way the call is recorded. */
function queuedAnswer<Answer>(method: string, args: unknown[]): Answer | undefined {
  chromiumRuntime.record(`dialog.${method}`, optionsOf(args))
  return chromiumRuntime.takeAnswer(method) as Answer | undefined
}

function say(method: string, what: string): void {
  console.error(`Chromium runtime: dialog.${method} ${what}`)
}

function cancelled<Answer>(method: string, answer: Answer): Answer {
  say(method, 'was answered with "cancelled".')
  return answer
}

/** The browser's own file chooser, where somebody can use it. */
async function askToOpen(args: unknown[]): Promise<typeof NOT_OPENED> {
  const { properties = [] } = optionsOf<OpenOptions>(args)
  const wanted = { folder: properties.includes('openDirectory'), multiple: properties.includes('multiSelections') }
  const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0]
  let filePaths: string[] = []
  await window?.webContents.withHost(async (host) => {
    filePaths = await host.chooseFiles(wanted)
  })
  return { canceled: filePaths.length === 0, filePaths }
}

/** Browsers have no dialog that tells a path to save to, so the file goes where downloads go, under a name that is free. */
function downloadPath({ defaultPath = 'file' }: SaveOptions): string {
  const folder = app.getPath('downloads')
  mkdirSync(folder, { recursive: true })
  const { name, ext } = path.parse(defaultPath)
  let file = path.join(folder, name + ext)
  for (let number = 1; existsSync(file); number += 1) file = path.join(folder, `${name} (${number})${ext}`)
  say('showSaveDialog', `was answered with ${file}`)
  return file
}

function cancelledButton(args: unknown[]): number {
  const { cancelId, buttons = [] } = optionsOf<MessageOptions>(args)
  const named = buttons.findIndex((label) => /^(cancel|no)$/i.test(label.replaceAll('&', '')))
  return cancelId ?? Math.max(named, 0)
}

/**
 * Electron's `dialog`: every call is recorded and answered from the queue of `__chromiumRuntime.queueAnswer(method, answer)`. With an
 * empty queue a person is asked to open, saves go to the downloads folder, and everything else counts as cancelled.
 */
export const dialog = {
  async showOpenDialog(...args: unknown[]) {
    const answer = queuedAnswer<typeof NOT_OPENED>('showOpenDialog', args)
    if (answer) return answer
    return chromiumRuntime.hasPerson ? await askToOpen(args) : cancelled('showOpenDialog', NOT_OPENED)
  },
  async showSaveDialog(...args: unknown[]) {
    const answer = queuedAnswer<typeof NOT_SAVED>('showSaveDialog', args)
    if (answer) return answer
    if (!chromiumRuntime.hasPerson) return cancelled('showSaveDialog', NOT_SAVED)
    return { canceled: false, filePath: downloadPath(optionsOf<SaveOptions>(args)) }
  },
  async showMessageBox(...args: unknown[]) {
    const answer = queuedAnswer<{ response: number; checkboxChecked: boolean }>('showMessageBox', args)
    return answer ?? cancelled('showMessageBox', { response: cancelledButton(args), checkboxChecked: false })
  },
  showErrorBox(title: string, content: string): void {
    chromiumRuntime.record('dialog.showErrorBox', title, content)
    console.error(`${title}\n${content}`)
  },
}
