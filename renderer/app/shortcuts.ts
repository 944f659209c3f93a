import { useEffect, useRef, useSyncExternalStore } from 'react'
import { chordOf, Sequence, worksInFields } from './chords'

export interface Shortcut {
  readonly keys: string
  readonly label: string
  readonly group: 'screen' | 'everywhere'
  readonly run: { current: () => void }
}

let shortcuts: readonly Shortcut[] = []
const watchers = new Set<() => void>()

function change(next: readonly Shortcut[]): void {
  shortcuts = next
  for (const watcher of watchers) watcher()
}

/** Binds a key while the calling component is on screen; the newest binding of a key wins. Shown in the shortcut sheet. */
export function useShortcut(
  keys: string,
  label: string,
  run: () => void,
  settings: { readonly group?: Shortcut['group']; readonly enabled?: boolean } = {},
): void {
  const { group = 'screen', enabled = true } = settings
  const latest = useRef(run)
  useEffect(() => {
    latest.current = run
  })
  useEffect(() => {
    if (!enabled) return
    const own: Shortcut = { keys, label, group, run: latest }
    change([own, ...shortcuts])
    return () => change(shortcuts.filter((shortcut) => shortcut !== own))
  }, [keys, label, group, enabled])
}

/** Every shortcut that works right now, newest first, each key once. */
export function useActiveShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => shortcuts,
  )
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable="true"]') !== null
}

/** True while a dialog holds the keyboard: the screen under it must not act. */
export function isCovered(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"]') !== null
}

const repeatable = new Set(['j', 'k'])

/** Listens for every bound key; once, at the root. */
export function useShortcutListener(): void {
  useEffect(() => {
    const sequence = new Sequence()
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || ['Control', 'Shift', 'Alt', 'Meta'].includes(event.key)) return
      const field = isField(event.target)
      const covered = isCovered()
      const candidates = sequence.candidates(chordOf(event), event.timeStamp)
      const found = candidates
        .map((keys) => shortcuts.find((shortcut) => shortcut.keys === keys))
        .find((shortcut) => shortcut !== undefined)
      // A held key moves through a list, but never decides or sends twice.
      if (event.repeat && found && !repeatable.has(found.keys)) return
      if (!found || (field && !worksInFields(found.keys)) || (covered && !worksInFields(found.keys))) return
      event.preventDefault()
      sequence.clear()
      found.run.current()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [])
}
