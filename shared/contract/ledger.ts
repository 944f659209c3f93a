import { z } from 'zod'
import { currencyCode } from '../domain/currency'
import { isoDate } from '../domain/dates'
import { accountName, accountTypes, id, requestId, textLine } from '../domain/ids'
import { money } from '../domain/money'
import { command, page, pageOf, query } from './procedure'

export const account = z.object({ account: z.string(), type: z.enum(accountTypes), createdAt: z.int() })
export const posting = z.object({ account: z.string(), amount: money, base: money.nullable() })

export const sourceKinds = ['manual', 'invoice', 'payment', 'fee', 'refund', 'reversal', 'import'] as const
export const source = z.object({ kind: z.enum(sourceKinds), id: z.string() })

export const journalEntry = z.object({
  id,
  businessId: id,
  occurredOn: z.string(),
  description: z.string(),
  source,
  postings: z.array(posting),
  /** The entry that this one reverses, and the one that reversed it. */
  reverses: id.nullable(),
  reversedBy: id.nullable(),
  /** The provider's own date, where a closed period moved the entry to the first open day. */
  providerOn: z.string().nullable(),
  postedAt: z.int(),
})
export type JournalEntry = z.infer<typeof journalEntry>

const amountRow = z.object({ account: z.string(), currency: z.string(), minor: z.int() })
const currencyTotal = z.object({ currency: z.string(), minor: z.int() })

export const registerRow = z.object({
  entryId: id,
  occurredOn: z.string(),
  description: z.string(),
  amount: money,
  /** Balance of the account in this currency after the posting. */
  balance: money,
})
export type RegisterRow = z.infer<typeof registerRow>

export const importLine = z.strictObject({
  externalId: z.string().min(1).max(200),
  occurredOn: isoDate,
  description: textLine(500),
  postings: z
    .array(z.strictObject({ account: accountName, minor: z.int(), currency: currencyCode }))
    .min(2)
    .max(200),
})
export type ImportLine = z.infer<typeof importLine>

export const importResult = z.object({ imported: z.int(), skipped: z.int() })

const exportFormat = z.enum(['csv', 'hledger', 'beancount'])

export const ledger = {
  'ledger.accounts': query({
    summary: 'Chart of accounts',
    input: { businessId: id, ...page },
    output: pageOf(account).extend({
      /** The last closed day, YYYY-MM-DD: nothing can be posted on or before it. Null while nothing is closed. */
      closedThrough: z.string().nullable(),
    }),
    scope: 'ledger:read',
  }),
  'ledger.createAccount': command({
    summary: 'Add an account under one of the five roots',
    input: { businessId: id, account: accountName, type: z.enum(accountTypes) },
    output: account,
    scope: 'ledger:write',
  }),
  'ledger.post': command({
    summary: 'Post a manual journal entry; it can be reversed, never edited',
    input: {
      businessId: id,
      requestId,
      occurredOn: isoDate,
      description: textLine(500),
      postings: z
        .array(z.strictObject({ account: accountName, amount: money }))
        .min(2, { error: 'must have at least two postings' })
        .max(200),
    },
    output: z.object({ entryId: id }),
    scope: 'ledger:write',
  }),
  'ledger.reverse': command({
    summary: 'Post the exact mirror of an entry, once',
    input: { entryId: id, occurredOn: isoDate, reason: textLine(500) },
    output: z.object({ entryId: id }),
    scope: 'ledger:write',
  }),
  'ledger.entries': query({
    summary: 'Journal entries, newest first; `source` finds the one of a document, a payment or a refund',
    input: {
      businessId: id,
      account: accountName.optional(),
      from: isoDate.optional(),
      to: isoDate.optional(),
      source: z.strictObject({ kind: z.enum(sourceKinds), id: z.string().min(1).max(200) }).optional(),
      ...page,
    },
    output: pageOf(journalEntry),
    scope: 'ledger:read',
  }),
  'ledger.register': query({
    summary: 'Postings of one account with the running balance, newest first',
    input: {
      businessId: id,
      account: accountName,
      currency: currencyCode.optional(),
      from: isoDate.optional(),
      to: isoDate.optional(),
      ...page,
    },
    output: pageOf(registerRow),
    scope: 'ledger:read',
  }),
  'ledger.trialBalance': query({
    summary: 'Balance of every account per currency; zero rows left out',
    input: { businessId: id, asOf: isoDate.optional() },
    output: z.object({
      rows: z.array(amountRow),
      /** Entries without a stored rate, which have no base-currency value. */
      unvaluedEntries: z.int(),
    }),
    scope: 'ledger:read',
  }),
  'ledger.incomeStatement': query({
    summary: 'Income and expenses per month',
    input: { businessId: id, from: isoDate, to: isoDate },
    output: z.object({
      months: z.array(z.string()),
      rows: z.array(amountRow.extend({ byMonth: z.array(z.int()) })),
      net: z.array(currencyTotal),
      unvaluedEntries: z.int(),
    }),
    scope: 'ledger:read',
  }),
  'ledger.balanceSheet': query({
    summary: 'Assets, liabilities and equity on a day; earnings to date stand under equity',
    input: { businessId: id, asOf: isoDate },
    output: z.object({
      rows: z.array(amountRow.extend({ type: z.enum(['assets', 'liabilities', 'equity']) })),
      totals: z.array(z.object({ currency: z.string(), assets: z.int(), liabilities: z.int(), equity: z.int() })),
      unvaluedEntries: z.int(),
    }),
    scope: 'ledger:read',
  }),
  'ledger.explain': query({
    summary: 'Where an entry comes from, in sentences',
    input: { entryId: id },
    output: z.object({
      sentences: z.array(z.string()),
      entry: journalEntry,
      source,
      audit: z.array(z.object({ seq: z.int(), at: z.int(), actor: z.string(), procedure: z.string() })),
    }),
    scope: 'ledger:read',
  }),
  'ledger.closePeriod': command({
    summary: 'Close the books through a day; nothing can be posted on or before it',
    input: { businessId: id, through: isoDate },
    output: z.object({ through: z.string() }),
    scope: 'ledger:write',
  }),
  'ledger.export': query({
    summary: 'The whole journal as CSV, hledger or beancount; large journals are streamed from GET /api/v1/ledger/export',
    input: { businessId: id, format: exportFormat },
    output: z.object({ fileName: z.string(), mediaType: z.string(), content: z.string() }),
    scope: 'ledger:read',
  }),
  'ledger.import': command({
    summary: 'Import journal entries, one JSON object a line (application/x-ndjson); all or nothing',
    input: { businessId: id },
    output: importResult,
    scope: 'ledger:write',
    parkable: false,
  }),
  'ledger.importFile': command({
    summary: 'Import journal entries from a file chosen at this machine, with progress and cancel; null when nothing was chosen',
    input: { businessId: id },
    output: importResult.nullable(),
    scope: 'ledger:write',
    doors: 'window',
    parkable: false,
  }),
  'ledger.cancelImport': command({
    summary: 'Stop the running import; nothing of it stays',
    input: { businessId: id },
    output: z.object({ cancelled: z.boolean() }),
    scope: 'ledger:write',
    doors: 'window',
    parkable: false,
  }),
  'ledger.saveExport': command({
    summary: 'Write the journal to a file chosen at this machine',
    input: { businessId: id, format: exportFormat },
    output: z.object({ saved: z.boolean() }),
    scope: 'ledger:read',
    doors: 'window',
    parkable: false,
  }),
} as const
