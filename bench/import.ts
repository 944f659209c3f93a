import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { FeedAnswer, FeedArgs } from './children/feed'
import type { PeerAnswer, PeerArgs } from './children/peer'
import { runChild } from './support/child'
import { atLeast, atMost, type Bench, beside, type Figure, holds, info, show, skipped } from './support/figure'
import { done, startHeadless } from './support/headlessApp'
import { busyAccount, writeJournal } from './support/journal'
import { probe } from './support/probe'
import type { Spread } from './support/stats'

const entriesPerCommit = 1000
const rateShare = 0.7
const mostBytes = 400e6
const longestWaitMs = 100
/** After its answer an import's sums are folded into those of the books; nothing may wait for that either. */
const tidyingMs = 3000

/** A vault whose one business holds the large journal, and how its import went. */
export interface LedgerVault {
  readonly dataDir: string
  readonly businessId: string
  readonly import: {
    readonly rate: number
    readonly cpuMs: number
    readonly peakBytes: number | null
    readonly waits: Spread
    readonly bytes: number
    readonly imported: number
  }
}

const vaults = new WeakMap<Bench, Promise<LedgerVault>>()

/** Imports the large journal through the API, once a run; figures that come later read the same books. */
export function ledgerVault(bench: Bench): Promise<LedgerVault> {
  const made = vaults.get(bench) ?? importJournal(bench)
  vaults.set(bench, made)
  return made
}

async function importJournal(bench: Bench): Promise<LedgerVault> {
  const folder = bench.folder('ledger')
  const dataDir = join(folder, 'data')
  const file = join(folder, 'journal.ndjson')
  bench.say(`writing ${show(bench.entries)} entries as a file ...`)
  await writeJournal(file, bench.entries)
  const app = await startHeadless({ dataDir })
  try {
    const business = { name: 'Bench', currency: 'USD', country: 'US', timeZone: 'UTC' }
    const { id: businessId } = done(await app.call('businesses.create', business))
    bench.say(`importing them through the API ...`)
    const forgotten = app.forgetPeak()
    const cpuBefore = app.cpuMs() ?? Number.NaN
    const stopProbe = probe(app, [
      ['ledger.trialBalance', { businessId }],
      ['vault.status', {}],
      ['invoices.list', { businessId }],
      ['ledger.register', { businessId, account: 'assets:receivable' }],
    ])
    const { url, token } = app
    const fed = await runChild<FeedAnswer>('feed', { url, token, businessId, file } satisfies FeedArgs)
    const cpuMs = (app.cpuMs() ?? Number.NaN) - cpuBefore
    await new Promise((resolve) => setTimeout(resolve, tidyingMs))
    const waits = await stopProbe()
    const peakBytes = forgotten ? app.peakBytes() : null
    const bytes = statSync(file).size
    rmSync(file)
    return {
      dataDir,
      businessId,
      import: { rate: (fed.imported / fed.wallMs) * 1000, cpuMs, peakBytes, waits, bytes, imported: fed.imported },
    }
  } finally {
    await app.stop()
  }
}

async function peerRate(bench: Bench): Promise<PeerAnswer> {
  const folder = bench.folder('import-peer')
  bench.say('the same statements from ready objects ...')
  const args = { kind: 'import', folder, entries: bench.entries, perCommit: entriesPerCommit } satisfies PeerArgs
  const answer = await runChild<PeerAnswer>('peer', args)
  rmSync(folder, { recursive: true, force: true })
  return answer
}

/** Import of a large journal through the API, held against the engine alone; the peer runs before and after it. */
export const importFigure: Figure = {
  name: 'import',
  title: 'Import through POST /api/v1/ledger/import',
  async run(bench) {
    const before = await peerRate(bench)
    const { import: measured } = await ledgerVault(bench)
    const after = await peerRate(bench)
    const { waits, peakBytes, rate } = measured
    const waited = `p50 ${show(waits.p50)}, p99 ${show(waits.p99)}, ${show(waits.count)} queries`
    return [
      holds('entries imported', show(measured.imported), measured.imported === bench.entries),
      atLeast(
        'rate',
        rate,
        (before.rate + after.rate) / 2,
        rateShare,
        'entries/s',
        `${show((rate * measured.bytes) / measured.imported / 1e6)} MB/s`,
      ),
      beside('peer, before', before.rate, after.rate, 'entries/s', 'and after'),
      beside(
        'CPU time an entry',
        (measured.cpuMs * 1000) / bench.entries,
        ((before.cpuMs + after.cpuMs) * 500) / bench.entries,
        'us',
        'peer',
      ),
      peakBytes === null
        ? skipped('largest memory', 'only Linux tells')
        : atMost('largest memory', peakBytes / 1e6, mostBytes / 1e6, 'MB'),
      atMost('longest wait of another query', waits.max, longestWaitMs, 'ms', waited),
      info('entries a commit, peer', show(entriesPerCommit), `busiest account ${busyAccount}`),
    ]
  },
}
