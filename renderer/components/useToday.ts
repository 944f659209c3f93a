import { useEffect, useState } from 'react'
import { dateIn } from '../../shared/domain/dates'

/** Today in a time zone; turns at that zone's midnight while the window stays open. */
export function useToday(timeZone: string): string {
  const [today, setToday] = useState(() => dateIn(timeZone, Date.now()))
  useEffect(() => {
    const look = () => setToday(dateIn(timeZone, Date.now()))
    look()
    const timer = setInterval(look, 30_000)
    return () => clearInterval(timer)
  }, [timeZone])
  return today
}
