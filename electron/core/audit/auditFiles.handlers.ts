import type { KeyObject } from 'node:crypto'
import type { Parsed } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import type { ReadDb } from '../db'
import type { Handlers } from '../dispatch/handler'
import type { FileDialogs } from '../ports/fileDialogs'
import { writeAccountantCopy } from './accountantCopy'
import type { AnchorSet } from './anchorSet'
import { lastHead, type RowFilter } from './audit.repository'
import { carryHead, checkCarriedHead } from './carriedHead'
import { type AuditExportFormat, exportLog } from './exportLog'
import { publicKeyBytes } from './heads'

/** Longest export that is answered in one piece, in UTF-16 units. */
const mostInline = 1024 * 1024

export interface AuditFileDeps {
  readonly publicKey: KeyObject
  readonly anchors: AnchorSet
  /** Signs and anchors what is not yet: an export then holds a head over all its rows. */
  readonly signNow: () => void
  /** @throws AppError where there is no screen */
  readonly dialogs: () => FileDialogs
  /** Text of the stand-alone verifier, for the accountant's copy. */
  readonly verifier: string
  /** Refuses a business that does not exist. */
  readonly assertBusiness: (db: ReadDb, businessId: string) => void
}

export type AuditExportQuery = Omit<Parsed<'audit.export'>, 'format'> & { readonly format: AuditExportFormat }

function filterOf({ businessId, procedure, actor, query, from, to }: Omit<AuditExportQuery, 'format'>): RowFilter {
  return { businessId, procedure, actor, text: query, from, to }
}

/** The export that a door streams, or a handler collects; the newest rows may not be signed yet. @throws AppError not_found for an unknown business */
export function openExport(deps: AuditFileDeps, db: ReadDb, query: AuditExportQuery, now: number) {
  if (query.businessId !== undefined) deps.assertBusiness(db, query.businessId)
  const { publicKey, anchors } = deps
  return exportLog({
    db,
    format: query.format,
    filter: filterOf(query),
    publicKey: publicKeyBytes(publicKey),
    anchors: anchors.anchors,
    now,
  })
}

/** Exports of the log, and the places outside the database that keep its heads. */
export function auditFileHandlers(
  deps: AuditFileDeps,
): Handlers<
  | 'audit.export'
  | 'audit.save'
  | 'audit.anchors'
  | 'audit.addAnchor'
  | 'audit.removeAnchor'
  | 'audit.carryHead'
  | 'audit.checkHead'
> {
  return {
    'audit.export': (context, input) => {
      deps.signNow()
      const { fileName, mediaType, chunks } = openExport(deps, context.db, input, context.now)
      let content = ''
      for (const chunk of chunks) {
        content += chunk
        if (content.length > mostInline) {
          throw new AppError(
            'too_large',
            'The log is too large for one answer. Ask GET /api/v1/audit/export with the same words, which streams it, or narrow the filter.',
          )
        }
      }
      return { fileName, mediaType, content }
    },
    'audit.save': {
      task: async (context, { format, ...filter }) => {
        const db = context.database.read
        deps.signNow()
        if (format !== 'accountant') {
          const { fileName, chunks } = openExport(deps, db, { format, ...filter }, context.now)
          const saved = await deps.dialogs().save(fileName, chunks)
          context.note({ format, saved })
          return { saved }
        }
        const parent = await deps.dialogs().chooseFolder('Where to put the accountant’s copy')
        if (parent === null) return { saved: false }
        const { chunks } = openExport(deps, db, { format: 'jsonl', ...filter }, context.now)
        const name = `countinghouse-audit-${new Date(context.now).toISOString().slice(0, 19).replaceAll(':', '')}`
        await writeAccountantCopy(parent, name, chunks, deps.verifier)
        context.note({ format, saved: true })
        return { saved: true }
      },
    },
    'audit.anchors': ({ db }) => ({ items: deps.anchors.describe(db) }),
    'audit.addAnchor': {
      task: async (context, { name }) => {
        const path = await deps.dialogs().chooseFolder('A folder for the heads of the audit log')
        const { database, now } = context
        if (path !== null) {
          const anchorName = name ?? 'second folder'
          const anchorId = database.write((w) => deps.anchors.addFolder(w, { path, name: anchorName, now }))
          context.note({ anchorId })
          deps.anchors.load(database.read)
          deps.signNow()
          context.changed('audit')
        }
        return { added: path !== null, items: deps.anchors.describe(database.read) }
      },
    },
    'audit.removeAnchor': {
      task: async (context, { anchorId }) => {
        const { database, now } = context
        database.write((w) => deps.anchors.remove(w, anchorId, now))
        deps.anchors.load(database.read)
        context.note({ anchorId })
        context.changed('audit')
        return { items: deps.anchors.describe(database.read) }
      },
    },
    'audit.carryHead': ({ db }) => {
      deps.signNow()
      const head = lastHead(db)
      if (head === undefined) throw new AppError('unavailable', 'Nothing is signed yet. Try again in a minute.')
      return { text: carryHead(head, deps.publicKey), size: head.size, at: head.at }
    },
    'audit.checkHead': ({ db }, { text }) => checkCarriedHead(db, text, deps.publicKey),
  }
}
