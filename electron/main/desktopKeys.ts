import { globalShortcut } from 'electron'
import type { ShellState } from '../../shared/contract/shell'
import type { Logger } from '../core/ports/logger'
import { runtime } from './platform/runtime'

type Deed = ShellState['desktopKeys'][number]['does']

/** Keys that act from wherever the owner is, as Electron writes them. Locking takes four: the shorter ones mean something in many programs. */
export const desktopKeys: { readonly [D in Deed]: string } = {
  pause: 'CommandOrControl+Alt+P',
  lock: 'CommandOrControl+Alt+Shift+L',
}

/** Takes the keys of the desktop. @returns those that work; the browser's runtime has no way to them and takes them for tests alone */
export function registerKeys(deeds: { readonly [D in Deed]: () => void }, logger: Logger): ShellState['desktopKeys'] {
  const taken = (['pause', 'lock'] as const).filter((does) => {
    const isOurs = globalShortcut.register(desktopKeys[does], deeds[does])
    if (!isOurs) logger.warn({ does, keys: desktopKeys[does] }, 'another program has this shortcut, so it does nothing here')
    return isOurs
  })
  return runtime.kind === 'electron' ? taken.map((does) => ({ does, keys: desktopKeys[does] })) : []
}
