/** One line of the table that a scenario prints. */
export interface Line {
  readonly what: string
  readonly tried: number
  readonly bad: number
  /** The first few things that went wrong. */
  readonly examples: readonly string[]
  /** A further figure and what it counts. */
  readonly also?: readonly [number, string]
}

/** Collects what went wrong under one heading. */
export class Tally {
  readonly #what: string
  readonly #examples: string[] = []
  #tried = 0
  #bad = 0

  constructor(what: string) {
    this.#what = what
  }

  /** Counts one try with what was found wrong in it; nothing means that it went well. */
  add(problems: readonly string[]): void {
    this.#tried++
    if (problems.length === 0) return
    this.#bad++
    if (this.#examples.length < 5) this.#examples.push(problems.slice(0, 3).join('; '))
  }

  line(also?: readonly [number, string]): Line {
    return { what: this.#what, tried: this.#tried, bad: this.#bad, examples: this.#examples, ...(also ? { also } : {}) }
  }
}

/** Adds up the tables of several rounds of one scenario, line by line. */
export function addUp(rounds: readonly (readonly Line[])[]): Line[] {
  const [first = [], ...rest] = rounds
  return first.map((line, i) => {
    const same = [line, ...rest.flatMap((round) => round[i] ?? [])]
    const sum = (of: (line: Line) => number): number => same.reduce((total, one) => total + of(one), 0)
    const also = line.also && ([sum((one) => one.also?.[0] ?? 0), line.also[1]] as const)
    const examples = same.flatMap((one) => one.examples).slice(0, 5)
    return { what: line.what, tried: sum((one) => one.tried), bad: sum((one) => one.bad), examples, ...(also ? { also } : {}) }
  })
}

/** Prints a table and what went wrong. @returns how many lines are good and how many bad */
export function printTable(title: string, lines: readonly Line[]): { passed: number; failed: number } {
  const width = Math.max(...lines.map((line) => line.what.length), title.length)
  process.stdout.write(`\n${title.padEnd(width)} ${'tried'.padStart(8)} ${'bad'.padStart(6)}\n`)
  for (const { what, tried, bad, also, examples } of lines) {
    const note = also ? `${also[0]} ${also[1]}` : ''
    process.stdout.write(`${what.padEnd(width)} ${String(tried).padStart(8)} ${String(bad).padStart(6)}  ${note}\n`)
    for (const example of examples) process.stdout.write(`    ${example}\n`)
  }
  const failed = lines.filter((line) => line.bad > 0 || line.tried === 0).length
  return { passed: lines.length - failed, failed }
}
