import { useCallback, useEffect, useRef, useState } from 'react'
import type { Rows } from '../../api/pages'
import { toast } from '../toasts'

/** Reads the rest of a list, with a way to stop. `run` answers whether all of it is here; `rows` counts while it runs and is null otherwise. */
export function useLoadAll<T>(list: Rows<T>) {
  const [rows, setRows] = useState<number | null>(null)
  const aborter = useRef<AbortController | null>(null)
  const { loadAll } = list
  const { length } = list.rows

  useEffect(() => () => aborter.current?.abort(), [])

  const run = useCallback(async () => {
    if (aborter.current) return false
    const own = new AbortController()
    aborter.current = own
    setRows(length)
    try {
      return await loadAll(own.signal, setRows)
    } catch (error) {
      if (!own.signal.aborted) toast.failed('The rest of the list could not be read', error)
      return false
    } finally {
      aborter.current = null
      setRows(null)
    }
  }, [loadAll, length])

  const stop = useCallback(() => aborter.current?.abort(), [])
  return { rows, run, stop }
}
