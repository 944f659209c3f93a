import { monitorEventLoopDelay } from 'node:perf_hooks'
import { atMost, type Figure, holds, show } from './support/figure'
import { openInProcess } from './support/inProcessApp'
import { vaultWithLog } from './support/longLog'
import { median } from './support/stats'

/** Promises L9 and A6, for a million rows. Milliseconds. */
const longestVerify = 20_000
const longestStartCheck = 1000
const longestPause = 100
const million = 1_000_000

async function openingMs(dataDir: string, times: number): Promise<number> {
  const each: number[] = []
  for (let n = 0; n < times; n++) {
    const start = performance.now()
    const app = await openInProcess(dataDir)
    each.push(performance.now() - start)
    await app.close()
  }
  return median(each)
}

/** Verification of a long audit log, whole and at start. */
export const auditFigure: Figure = {
  name: 'audit',
  title: 'Audit log',
  async run(bench) {
    const rows = bench.entries
    bench.say(`writing and signing ${show(rows)} audit rows ...`)
    const dataDir = await vaultWithLog(bench, 'audit', rows)
    const empty = await vaultWithLog(bench, 'audit-empty', 1)
    bench.say('verifying them ...')
    const openMs = await openingMs(dataDir, 3)
    const emptyMs = await openingMs(empty, 3)
    const app = await openInProcess(dataDir)
    const delays = monitorEventLoopDelay({ resolution: 5 })
    delays.enable()
    const start = performance.now()
    const result = await app.call('audit.verify', {})
    const ms = performance.now() - start
    delays.disable()
    await app.close()
    const share = rows / million
    const note = `${show((rows / ms) * 1000, 'rows/s')}, ${show(result.heads)} heads`
    return [
      holds('the log verifies', `${show(result.rows)} rows`, result.ok && result.rows >= rows && result.anchored !== null),
      atMost(`audit.verify of ${show(rows)} rows`, ms / 1000, (longestVerify * share) / 1000, 's', note),
      atMost('longest pause meanwhile', delays.max / 1e6, longestPause, 'ms'),
      atMost(
        'start check',
        openMs - emptyMs,
        longestStartCheck,
        'ms',
        `opens in ${show(openMs)}, an empty vault in ${show(emptyMs)}`,
      ),
    ]
  },
}
