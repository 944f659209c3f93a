import { Menu, nativeImage, Tray } from 'electron'
import { desktopKeys } from './desktopKeys'
import { runtime } from './platform/runtime'

/** A 16-pixel icon of the app, as PNG. */
const icon =
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAYAAAAf8/9hAAAAJklEQVR42mNgAAL5mJD/5GAGSjTDDRmGBhACo14Y9QJtDKA0OwMAfNr7KGQt89wAAAAASUVORK5CYII='

/** The tray: open, lock, pause, quit. Where there is no tray, closing the window quits. */
export class AppTray {
  readonly #tray: Tray | null

  constructor(actions: {
    readonly open: () => void
    readonly lock: () => void
    readonly pause: () => void
    readonly quit: () => void
  }) {
    if (runtime.kind === 'chromium') {
      this.#tray = null
      return
    }
    const tray = new Tray(nativeImage.createFromBuffer(Buffer.from(icon, 'base64')))
    tray.setToolTip('Countinghouse')
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Open Countinghouse', click: actions.open },
        { label: 'Lock', accelerator: desktopKeys.lock, click: actions.lock },
        { label: 'Pause everything', accelerator: desktopKeys.pause, click: actions.pause },
        { type: 'separator' },
        { label: 'Quit', click: actions.quit },
      ]),
    )
    tray.on('click', actions.open)
    this.#tray = tray
  }

  /** Schedules go on in the tray after the window is closed. */
  get keepsRunning(): boolean {
    return this.#tray !== null
  }
}
