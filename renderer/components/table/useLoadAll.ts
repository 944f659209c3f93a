import { useCallback, useEffect, useRef, useState } from 'react'
import type { Rows } from '../../api/pages'
import { toast } from '../toasts'

/** Reads the rest of a list, with a way to stop. `run` answers whether all of it is here. */
export function useLoadAll<T>(list: Rows<T>) {
  const [busy, setBusy] = useState(false)
  const aborter = useRef<AbortController | null>(null)
  const { loadAll } = list

  useEffect(() => () => aborter.current?.abort(), [])

  const run = useCallback(async () => {
    if (aborter.current) return false
    const own = new AbortController()
    aborter.current = own
    setBusy(true)
    try {
      return await loadAll(own.signal)
    } catch (error) {
      toast.failed('The rest of the list could not be read', error)
      return false
    } finally {
      aborter.current = null
      setBusy(false)
    }
  }, [loadAll])

  const stop = useCallback(() => aborter.current?.abort(), [])
  return { busy, run, stop }
}
