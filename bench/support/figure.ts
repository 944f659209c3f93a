/** One line of a table: a figure with what it is held against. */
export interface Row {
  readonly what: string
  readonly measured: string
  /** The limit or the peer of the same run, in words. */
  readonly against: string
  /** Measured over limit or peer. */
  readonly ratio: number | null
  readonly verdict: 'ok' | 'missed' | 'info' | 'skipped'
}

/** What a run was asked for, and what its figures share. */
export interface Bench {
  /** Entries of the large journal: 1,000,000, or 100,000 in a quick run. */
  readonly entries: number
  /** Also what takes more than a few minutes. */
  readonly long: boolean
  /** A new empty folder that is removed at the end of the run; on the disk of temporary files unless told otherwise. */
  folder(name: string, under?: string): string
  say(text: string): void
}

export interface Figure {
  readonly name: string
  readonly title: string
  run(bench: Bench): Promise<readonly Row[]>
}

const digits = (value: number) => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2)

/** A number for people: three significant digits or so, thousands separated. */
export function show(value: number, unit = ''): string {
  const text = value.toLocaleString('en-US', { maximumFractionDigits: digits(value) })
  return unit === '' ? text : `${text} ${unit}`
}

/** A figure that must not be larger than its limit. */
export function atMost(what: string, value: number, limit: number, unit: string, note = ''): Row {
  const against = `<= ${show(limit, unit)}`
  return {
    what,
    measured: withNote(show(value, unit), note),
    against,
    ratio: value / limit,
    verdict: value <= limit ? 'ok' : 'missed',
  }
}

/** A rate that must be at least `share` of a peer's. */
export function atLeast(what: string, value: number, peer: number, share: number, unit: string, note = ''): Row {
  const ratio = value / peer
  const against = `>= ${share} x ${show(peer, unit)}`
  return { what, measured: withNote(show(value, unit), note), against, ratio, verdict: ratio >= share ? 'ok' : 'missed' }
}

/** A figure beside its peer, with no limit of its own. */
export function beside(what: string, value: number, peer: number, unit: string, peerName: string, note = ''): Row {
  return {
    what,
    measured: withNote(show(value, unit), note),
    against: `${peerName}: ${show(peer, unit)}`,
    ratio: value / peer,
    verdict: 'info',
  }
}

export function info(what: string, measured: string, against = ''): Row {
  return { what, measured, against, ratio: null, verdict: 'info' }
}

/** Something that must hold whatever the speed. */
export function holds(what: string, measured: string, isSo: boolean): Row {
  return { what, measured, against: 'must hold', ratio: null, verdict: isSo ? 'ok' : 'missed' }
}

export function skipped(what: string, reason: string): Row {
  return { what, measured: `skipped: ${reason}`, against: '', ratio: null, verdict: 'skipped' }
}

function withNote(text: string, note: string): string {
  return note === '' ? text : `${text} (${note})`
}

const headings = ['', 'measured', 'limit or peer', 'ratio', ''] as const

/** The rows as a table in plain text. */
export function table(title: string, rows: readonly Row[]): string {
  const cells = rows.map(({ what, measured, against, ratio, verdict }) => [
    what,
    measured,
    against,
    ratio === null ? '' : ratio.toFixed(ratio >= 100 ? 0 : 2),
    verdict === 'info' ? '' : verdict === 'missed' ? 'MISSED' : verdict,
  ])
  const widths = headings.map((heading, column) => Math.max(heading.length, ...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [`## ${title}`, line(headings), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n')
}
