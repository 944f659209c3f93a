import { open } from 'node:fs/promises'
import type { ImportLine } from '../../shared/contract/ledger'
import { accountTypes } from '../../shared/domain/ids'

/** The shape of the journal that every figure is measured on: 200 accounts, 3 currencies, 5 years, 2 to 4 postings an entry. */
export const journalShape = { accounts: 200, currencies: ['USD', 'EUR', 'GBP'], from: '2021-01-01', to: '2025-12-31' } as const

/** The account that about every seventh entry touches, as a bank account is. */
export const busyAccount = 'assets:bank:b01'

export const accountNames: readonly string[] = Array.from({ length: journalShape.accounts }, (_, n) => {
  const root = accountTypes[n % accountTypes.length] ?? 'assets'
  return n === accountTypes.indexOf('assets') ? busyAccount : `${root}:group${n % 7}:account${String(n).padStart(3, '0')}`
})

/** The generator mulberry32: the same seed gives the same journal. */
function chance(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

const firstDay = Date.parse(journalShape.from)
const days = (Date.parse(journalShape.to) - firstDay) / 86_400_000 + 1

/** Balanced entries in the order of their days, always the same for the same count. */
export function* journal(count: number, seed = 1): Generator<ImportLine> {
  const below = chance(seed)
  const dates = Array.from({ length: days }, (_, day) => new Date(firstDay + day * 86_400_000).toISOString().slice(0, 10))
  for (let n = 0; n < count; n++) {
    const currency = journalShape.currencies[below(3)] ?? 'USD'
    const draw = below(100)
    const size = draw < 40 ? 2 : draw < 73 ? 3 : 4
    const postings: ImportLine['postings'] = []
    let sum = 0
    for (let line = 0; line < size; line++) {
      const minor = line === size - 1 ? -sum : 1 + below(500_000)
      sum += minor
      const account = line === 0 && below(7) === 0 ? busyAccount : (accountNames[below(accountNames.length)] ?? busyAccount)
      postings.push({ account, minor, currency })
    }
    const occurredOn = dates[Math.floor((n / count) * days)] ?? journalShape.to
    yield { externalId: `bench-${seed}-${n}`, occurredOn, description: `Entry ${n} of the journal that is measured`, postings }
  }
}

/**
 * Writes the journal as the lines that the import takes, down to the disk: what the system still had to write would slow the flushes of
 * what is measured next.
 * @returns bytes written
 */
export async function writeJournal(file: string, count: number, seed = 1): Promise<number> {
  const handle = await open(file, 'w')
  try {
    let bytes = 0
    let text = ''
    const write = async () => {
      bytes += (await handle.write(text)).bytesWritten
      text = ''
    }
    for (const entry of journal(count, seed)) {
      text += `${JSON.stringify(entry)}\n`
      if (text.length >= 1 << 20) await write()
    }
    await write()
    await handle.sync()
    return bytes
  } finally {
    await handle.close()
  }
}
