import { useEffect } from 'react'
import { callShell } from '../api/bridge'

const reportEveryMs = 20_000

/** Tells the shell that the owner is here, at most every 20 seconds, so that the vault locks after idle minutes only. */
export function useIdleActivity(): void {
  useEffect(() => {
    let reportedAt = Number.NEGATIVE_INFINITY
    const report = () => {
      const now = performance.now()
      if (now - reportedAt < reportEveryMs) return
      reportedAt = now
      // A report that fails is not worth a word: the next one comes with the next key.
      callShell('shell.activity', {}).catch(() => undefined)
    }
    const kinds = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const
    for (const kind of kinds) window.addEventListener(kind, report, { passive: true })
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, report)
    }
  }, [])
}
