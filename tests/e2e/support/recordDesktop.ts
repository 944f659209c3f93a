import type { ElectronModule } from '../../../build/chromium-runtime/driver'

interface Desktop {
  /** Calls that would have reached a person or another program. */
  recorded: { api: string; args: unknown[] }[]
  /** What dialogs answer, in order. */
  answers: { method: string; answer: unknown }[]
  /** The notifications that were shown, oldest first. */
  notifications: { emit(event: string): boolean }[]
}

declare global {
  var __desktop: Desktop
}

/**
 * Replaces, in main, what would reach beyond the app during a test: dialogs, links handed to the system, notifications, and the process that
 * would follow this one. The clipboard works as it is and is written down. The same in real Electron and in the Chromium runtime.
 *
 * Self-contained: its source text is sent to main.
 */
export function recordDesktop({ app, dialog, shell, clipboard, Notification }: ElectronModule): void {
  const desktop: Desktop = { recorded: [], answers: [], notifications: [] }
  globalThis.__desktop = desktop
  const record = (api: string, args: unknown[]) => {
    // Windows and callbacks among the arguments mean nothing to a test.
    const copies = args.filter(
      (arg) => typeof arg !== 'object' || arg === null || Object.getPrototypeOf(arg) === Object.prototype,
    )
    desktop.recorded.push({ api, args: copies })
  }
  const cancelled: Record<string, unknown> = {
    showOpenDialog: { canceled: true, filePaths: [] },
    showSaveDialog: { canceled: true, filePath: '' },
    showMessageBox: { response: 0, checkboxChecked: false },
  }
  for (const method of ['showOpenDialog', 'showSaveDialog', 'showMessageBox']) {
    const answer = async (...args: unknown[]) => {
      record(`dialog.${method}`, args)
      const at = desktop.answers.findIndex((queued) => queued.method === method)
      return at < 0 ? cancelled[method] : desktop.answers.splice(at, 1)[0]?.answer
    }
    Object.assign(dialog, { [method]: answer })
  }
  Object.assign(shell, {
    openExternal: async (...args: unknown[]) => record('shell.openExternal', args),
    showItemInFolder: (...args: unknown[]) => record('shell.showItemInFolder', args),
  })
  Object.defineProperty(Notification.prototype, 'show', {
    value(this: { title: string; body: string; emit(event: string): boolean }) {
      desktop.notifications.push(this)
      record('Notification.show', [{ title: this.title, body: this.body }])
    },
  })
  // Nobody can ask this process any more once the next one would have started: what it would have been given is left on stderr.
  Object.assign(app, {
    relaunch: (options: { args?: string[] } = {}) => {
      process.stderr.write(`\napp.relaunch ${JSON.stringify(options.args ?? process.argv.slice(1))}\n`)
    },
  })
  for (const method of ['writeText', 'clear'] as const) {
    const original = clipboard[method].bind(clipboard) as (...args: unknown[]) => unknown
    Object.assign(clipboard, {
      [method]: (...args: unknown[]) => {
        record(`clipboard.${method}`, args)
        return original(...args)
      },
    })
  }
}
