/** Minutes since midnight of a time of day such as `22:30`. */
function minuteOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
}

/**
 * Whether a minute of the day lies in a window by the clock on the wall; the first minute belongs to it, the last does not. A window
 * whose end is earlier than its beginning passes midnight. When clocks go back, an hour inside it counts both times.
 */
export function withinHours(minute: number, { from, to }: { readonly from: string; readonly to: string }): boolean {
  const [begin, end] = [minuteOf(from), minuteOf(to)]
  return begin < end ? begin <= minute && minute < end : minute >= begin || minute < end
}
