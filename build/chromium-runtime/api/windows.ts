/** What the app needs of a window in order to quit. */
export interface OpenWindow {
  close(): void
  destroy(): void
  isDestroyed(): boolean
}

/** All windows that are open, oldest first; kept by `BrowserWindow`. */
export const openWindows = new Set<OpenWindow>()
