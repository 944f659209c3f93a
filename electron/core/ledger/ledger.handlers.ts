import { z } from 'zod'
import type { Output } from '../../../shared/contract/index'
import { AppError } from '../../../shared/errors'
import { decodeCursor, defaultLimit, pageOfRows } from '../db/paging'
import type { Handlers } from '../dispatch/handler'
import { newId } from '../ports/ids'
import { type AccountRow, listAccounts } from './accounts.repository'
import { bookOf } from './books'
import { createAccount } from './chartOfAccounts'
import { listEntries } from './entries'
import { parseEntryId, publicEntryId } from './entryId'
import { type ExplainSource, explainEntry } from './explain'
import { exportJournal } from './export/exportJournal'
import { entryCount } from './export/journal'
import { closeFacts, postFacts, reverseFacts } from './facts'
import type { ImportRequest, LedgerImporter } from './import/importer'
import { giveWay } from './import/slices'
import { closedThrough, closePeriod } from './periodClose'
import { post } from './posting'
import { register } from './register'
import { balanceSheet } from './reports/balanceSheet'
import { incomeStatement } from './reports/incomeStatement'
import { trialBalance } from './reports/trialBalance'
import { reverse, reversibleByHand } from './reversal'

export interface LedgerDeps {
  readonly importer: LedgerImporter
  /** How other domains tell the story of the entries that they caused. */
  readonly explain: ExplainSource
}

/** Most entries in one answer of `ledger.export`; larger journals are streamed. */
const mostExported = 50_000

const accountKey = z.tuple([z.string()])

function toAccount({ name, type, createdAt }: AccountRow): Output<'ledger.createAccount'> {
  return { account: name, type, createdAt }
}

export function ledgerHandlers({
  importer,
  explain,
}: LedgerDeps): Handlers<
  | 'ledger.accounts'
  | 'ledger.createAccount'
  | 'ledger.post'
  | 'ledger.reverse'
  | 'ledger.entries'
  | 'ledger.register'
  | 'ledger.trialBalance'
  | 'ledger.incomeStatement'
  | 'ledger.balanceSheet'
  | 'ledger.explain'
  | 'ledger.closePeriod'
  | 'ledger.export'
  | 'ledger.import'
> {
  return {
    'ledger.accounts': ({ db }, { businessId, cursor, limit = defaultLimit }) => {
      const book = bookOf(db, businessId)
      const [after] = cursor === undefined ? [''] : decodeCursor(cursor, accountKey)
      const accounts = pageOfRows(listAccounts(db, book.id, after, limit + 1), limit, (row) => [row.name], toAccount)
      return { ...accounts, closedThrough: closedThrough(db, book.id) }
    },

    'ledger.createAccount': {
      run: ({ db, now, note, changed }, { businessId, account, type }) => {
        const created = createAccount(db, { businessId, name: account, type, now })
        note({ businessId, account })
        changed('ledger')
        return toAccount(created)
      },
    },

    'ledger.post': {
      facts: postFacts,
      editable: ({ description, occurredOn }) => [
        { field: 'description', kind: 'text', value: description },
        { field: 'occurredOn', kind: 'date', value: occurredOn },
      ],
      run: ({ db, now, note, changed }, { businessId, occurredOn, description, postings }) => {
        const source = { kind: 'manual', id: newId('man', now) } as const
        const entryId = publicEntryId(post(db, { businessId, occurredOn, description, source, postings, now }))
        note({ businessId, entryId })
        changed('ledger')
        return { entryId }
      },
    },

    'ledger.reverse': {
      facts: reverseFacts,
      run: ({ db, now, note, changed }, { entryId: original, occurredOn, reason }) => {
        const stored = reversibleByHand(db, parseEntryId(original))
        const entryId = publicEntryId(reverse(db, { entryId: stored.id, occurredOn, reason, now }))
        note({ businessId: stored.businessId, entryId, reverses: original })
        changed('ledger')
        return { entryId }
      },
    },

    'ledger.entries': ({ db }, { limit = defaultLimit, ...query }) => listEntries(db, { ...query, limit }),
    'ledger.register': ({ db }, { limit = defaultLimit, ...query }) => register(db, { ...query, limit }),
    'ledger.trialBalance': ({ db }, { businessId, asOf }) => trialBalance(db, businessId, asOf ?? null),
    'ledger.incomeStatement': ({ db }, { businessId, from, to }) => incomeStatement(db, businessId, from, to),
    'ledger.balanceSheet': ({ db }, { businessId, asOf }) => balanceSheet(db, businessId, asOf),
    'ledger.explain': ({ db }, { entryId }) => explainEntry(db, entryId, explain),

    'ledger.closePeriod': {
      facts: closeFacts,
      run: ({ db, now, note, changed }, { businessId, through }) => {
        closePeriod(db, { businessId, through, now })
        note({ businessId, through })
        changed('ledger')
        return { through }
      },
    },

    'ledger.export': async ({ db }, { businessId, format }) => {
      if (entryCount(db, bookOf(db, businessId)) > mostExported) {
        throw new AppError(
          'too_large',
          'The journal is too long for one answer. Stream it from GET /api/v1/ledger/export, or save it to a file.',
        )
      }
      const { fileName, mediaType, chunks } = exportJournal(db, businessId, format)
      const parts: string[] = []
      for (const chunk of chunks) {
        parts.push(chunk)
        await giveWay()
      }
      return { fileName, mediaType, content: parts.join('') }
    },

    'ledger.import': {
      task: async ({ now, body, signal, note, changed, settle }, { businessId }) => {
        if (body === null) {
          throw new AppError(
            'unsupported_media_type',
            'Nothing was imported: send the entries as application/x-ndjson, one JSON object a line.',
          )
        }
        const onPublished: ImportRequest['onPublished'] = (w, record) => {
          note({ businessId, ...record })
          settle(w, { imported: record.imported, skipped: record.skipped })
        }
        const counts = await importer.importStream({ businessId, chunks: body, now, signal, onPublished })
        changed('ledger')
        return counts
      },
    },
  }
}
