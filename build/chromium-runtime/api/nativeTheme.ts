import { EventEmitter } from 'node:events'

type ThemeSource = 'system' | 'light' | 'dark'
type Emulation = (colorScheme: 'light' | 'dark' | null) => void

/** Electron's `nativeTheme`: what main chooses is what `prefers-color-scheme` says in every page. */
class NativeTheme extends EventEmitter {
  readonly shouldUseHighContrastColors = false
  readonly shouldUseInvertedColorScheme = false
  readonly inForcedColorsMode = false
  readonly prefersReducedTransparency = false
  readonly #emulations = new Set<Emulation>()
  #source: ThemeSource = 'system'
  #system: 'light' | 'dark' = 'light'

  get themeSource(): ThemeSource {
    return this.#source
  }

  set themeSource(source: ThemeSource) {
    this.#change(() => {
      this.#source = source
    })
  }

  get shouldUseDarkColors(): boolean {
    return (this.#source === 'system' ? this.#system : this.#source) === 'dark'
  }

  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return this.#system === 'dark'
  }

  /** What pages have to be told; null leaves the browser to ask the desktop. */
  get emulated(): 'light' | 'dark' | null {
    if (this.#source !== 'system') return this.#source
    return this.#system === 'dark' ? 'dark' : null
  }

  /** For tests: stands in for the person changing the desktop's theme. */
  setSystemTheme(theme: 'light' | 'dark'): void {
    this.#change(() => {
      this.#system = theme
    })
  }

  onEmulation(emulation: Emulation): void {
    this.#emulations.add(emulation)
  }

  offEmulation(emulation: Emulation): void {
    this.#emulations.delete(emulation)
  }

  #change(apply: () => void): void {
    const before = this.emulated
    apply()
    if (this.emulated === before) return
    for (const emulate of this.#emulations) emulate(this.emulated)
    this.emit('updated')
  }
}

export const nativeTheme = new NativeTheme()
