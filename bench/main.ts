import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { auditFigure } from './audit'
import { brokerFigure } from './broker'
import { importFigure } from './import'
import { pdfFigure } from './pdf'
import { reportsFigure } from './reports'
import { type Bench, type Figure, show, table } from './support/figure'
import { conditions, machine } from './support/machine'
import { unlockFigure } from './unlock'
import { vaultFigure } from './vault'
import { webhooksFigure } from './webhooks'
import { windowFigure } from './window'

const figures: readonly Figure[] = [
  importFigure,
  reportsFigure,
  webhooksFigure,
  auditFigure,
  unlockFigure,
  vaultFigure,
  pdfFigure,
  brokerFigure,
  windowFigure,
]

const usage = `npm run bench -- [${figures.map(({ name }) => name).join('] [')}] [--quick] [--long]`

/** Reads the words of the command line. @throws Error with the usage */
function chosen(words: readonly string[]): {
  readonly figures: readonly Figure[]
  readonly quick: boolean
  readonly long: boolean
} {
  const flags = words.filter((word) => word.startsWith('--'))
  const names = words.filter((word) => !word.startsWith('--'))
  const known = names.every((name) => figures.some((figure) => figure.name === name))
  if (!known || flags.some((flag) => flag !== '--quick' && flag !== '--long')) throw new Error(`Usage: ${usage}`)
  return {
    figures: figures.filter(({ name }) => names.length === 0 || names.includes(name)),
    quick: flags.includes('--quick'),
    long: flags.includes('--long'),
  }
}

async function main(): Promise<number> {
  const choice = chosen(process.argv.slice(2))
  const roots = new Map<string, string>()
  process.on('exit', () => {
    for (const path of roots.values()) rmSync(path, { recursive: true, force: true })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1))
  let folders = 0
  const bench: Bench = {
    entries: choice.quick ? 100_000 : 1_000_000,
    long: choice.long,
    folder(name, under = tmpdir()) {
      const root = roots.get(under) ?? mkdtempSync(join(under, 'countinghouse-bench-'))
      roots.set(under, root)
      const path = join(root, `${++folders}-${name}`)
      mkdirSync(path)
      return path
    },
    say: (text) => void process.stderr.write(`  ${text}\n`),
  }
  process.stdout.write(`${machine()}\nAt the start: ${conditions()}\n`)
  let missed = 0
  for (const figure of choice.figures) {
    const start = performance.now()
    const rows = await figure.run(bench)
    missed += rows.filter(({ verdict }) => verdict === 'missed').length
    process.stdout.write(`\n${table(figure.title, rows)}\n(${show((performance.now() - start) / 1000, 's')})\n`)
  }
  process.stdout.write(
    `\nAt the end: ${conditions()}\n${missed === 0 ? 'Every limit was kept.' : `${missed} limits were missed.`}\n`,
  )
  return missed === 0 ? 0 : 1
}

process.exit(await main())
