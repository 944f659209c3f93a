import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { AuditRow } from '../../../shared/contract/audit'
import type { Output } from '../../../shared/contract/index'
import type { ReadDb } from '../db'
import { decodeCursor, defaultLimit, pageOfRows } from '../db/paging'
import type { Handlers } from '../dispatch/handler'
import type { AnchorSet } from './anchorSet'
import { lastRow, type RowFilter, rowsBetween, rowsOfSubject } from './audit.repository'
import type { StoredRow } from './chain'
import { laterHeads } from './restoredLog'
import { verifyAudit } from './verifyAudit'

/** Rows looked at in one go when a filter finds little, so that a search through a million rows never blocks. */
const rowsPerSlice = 5000

function toAuditRow({ prevHash: _, hash, details, ...row }: StoredRow): AuditRow {
  return {
    ...row,
    details: z.record(z.string(), z.unknown()).parse(JSON.parse(details)),
    hash: Buffer.from(hash).toString('hex'),
  }
}

/** The newest rows whose details mention an id, e.g. all that was done to an invoice. */
export function auditRowsAbout(r: ReadDb, id: string, limit: number): AuditRow[] {
  return rowsOfSubject(r, id, limit).map(toAuditRow)
}

async function findRows(r: ReadDb, filter: RowFilter, below: number, limit: number): Promise<StoredRow[]> {
  const found: StoredRow[] = []
  for (let end = below; end > 1 && found.length < limit; end -= rowsPerSlice) {
    if (end !== below) await new Promise<void>((resolve) => setImmediate(resolve))
    found.push(...rowsBetween(r, filter, end - rowsPerSlice - 1, end, limit - found.length))
  }
  return found
}

export interface AuditHandlerDeps {
  readonly publicKey: KeyObject
  readonly anchors: Pick<AnchorSet, 'anchors' | 'places'>
  /** Refuses a business that does not exist. */
  readonly assertBusiness: (db: ReadDb, businessId: string) => void
}

/** `audit.list` and `audit.verify`. Verifications asked for at the same time share one pass. */
export function auditHandlers(deps: AuditHandlerDeps): Handlers<'audit.list' | 'audit.verify'> {
  let running: Promise<Output<'audit.verify'>> | undefined
  const verify = async (db: ReadDb): Promise<Output<'audit.verify'>> => {
    const options = { db, publicKey: deps.publicKey, anchors: deps.anchors.anchors }
    const { ok, rows, heads, anchored, firstBad } = await verifyAudit(options)
    const later = ok ? null : await laterHeads(options)
    const restored = deps.anchors.places.flatMap(({ id, anchor }) => {
      const held = later?.get(anchor)
      return held === undefined ? [] : [{ id, name: anchor.name, size: held.size, at: held.at }]
    })
    const bad = firstBad === undefined ? {} : { firstBad: { seq: firstBad.seq, reason: firstBad.reason } }
    return { ok, rows, heads, anchored, restored, ...bad }
  }
  return {
    'audit.list': async ({ db }, { businessId, procedure, actor, query, from, to, cursor, limit = defaultLimit }) => {
      if (businessId !== undefined) deps.assertBusiness(db, businessId)
      const end = (lastRow(db)?.seq ?? 0) + 1
      const below = cursor === undefined ? end : Math.min(end, decodeCursor(cursor, z.tuple([z.int()]))[0])
      const rows = await findRows(db, { businessId, procedure, actor, text: query, from, to }, below, limit + 1)
      return pageOfRows(rows, limit, (row) => [row.seq], toAuditRow)
    },
    'audit.verify': async ({ db }) => {
      running ??= verify(db).finally(() => {
        running = undefined
      })
      return running
    },
  }
}
