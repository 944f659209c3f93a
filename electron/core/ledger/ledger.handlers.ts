import { z } from 'zod'
import { formatMoney, type Money } from '../../../shared/domain/money'
import { AppError } from '../../../shared/errors'
import { decodeCursor, defaultLimit, pageOfRows } from '../db/paging'
import type { CommandFacts, Handlers } from '../dispatch/handler'
import { newId } from '../ports/ids'
import { listAccounts } from './accounts.repository'
import { bookOf } from './books'
import { createAccount } from './chartOfAccounts'
import { listEntries } from './entries'
import { postingsOf } from './entries.repository'
import { parseEntryId, publicEntryId } from './entryId'
import { type ExplainSource, explainEntry } from './explain'
import { exportJournal } from './export/exportJournal'
import type { LedgerImporter } from './import/importer'
import { closedThrough, closePeriod } from './periodClose'
import { post } from './posting'
import { register } from './register'
import { balanceSheet } from './reports/balanceSheet'
import { incomeStatement } from './reports/incomeStatement'
import { trialBalance } from './reports/trialBalance'
import { reverse, reversibleEntry } from './reversal'

export interface LedgerDeps {
  readonly importer: LedgerImporter
  /** How other domains tell the story of the entries that they caused. */
  readonly explain: ExplainSource
}

type LedgerProcedures =
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

/** Largest journal that `ledger.export` answers as one value; longer ones are streamed. */
const exportLimit = 20_000_000

/** Sum of the debits in the first currency: how large an entry is, for cards and rules. */
function sizeOf(amounts: readonly Money[]): Money | null {
  const currency = amounts[0]?.currency
  if (currency === undefined) return null
  const minor = amounts.reduce((sum, amount) => (amount.currency === currency && amount.minor > 0 ? sum + amount.minor : sum), 0)
  return Number.isSafeInteger(minor) ? { minor, currency } : null
}

function linesOf(amounts: readonly { readonly account: string; readonly amount: Money }[]): Record<string, string> {
  return Object.fromEntries(
    amounts.slice(0, 20).map(({ account, amount }, index) => [`${index + 1}. ${account}`, formatMoney(amount)]),
  )
}

export function ledgerHandlers({ importer, explain }: LedgerDeps): Handlers<LedgerProcedures> {
  return {
    'ledger.accounts': ({ db }, { businessId, cursor, limit = defaultLimit }) => {
      const [after] = cursor === undefined ? [''] : decodeCursor(cursor, z.tuple([z.string()]))
      const rows = listAccounts(db, bookOf(db, businessId).id, after, limit + 1)
      return pageOfRows(
        rows,
        limit,
        (row) => [row.name],
        ({ name, type, createdAt }) => ({ account: name, type, createdAt }),
      )
    },

    'ledger.createAccount': {
      run: (context, { businessId, account: name, type }) => {
        const row = createAccount(context.db, { businessId, name, type, now: context.now })
        context.note({ businessId, account: name })
        context.changed('ledger')
        return { account: row.name, type: row.type, createdAt: row.createdAt }
      },
    },

    'ledger.post': {
      facts: (db, input): CommandFacts => {
        bookOf(db, input.businessId)
        return {
          businessId: input.businessId,
          what: `Post a journal entry on ${input.occurredOn}.`,
          amount: sizeOf(input.postings.map(({ amount }) => amount)),
          payee: null,
          before: {},
          after: linesOf(input.postings),
          undo: 'by_reversal',
        }
      },
      run: (context, { businessId, occurredOn, description, postings }) => {
        const source = { kind: 'manual', id: newId('man', context.now) } as const
        const entryId = publicEntryId(
          post(context.db, { businessId, occurredOn, description, source, postings, now: context.now }),
        )
        context.note({ businessId, entryId, occurredOn })
        context.changed('ledger')
        return { entryId }
      },
    },

    'ledger.reverse': {
      facts: (db, input): CommandFacts => {
        const entry = reversibleEntry(db, parseEntryId(input.entryId))
        const postings = postingsOf(db, entry.id)
        return {
          businessId: entry.businessId,
          what: `Reverse the entry ${input.entryId} of ${entry.occurredOn} on ${input.occurredOn}.`,
          amount: sizeOf(postings.map(({ minor, currency }) => ({ minor, currency }))),
          payee: null,
          before: {},
          after: {},
          undo: 'no',
        }
      },
      run: (context, { entryId, occurredOn, reason }) => {
        const original = reversibleEntry(context.db, parseEntryId(entryId))
        const reversal = publicEntryId(reverse(context.db, { entryId: original.id, occurredOn, reason, now: context.now }))
        context.note({ businessId: original.businessId, entryId: reversal, reverses: entryId })
        context.changed('ledger')
        return { entryId: reversal }
      },
    },

    'ledger.entries': ({ db }, { limit = defaultLimit, ...query }) => listEntries(db, { ...query, limit }),
    'ledger.register': ({ db }, { limit = defaultLimit, ...query }) => register(db, { ...query, limit }),
    'ledger.trialBalance': ({ db }, { businessId, asOf }) => trialBalance(db, businessId, asOf ?? null),
    'ledger.incomeStatement': ({ db }, { businessId, from, to }) => incomeStatement(db, businessId, from, to),
    'ledger.balanceSheet': ({ db }, { businessId, asOf }) => balanceSheet(db, businessId, asOf),
    'ledger.explain': ({ db }, { entryId }) => explainEntry(db, entryId, explain),

    'ledger.closePeriod': {
      facts: (db, input): CommandFacts => {
        const closed = closedThrough(db, bookOf(db, input.businessId).id)
        return {
          businessId: input.businessId,
          what: `Close the books through ${input.through}.`,
          amount: null,
          payee: null,
          before: { 'Closed through': closed ?? 'nothing' },
          after: { 'Closed through': input.through },
          undo: 'no',
        }
      },
      run: (context, { businessId, through }) => {
        closePeriod(context.db, { businessId, through, now: context.now })
        context.note({ businessId, through })
        context.changed('ledger')
        return { through }
      },
    },

    'ledger.export': ({ db }, { businessId, format }) => {
      const { chunks, ...file } = exportJournal(db, businessId, format)
      let content = ''
      for (const chunk of chunks) {
        content += chunk
        if (content.length > exportLimit) {
          throw new AppError(
            'too_large',
            'The journal is too long for one answer. Stream it from GET /api/v1/ledger/export, or save it to a file.',
          )
        }
      }
      return { ...file, content }
    },

    'ledger.import': {
      task: async (context, { businessId }) => {
        if (context.body === null) {
          throw new AppError(
            'unsupported_media_type',
            'Nothing was imported: send the entries as application/x-ndjson, one JSON object a line.',
          )
        }
        const { actor, door, now, signal, body } = context
        const counts = await importer.importStream({ businessId, chunks: body, actor, door, now, signal })
        context.note({ businessId, ...counts })
        context.changed('ledger')
        return counts
      },
    },
  }
}
