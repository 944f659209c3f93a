import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { appendAudit, fileAnchor, HeadSigner, signingKey } from '../../electron/core/audit/index'
import type { Database } from '../../electron/core/db/index'
import { floorCost, openVaultFolder } from '../../electron/core/vault/index'
import type { Bench } from './figure'
import { passphrase } from './headlessApp'

const rowsPerCommit = 10_000
const rowsPerHead = 100

/** Where flushing costs nothing, so that ten thousand anchored heads are made in seconds; copied to the disk afterwards. */
function quickFolder(bench: Bench): string {
  return existsSync('/dev/shm') ? bench.folder('anchors', '/dev/shm') : bench.folder('anchors')
}

/** A vault with a long audit log, signed and anchored every 100 rows as the app does it. @returns its data folder */
export async function vaultWithLog(bench: Bench, name: string, rows: number): Promise<string> {
  const dataDir = join(bench.folder(name), 'data')
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
