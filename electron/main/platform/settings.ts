import { nativeTheme } from 'electron'
import Store from 'electron-store'
import { z } from 'zod'
import { type Theme, theme } from '../../../shared/contract/shell'

const bounds = z.object({
  x: z.int().optional(),
  y: z.int().optional(),
  width: z.int().min(900).max(10_000),
  height: z.int().min(600).max(10_000),
})

const stored = z.object({
  theme: theme.catch('system'),
  windowBounds: bounds.catch({ width: 1280, height: 800 }),
  /** Folder of the live vault when the owner chose one; null: the default. */
  liveFolder: z.string().nullable().catch(null),
})
type Stored = z.infer<typeof stored>

/** What is not secret and must be known before a vault is open. Values that do not parse fall back to their defaults. */
export class Settings {
  readonly #store = new Store<Stored>({ name: 'settings', clearInvalidConfig: true })
  #values: Stored

  constructor() {
    this.#values = stored.parse({ ...this.#store.store })
    nativeTheme.themeSource = this.#values.theme
  }

  get theme(): Theme {
    return this.#values.theme
  }
  set theme(value: Theme) {
    nativeTheme.themeSource = value
    this.#set('theme', value)
  }

  get isDark(): boolean {
    return nativeTheme.shouldUseDarkColors
  }

  get windowBounds(): { x?: number; y?: number; width: number; height: number } {
    const { x, y, width, height } = this.#values.windowBounds
    return { width, height, ...(x === undefined ? {} : { x }), ...(y === undefined ? {} : { y }) }
  }
  set windowBounds(value: { x?: number; y?: number; width: number; height: number }) {
    this.#set('windowBounds', { ...value, width: Math.max(900, value.width), height: Math.max(600, value.height) })
  }

  get liveFolder(): string | null {
    return this.#values.liveFolder
  }
  set liveFolder(value: string | null) {
    this.#set('liveFolder', value)
  }

  #set<K extends keyof Stored>(key: K, value: Stored[K]): void {
    this.#values = { ...this.#values, [key]: value }
    this.#store.store = this.#values
  }
}
