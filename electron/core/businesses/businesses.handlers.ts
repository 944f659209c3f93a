import { z } from 'zod'
import type { Business } from '../../../shared/contract/businesses'
import { AppError } from '../../../shared/errors'
import type { WriteDb } from '../db'
import { decodeCursor, defaultLimit, pageOfRows } from '../db/paging'
import type { Handlers } from '../dispatch/handler'
import { newId } from '../ports/ids'
import { getBusiness, insertBusiness, listBusinesses, updateBusiness } from './businesses.repository'

export interface BusinessDeps {
  /** Gives a new business its chart of accounts; the ledger's `openChart`. */
  readonly openChart: (w: WriteDb, business: Business) => void
  /** Of the vault: in a practice world every business is practice from the start. */
  readonly world: 'live' | 'practice'
}

const cursorKey = z.tuple([z.int(), z.string()])

export function businessHandlers(deps: BusinessDeps): Handlers<'businesses.create' | 'businesses.list' | 'businesses.update'> {
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
        const zone = input.timeZone ?? business.timeZone
        return {
          businessId: business.id,
          what: 'Change the name or time zone of a business',
          amount: null,
          payee: null,
          before: { timeZone: business.timeZone },
          after: { timeZone: zone },
          undo: 'yes',
        }
      },
      run: (context, input) => {
        const business = getBusiness(context.db, input.businessId)
        const { name = business.name, timeZone = business.timeZone } = input
        if (!updateBusiness(context.db, business.id, input.version, name, timeZone)) {
          throw new AppError(
            'conflict',
            'The business was changed meanwhile, so nothing was saved. Look at it again and repeat your change.',
          )
        }
        const fields = [...(name === business.name ? [] : ['name']), ...(timeZone === business.timeZone ? [] : ['timeZone'])]
        context.note({ businessId: business.id, fields })
        context.changed('businesses')
        return getBusiness(context.db, business.id)
      },
    },
  }
}
