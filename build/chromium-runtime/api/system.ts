import { EventEmitter } from 'node:events'
import { chromiumRuntime } from '../runtime.ts'

let clipboardText = ''
let clipboardHtml = ''

/**
 * A clipboard of this process alone: what is written can be read back, the desktop's own is never touched. Of what is written only the fact is
 * recorded: a copied secret shall be nowhere once it is taken off.
 */
export const clipboard = {
  readText: (): string => clipboardText,
  writeText(text: string): void {
    chromiumRuntime.record('clipboard.writeText')
    clipboardText = text
    clipboardHtml = ''
  },
  readHTML: (): string => clipboardHtml,
  write(data: { text?: string; html?: string }): void {
    chromiumRuntime.record('clipboard.write')
    clipboardText = data.text ?? ''
    clipboardHtml = data.html ?? ''
  },
  clear(): void {
    chromiumRuntime.record('clipboard.clear')
    clipboardText = ''
    clipboardHtml = ''
  },
  availableFormats: (): string[] => [...(clipboardText ? ['text/plain'] : []), ...(clipboardHtml ? ['text/html'] : [])],
}

const noKeychain = (): never => {
  throw new Error('Encryption is not available: the Chromium runtime has no keychain.')
}

export const safeStorage = {
  isEncryptionAvailable: () => false,
  isAsyncEncryptionAvailable: async () => false,
  getSelectedStorageBackend: () => 'basic_text',
  setUsePlainTextEncryption: () => {},
  encryptString: noKeychain,
  decryptString: noKeychain,
  encryptStringAsync: async () => noKeychain(),
  decryptStringAsync: async () => noKeychain(),
}

let lastInputAt = Date.now()
let statedIdleSeconds: number | undefined

/** A window had input just now. */
export function noteInput(): void {
  lastInputAt = Date.now()
}

/** For tests: states how long nobody has touched anything, in seconds; `undefined` goes back to counting. */
export function setIdleTime(seconds: number | undefined): void {
  statedIdleSeconds = seconds
}

/**
 * Electron's `powerMonitor`. The machine's own events do not arrive; tests emit them (`powerMonitor.emit('suspend')`). Idle time is
 * counted from the last input in one of the app's windows.
 */
class PowerMonitor extends EventEmitter {
  readonly onBatteryPower = false

  getSystemIdleTime(): number {
    return statedIdleSeconds ?? Math.floor((Date.now() - lastInputAt) / 1000)
  }

  getSystemIdleState(thresholdSeconds: number): 'active' | 'idle' {
    return this.getSystemIdleTime() >= thresholdSeconds ? 'idle' : 'active'
  }

  getCurrentThermalState(): 'unknown' {
    return 'unknown'
  }

  isOnBatteryPower(): boolean {
    return false
  }
}

export const powerMonitor = new PowerMonitor()

const DISPLAY_AREA = { x: 0, y: 0, width: 1280, height: 1024 }

const PRIMARY_DISPLAY = {
  id: 1,
  label: 'Chromium runtime',
  bounds: DISPLAY_AREA,
  workArea: DISPLAY_AREA,
  size: { width: DISPLAY_AREA.width, height: DISPLAY_AREA.height },
  workAreaSize: { width: DISPLAY_AREA.width, height: DISPLAY_AREA.height },
  scaleFactor: 1,
  rotation: 0,
  internal: false,
}

/** One display of a fixed size: the browser places its windows itself. */
class Screen extends EventEmitter {
  getPrimaryDisplay = () => PRIMARY_DISPLAY
  getAllDisplays = () => [PRIMARY_DISPLAY]
  getDisplayMatching = () => PRIMARY_DISPLAY
  getDisplayNearestPoint = () => PRIMARY_DISPLAY
  getCursorScreenPoint = () => ({ x: 0, y: 0 })
}

export const screen = new Screen()
