import { type KeyObject, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { openTestDatabase, type TestDatabase } from '../db/testing'
import type { Place } from './anchorSet'
import { type Anchor, fileAnchor } from './anchors'
import { appendAudit, type NewAuditRow } from './appendAudit'
import { HeadSigner, type SignerProblem } from './headSigner'
import { publicKeyBytes, signingKey, verifyingKey } from './heads'

export interface TestAudit {
  readonly database: TestDatabase
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** Two folders outside the database. */
  readonly anchors: readonly [Anchor, Anchor]
  readonly anchorDirs: readonly [string, string]
  readonly places: readonly Place[]
  readonly signer: HeadSigner
  readonly problems: SignerProblem[]
  /** Appends `count` rows, each in its own transaction and followed by `signIfDue`, as the app does. */
  append(count: number): void
}

/** What row number `seq` of a test log says. */
export function testRow(seq: number): NewAuditRow {
  return {
    at: 1_770_000_000_000 + seq * 10,
    actor: seq % 3 === 0 ? 'token:tok_1' : 'owner',
    door: seq % 3 === 0 ? 'api' : 'window',
    procedure: seq % 2 === 0 ? 'invoices.send' : 'customers.create',
    businessId: seq % 5 === 0 ? null : `biz_${seq % 4}`,
    outcome: 'done',
    details: { invoiceId: `inv_${seq}`, amount: { minor: seq * 100, currency: 'USD' }, fields: ['dueOn', 'memo'] },
  }
}

/** A signer with two file anchors beside a real encrypted database. For tests only. */
export function openTestAudit(): TestAudit {
  const database = openTestDatabase()
  const privateKey = signingKey(randomBytes(32))
  const publicKey = verifyingKey(privateKey)
  const anchorDirs = [join(database.dir, 'anchors'), join(database.dir, 'second', 'place')] as const
  const anchors = [
    fileAnchor(anchorDirs[0], publicKeyBytes(publicKey), 'data folder'),
    fileAnchor(anchorDirs[1], publicKeyBytes(publicKey), 'second folder'),
  ] as const
  const problems: SignerProblem[] = []
  const signer = new HeadSigner({ privateKey, anchors, onProblem: (problem) => problems.push(problem) })
  let seq = 0
  return {
    database,
    privateKey,
    publicKey,
    anchors,
    anchorDirs,
    places: anchors.map((anchor, index) => ({ id: `anc_${index + 1}`, kind: 'folder', anchor })),
    signer,
    problems,
    append(count) {
      for (const end = seq + count; seq < end; ) {
        const row = testRow(++seq)
        database.db.write((w) => appendAudit(w, row))
        signer.signIfDue(database.db, row.at)
      }
    },
  }
}
