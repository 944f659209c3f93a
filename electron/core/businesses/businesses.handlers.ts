import { z } from 'zod'
import type { Business } from '../../../shared/contract/businesses'
import { AppError } from '../../../shared/errors'
import type { ReadDb, WriteDb } from '../db'
import { decodeCursor, defaultLimit, pageOfRows } from '../db/paging'
import type { Handlers } from '../dispatch/handler'
import { newId } from '../ports/ids'
import { getBusiness, insertBusiness, listBusinesses, prefixesOf, updateBusiness } from './businesses.repository'

export interface BusinessDeps {
  /** Gives a new business its chart of accounts; the ledger's `openChart`. */
  readonly openChart: (w: WriteDb, business: Business) => void
  /** Of the vault: in a practice world every business is practice from the start. */
  readonly world: 'live' | 'practice'
  /** Whether the business has taken an invoice number. */
  readonly hasNumbers: (r: ReadDb, businessId: string) => boolean
  /** Ids of the other businesses that number, or may number, invoices into the same account at the provider. */
  readonly sharingAccount: (r: ReadDb, businessId: string) => readonly string[]
}

const cursorKey = z.tuple([z.int(), z.string()])

export function businessHandlers(deps: BusinessDeps): Handlers<'businesses.create' | 'businesses.list' | 'businesses.update'> {
  const checkPrefix = (r: ReadDb, business: Business, prefix: string): void => {
    if (prefix === business.invoicePrefix) return
    if (deps.hasNumbers(r, business.id)) {
      throw new AppError(
        'conflict',
        `The invoices of this business are numbered ${business.invoicePrefix}-0001 and so on, and the first number fixes that. Nothing was saved.`,
      )
    }
    if (prefixesOf(r, deps.sharingAccount(r, business.id)).has(prefix)) {
      throw new AppError(
        'conflict',
        `Another business on the same Stripe account numbers its invoices ${prefix}-0001 and so on, and Stripe takes a number once. Nothing was saved. Choose another prefix.`,
      )
    }
  }
  return {
    'businesses.create': {
      facts: (_db, input) => ({
        businessId: null,
        what: `Create a business that keeps its books in ${input.currency}`,
        amount: null,
        payee: null,
        before: {},
        after: { currency: input.currency, country: input.country, timeZone: input.timeZone },
        undo: 'no',
      }),
      run: (context, input) => {
        const { name, currency, country, timeZone } = input
        const id = newId('biz', context.now)
        const mode = deps.world === 'practice' ? 'practice' : null
        insertBusiness(context.db, { id, name, currency, country, timeZone, mode, createdAt: context.now })
        const business = getBusiness(context.db, id)
        deps.openChart(context.db, business)
        context.note({ businessId: id })
        context.changed('businesses', 'ledger')
        return business
      },
    },

    'businesses.list': (context, { cursor, limit = defaultLimit }) => {
      const after = cursor === undefined ? null : decodeCursor(cursor, cursorKey)
      const rows = listBusinesses(context.db, after, limit + 1)
      return pageOfRows(
        rows,
        limit,
        (row) => [row.createdAt, row.id],
        (row) => row,
      )
    },

    'businesses.update': {
      facts: (db, input) => {
        const business = getBusiness(db, input.businessId)
        const { timeZone = business.timeZone, invoicePrefix = business.invoicePrefix } = input
        checkPrefix(db, business, invoicePrefix)
        return {
          businessId: business.id,
          what: 'Change the name, time zone or invoice prefix of a business',
          amount: null,
          payee: null,
          before: { timeZone: business.timeZone, invoicePrefix: business.invoicePrefix },
          after: { timeZone, invoicePrefix },
          undo: 'yes',
        }
      },
      run: (context, input) => {
        const business = getBusiness(context.db, input.businessId)
        const { name = business.name, timeZone = business.timeZone, invoicePrefix = business.invoicePrefix } = input
        const after = { name, timeZone, invoicePrefix }
        checkPrefix(context.db, business, invoicePrefix)
        if (!updateBusiness(context.db, business.id, input.version, after)) {
          throw new AppError(
            'conflict',
            'The business was changed meanwhile, so nothing was saved. Look at it again and repeat your change.',
            { version: business.version },
          )
        }
        const fields = (['name', 'timeZone', 'invoicePrefix'] as const).filter((field) => after[field] !== business[field])
        context.note({ businessId: business.id, fields })
        context.changed('businesses')
        return getBusiness(context.db, business.id)
      },
    },
  }
}
