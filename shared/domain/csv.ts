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
