import { useCallback, useEffect, useRef, useState } from 'react'
import { runCommand } from '../../../api/queries'
import { withStepUp } from '../../../components/StepUp'
import { toast } from '../../../components/toasts'
import { words as common } from '../words'
import { words } from './words'

/** How long a value stays in sight that nobody holds. */
const shownMs = 30_000

interface Shown {
  readonly value: string
  /** UTC epoch milliseconds at which it is hidden again. */
  readonly until: number
}

type Wish = 'held' | 'kept'

/** The values in sight and the ways to show and hide them. */
export interface Revealed {
  readonly shown: ReadonlyMap<string, Shown>
  /** Shows a value for as long as `release` is not called, 30 seconds at most. */
  readonly hold: (field: string) => void
  readonly release: (field: string) => void
  /** Shows a value for 30 seconds, or hides it. */
  readonly toggle: (field: string) => void
}

/**
 * Revealed values of one item. They live in this state alone, outside every cache, and go when they are released, after 30 seconds, when the
 * window loses the focus, and with the component.
 * @param version an earlier version to read from; the one in use when left out
 */
export function useRevealed(secretId: string, version?: number): Revealed {
  const [shown, setShown] = useState<ReadonlyMap<string, Shown>>(new Map())
  const wishes = useRef(new Map<string, Wish>())

  const hide = useCallback((field: string) => {
    wishes.current.delete(field)
    setShown((was) => {
      if (!was.has(field)) return was
      const next = new Map(was)
      next.delete(field)
      return next
    })
  }, [])
  const hideAll = useCallback(() => {
    wishes.current.clear()
    setShown((was) => (was.size === 0 ? was : new Map()))
  }, [])

  const reveal = useCallback(
    async (field: string, wish: Wish) => {
      wishes.current.set(field, wish)
      const input = { secretId, field, ...(version === undefined ? {} : { version }) }
      try {
        const outcome = await withStepUp(
          () => runCommand('secrets.reveal', input),
          // Nobody can hold a button and type a passphrase: what was held is kept instead.
          () => wishes.current.set(field, 'kept'),
        )
        if (outcome === undefined) {
          wishes.current.delete(field)
          return
        }
        if (outcome.status !== 'done') {
          wishes.current.delete(field)
          toast.waiting(common.waits, common.waitsText)
          return
        }
        // Let go before the answer came: it is not shown.
        if (!wishes.current.has(field)) return
        const { value } = outcome.value
        setShown((was) => new Map(was).set(field, { value, until: Date.now() + shownMs }))
      } catch (error) {
        wishes.current.delete(field)
        toast.failed(words.notShown, error)
      }
    },
    [secretId, version],
  )

  useEffect(() => {
    if (shown.size === 0) return
    const first = Math.min(...[...shown.values()].map(({ until }) => until))
    const timer = setTimeout(() => {
      const now = Date.now()
      for (const [field, { until }] of shown) if (until <= now) hide(field)
    }, first - Date.now())
    return () => clearTimeout(timer)
  }, [shown, hide])

  useEffect(() => {
    const onHidden = () => {
      if (document.visibilityState === 'hidden') hideAll()
    }
    window.addEventListener('blur', hideAll)
    document.addEventListener('visibilitychange', onHidden)
    return () => {
      window.removeEventListener('blur', hideAll)
      document.removeEventListener('visibilitychange', onHidden)
      wishes.current.clear()
    }
  }, [hideAll])

  return {
    shown,
    hold: useCallback((field) => void reveal(field, 'held'), [reveal]),
    release: useCallback(
      (field) => {
        if (wishes.current.get(field) === 'held') hide(field)
      },
      [hide],
    ),
    toggle: useCallback(
      (field) => {
        if (wishes.current.has(field)) hide(field)
        else void reveal(field, 'kept')
      },
      [hide, reveal],
    ),
  }
}
