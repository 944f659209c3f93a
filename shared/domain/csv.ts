/** A text cell of CSV: quoted (RFC 4180), with an apostrophe before what a spreadsheet would run as a formula (`=`, `+`, `-`, `@`, tab, return). */
export function textCell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${inert.replaceAll('"', '""')}"`
}
