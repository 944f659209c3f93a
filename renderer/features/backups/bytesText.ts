const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const

/** A size as people read it: 12.3 MB. Decimal units, one digit after the point from KB on. */
export function bytesText(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`
}
