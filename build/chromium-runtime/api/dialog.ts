import { chromiumRuntime } from '../runtime.ts'

/** Answers when nobody queued one: the person closed the dialog. */
const CANCELLED = {
  showOpenDialog: { canceled: true, filePaths: [] as string[] },
  showSaveDialog: { canceled: true, filePath: '' },
}

/** Dialogs take the window first or leave it out. */
const optionsOf = (args: unknown[]): unknown => (args.length > 1 ? args[1] : args[0])

function answerOf<Answer>(method: string, args: unknown[], otherwise: Answer): Answer {
  chromiumRuntime.record(`dialog.${method}`, optionsOf(args))
  const queued = chromiumRuntime.takeAnswer(method) as Answer | undefined
  if (queued === undefined) console.error(`Chromium runtime: no native dialogs; dialog.${method} was answered with "cancelled".`)
  return queued ?? otherwise
}

function cancelledButton(args: unknown[]): number {
  const { cancelId, buttons = [] } = optionsOf(args) as { cancelId?: number; buttons?: string[] }
  const named = buttons.findIndex((label) => /^(cancel|no)$/i.test(label.replaceAll('&', '')))
  return cancelId ?? Math.max(named, 0)
}

/** Electron's `dialog`: every call is recorded and answered from the queue of `__chromiumRuntime.queueAnswer(method, answer)`. */
export const dialog = {
  async showOpenDialog(...args: unknown[]) {
    return answerOf('showOpenDialog', args, CANCELLED.showOpenDialog)
  },
  async showSaveDialog(...args: unknown[]) {
    return answerOf('showSaveDialog', args, CANCELLED.showSaveDialog)
  },
  async showMessageBox(...args: unknown[]) {
    return answerOf('showMessageBox', args, { response: cancelledButton(args), checkboxChecked: false })
  },
  showMessageBoxSync(...args: unknown[]): number {
    return answerOf('showMessageBox', args, { response: cancelledButton(args), checkboxChecked: false }).response
  },
  showOpenDialogSync(...args: unknown[]): string[] | undefined {
    const { canceled, filePaths } = answerOf('showOpenDialog', args, CANCELLED.showOpenDialog)
    return canceled ? undefined : filePaths
  },
  showSaveDialogSync(...args: unknown[]): string {
    const { canceled, filePath } = answerOf('showSaveDialog', args, CANCELLED.showSaveDialog)
    return canceled ? '' : filePath
  },
  showErrorBox(title: string, content: string): void {
    chromiumRuntime.record('dialog.showErrorBox', title, content)
    console.error(`${title}\n${content}`)
  },
}
