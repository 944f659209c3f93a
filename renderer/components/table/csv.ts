/**
 * One CSV field (RFC 4180): quoted when it must be. Text that a spreadsheet would run as a formula (=, +, -, @, tab or carriage return in
 * front) gets a leading apostrophe, unless it is a plain number.
 */
export function csvField(value: string): string {
  const inert = /^[=+\-@\t\r]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert
}

/** One CSV record with its line end. */
export function csvLine(values: readonly string[]): string {
  return `${values.map(csvField).join(',')}\r\n`
}

/** Cuts text into pieces of at most `size` UTF-16 units, never between the halves of a surrogate pair. */
export function pieces(text: string, size: number): string[] {
  const parts: string[] = []
  let from = 0
  while (from < text.length) {
    let to = Math.min(from + size, text.length)
    const last = text.charCodeAt(to - 1)
    if (to < text.length && last >= 0xd800 && last <= 0xdbff) to -= 1
    parts.push(text.slice(from, to))
    from = to
  }
  return parts
}
