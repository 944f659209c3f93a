import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Input, QueryName } from '../shared/contract/index'
import type { FeedAnswer, FeedArgs } from './children/feed'
import { ledgerVault } from './import'
import { runChild } from './support/child'
import { atMost, type Bench, type Figure, holds, info, type Row, show, skipped } from './support/figure'
import { done, type HeadlessApp, startHeadless } from './support/headlessApp'
import { openInProcess } from './support/inProcessApp'
import { busyAccount, journal, journalShape, writeJournal } from './support/journal'
import { hledgerBalances, plainTextTools, runPlainText, versionOf } from './support/plainText'
import { median, spreadOf, timeEach } from './support/stats'

/** Milliseconds that the API may add to a report. */
const apiShare = 10
const runs = 40

interface Report {
  readonly what: string
  readonly name: QueryName
  readonly input: (businessId: string) => object
  /** Milliseconds in process; null where none was promised. */
  readonly limit: number | null
}

const { from, to } = journalShape
const reports: readonly Report[] = [
  { what: 'trial balance', name: 'ledger.trialBalance', input: (businessId) => ({ businessId }), limit: 5 },
  {
    what: 'trial balance at the end of a month',
    name: 'ledger.trialBalance',
    input: (businessId) => ({ businessId, asOf: '2023-06-30' }),
    limit: 5,
  },
  {
    what: 'trial balance in the middle of a month',
    name: 'ledger.trialBalance',
    input: (businessId) => ({ businessId, asOf: '2023-06-15' }),
    limit: null,
  },
  {
    what: 'income statement, 60 months',
    name: 'ledger.incomeStatement',
    input: (businessId) => ({ businessId, from, to }),
    limit: 20,
  },
  {
    what: 'newest register page',
    name: 'ledger.register',
    input: (businessId) => ({ businessId, account: busyAccount }),
    limit: 5,
  },
  {
    what: 'newest register page, one currency',
    name: 'ledger.register',
    input: (businessId) => ({ businessId, account: busyAccount, currency: 'USD', limit: 100 }),
    limit: 5,
  },
]

type Call = (name: QueryName, input: Input<QueryName>) => Promise<unknown>

/** Median and 95th percentile of each report, milliseconds. */
async function timeReports(call: Call, businessId: string): Promise<{ p50: number; p95: number; first: number }[]> {
  const times = []
  for (const { name, input } of reports) {
    const { first, each } = await timeEach(runs, () => call(name, input(businessId) as Input<QueryName>))
    const { p50, p95 } = spreadOf(each)
    times.push({ p50, p95, first })
  }
  return times
}

/** Balances that the journal itself adds up to, as `account currency amount`. */
function summed(entries: number, seed: number): string[] {
  const sums = new Map<string, number>()
  for (const { postings } of journal(entries, seed)) {
    for (const { account, currency, minor } of postings) {
      const key = `${account} ${currency}`
      sums.set(key, (sums.get(key) ?? 0) + minor)
    }
  }
  return [...sums].flatMap(([key, minor]) => (minor === 0 ? [] : [`${key} ${minor}`])).sort()
}

const written = (rows: readonly { account: string; currency: string; minor: number }[]) =>
  rows.map(({ account, currency, minor }) => `${account} ${currency} ${minor}`).sort()

async function exportTo(app: HeadlessApp, businessId: string, file: string): Promise<number> {
  const start = performance.now()
  const response = await fetch(`${app.url}/api/v1/ledger/export?businessId=${businessId}&format=hledger`, {
    headers: { authorization: `Bearer ${app.token}` },
  })
  if (response.status !== 200 || response.body === null) throw new Error(`The export answered ${response.status}`)
  await pipeline(Readable.fromWeb(response.body as never), createWriteStream(file))
  return performance.now() - start
}

/** The same journal in Debian's plain-text ledgers: whole processes against one call of the API. */
async function besidePlainText(bench: Bench, app: HeadlessApp, large: string): Promise<Row[]> {
  const tools = plainTextTools.filter((tool) => versionOf(tool) !== null)
  const missing = plainTextTools
    .filter((tool) => !tools.includes(tool))
    .map(({ name }) => skipped(`beside ${name}`, 'it is not installed'))
  if (tools.length === 0) return missing
  const folder = bench.folder('plain-text')
  const entries = bench.long ? bench.entries : Math.min(bench.entries, 100_000)
  const businessId = entries === bench.entries ? large : await smallerBooks(bench, app, entries)
  const file = join(folder, 'export.journal')
  bench.say(`exporting ${show(entries)} entries, and asking ${tools.map(({ name }) => name).join(' and ')} ...`)
  const exportMs = await exportTo(app, businessId, file)
  const ask = async (name: QueryName, input: object) =>
    median((await timeEach(10, () => app.call(name, { businessId, ...input } as Input<QueryName>))).each)
  const ours = {
    balances: await ask('ledger.trialBalance', {}),
    months: await ask('ledger.incomeStatement', { from, to }),
    register: await ask('ledger.register', { account: busyAccount }),
  }
  const rows: Row[] = [
    {
      what: 'export as hledger',
      measured: show(exportMs, 'ms'),
      against: show(entries, 'entries'),
      ratio: null,
      verdict: 'info',
    },
  ]
  const balance = await app.call('ledger.trialBalance', { businessId })
  for (const tool of tools) {
    const questions = [
      ['trial balance', ours.balances, tool.balances],
      ['months', ours.months, tool.months],
      ['register', ours.register, [...tool.register, busyAccount]],
    ] as const
    for (const [what, mine, report] of questions) {
      const { ms, output } = runPlainText(tool, file, report)
      const against = `${tool.name}: ${show(ms, 'ms')}, ${show(ms / mine)} times ours`
      rows.push({
        what: `${what} at ${show(entries)}, API`,
        measured: show(mine, 'ms'),
        against,
        ratio: mine / ms,
        verdict: 'info',
      })
      if (tool.name === 'hledger' && report === tool.balances) {
        const theirs = hledgerBalances(output)
        const same = JSON.stringify(theirs) === JSON.stringify(written(balance.rows))
        rows.push(holds('hledger agrees on every balance', `${show(theirs.length)} balances`, same))
      }
    }
  }
  return [...rows, ...missing]
}

async function smallerBooks(bench: Bench, app: HeadlessApp, entries: number): Promise<string> {
  const file = join(bench.folder('smaller'), 'journal.ndjson')
  await writeJournal(file, entries, 2)
  const business = { name: 'Smaller', currency: 'USD', country: 'US', timeZone: 'UTC' }
  const { id: businessId } = done(await app.call('businesses.create', business))
  const { url, token } = app
  await runChild<FeedAnswer>('feed', { url, token, businessId, file } satisfies FeedArgs)
  return businessId
}

/** Reports over the large journal, in process and through the API. */
export const reportsFigure: Figure = {
  name: 'reports',
  title: 'Reports',
  async run(bench) {
    const { dataDir, businessId } = await ledgerVault(bench)
    bench.say(`asking for reports over ${show(bench.entries)} entries ...`)
    const inside = await openInProcess(dataDir)
    const own = await timeReports((name, input) => inside.call(name, input), businessId)
    const { rows: balances } = await inside.call('ledger.trialBalance', { businessId })
    await inside.close()
    const isRight = JSON.stringify(written(balances)) === JSON.stringify(summed(bench.entries, 1))
    const app = await startHeadless({ dataDir })
    try {
      const api = await timeReports((name, input) => app.call(name, input), businessId)
      const rows = reports.flatMap(({ what, limit }, n) => {
        const mine = own[n] ?? { p50: Number.NaN, p95: Number.NaN, first: Number.NaN }
        const outside = api[n] ?? mine
        const note = `p95 ${show(mine.p95)}, first ${show(mine.first)}`
        return [
          limit === null
            ? info(`${what}, in process`, `${show(mine.p50, 'ms')} (${note})`, 'adds up the days of the month')
            : atMost(`${what}, in process`, mine.p50, limit, 'ms', note),
          atMost(
            `${what}, API adds`,
            outside.p50 - mine.p50,
            apiShare,
            'ms',
            `${show(outside.p50)} in all, p95 ${show(outside.p95)}`,
          ),
        ]
      })
      return [
        holds('balances are the sums of the journal', `${show(balances.length)} balances`, isRight),
        ...rows,
        ...(await besidePlainText(bench, app, businessId)),
      ]
    } finally {
      await app.stop()
    }
  },
}
