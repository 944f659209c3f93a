/** The part of a key press that decides a shortcut. */
interface Press {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

/** "mod+k", "shift+n", "?", "alt+arrowleft": how a press is written in a shortcut. Shift counts only with letters and named keys. */
export function chordOf(press: Press): string {
  const key = press.key.toLowerCase()
  const parts: string[] = []
  if (press.ctrlKey || press.metaKey) parts.push('mod')
  if (press.altKey) parts.push('alt')
  // "?" and "/" need Shift on some layouts only: what counts is the sign, not how it was made.
  if (press.shiftKey && /^([a-z]|[a-z]{2,}.*)$/.test(key)) parts.push('shift')
  parts.push(key)
  return parts.join('+')
}

/** Whether a press with a modifier acts even while a person types in a field. */
export function worksInFields(keys: string): boolean {
  return keys.startsWith('mod+') || keys.startsWith('alt+')
}

const sequenceMs = 900

/** Joins two presses in a row ("g i") when the second follows within 900 ms. */
export class Sequence {
  #first: { readonly chord: string; readonly at: number } | null = null

  /** The names under which this press may be bound, the sequence first. */
  candidates(chord: string, at: number): string[] {
    const first = this.#first
    const joined = first && at - first.at <= sequenceMs ? [`${first.chord} ${chord}`] : []
    this.#first = { chord, at }
    return [...joined, chord]
  }

  /** Forgets the first press: it was used. */
  clear(): void {
    this.#first = null
  }
}
