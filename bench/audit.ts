import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { appendAudit, fileAnchor, HeadSigner, signingKey } from '../electron/core/audit/index'
import type { Database } from '../electron/core/db/index'
import { floorCost, openVaultFolder } from '../electron/core/vault/index'
import { atMost, type Bench, type Figure, holds, show } from './support/figure'
import { passphrase } from './support/headlessApp'
import { openInProcess } from './support/inProcessApp'
import { median } from './support/stats'

/** Promises L9 and A6, for a million rows. Milliseconds. */
const longestVerify = 20_000
const longestStartCheck = 1000
const longestPause = 100
const million = 1_000_000

const rowsPerCommit = 10_000
const rowsPerHead = 100

/** Where flushing costs nothing, so that ten thousand anchored heads are made in seconds; copied to the disk afterwards. */
function quickFolder(bench: Bench): string {
  return existsSync('/dev/shm') ? bench.folder('anchors', '/dev/shm') : bench.folder('anchors')
}

/** A vault with a long log, signed and anchored every 100 rows as the app does it. @returns its data folder */
async function vaultWithRows(bench: Bench, rows: number): Promise<string> {
  const dataDir = join(bench.folder('audit'), 'data')
  const vault = await openVaultFolder({
    dir: dataDir,
    world: 'live',
    proof: { passphrase },
    door: 'api',
    now: () => Date.now(),
    kdf: floorCost,
  })
  try {
    const keys = vault.session.coreKeys()
    const anchors = quickFolder(bench)
    const signer = new HeadSigner({
      privateKey: signingKey(keys.audit),
      anchors: [fileAnchor(anchors, keys.publicKey, 'data folder')],
      onProblem: (problem) => {
        throw new Error(`The log could not be signed: ${problem.kind}`)
      },
    })
    for (let done = 0; done < rows; ) {
      vault.database.write((w) => {
        const inside: Pick<Database, 'read' | 'write'> = { read: w, write: (fn) => fn(w) }
        for (const end = Math.min(rows, done + rowsPerCommit); done < end; done++) {
          const { seq } = appendAudit(w, {
            at: Date.now(),
            actor: 'owner',
            door: 'api',
            procedure: 'invoices.send',
            businessId: null,
            outcome: 'done',
            details: {
              invoiceId: `inv_${done}`,
              inputDigest: `${done}`.padStart(64, '0'),
              amount: { minor: done, currency: 'USD' },
            },
          })
          if (seq % rowsPerHead === 0) signer.signIfDue(inside as Database, Date.now())
        }
      })
    }
    mkdirSync(join(dataDir, 'anchors'), { recursive: true })
    cpSync(anchors, join(dataDir, 'anchors'), { recursive: true })
    return dataDir
  } finally {
    vault.close()
  }
}

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
    const dataDir = await vaultWithRows(bench, rows)
    const empty = await vaultWithRows(bench, 1)
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
