import { z } from 'zod'
import { AppError } from '../../../shared/errors'
import { decodeCursor, defaultLimit, pageOfRows } from '../db/paging'
import type { Handlers } from '../dispatch/handler'
import { getBusiness } from './businesses.repository'
import { latestRate, listRates, putRate } from './rates.repository'

const cursorKey = z.tuple([z.string(), z.string(), z.string()])

export function rateHandlers(): Handlers<'rates.set' | 'rates.list'> {
  return {
    'rates.set': {
      facts: (db, { businessId, base, quote, on, rate }) => {
        const stored = latestRate(db, getBusiness(db, businessId).id, base, quote, on)
        return {
          businessId,
          what: `Store the rate 1 ${base} = ${rate} ${quote} from ${on} on`,
          amount: null,
          payee: null,
          before: stored ? { rate: stored.rate, on: stored.on } : {},
          after: { rate, on },
          undo: 'yes',
        }
      },
      run: (context, { businessId, base, quote, on, rate }) => {
        getBusiness(context.db, businessId)
        if (base === quote) {
          throw new AppError(
            'invalid_input',
            `Nothing was stored: a rate from ${base} to itself is always 1. Name two different currencies.`,
          )
        }
        const stored = { businessId, base, quote, on, rate }
        putRate(context.db, stored, { now: context.now, by: context.actor.name })
        context.note({ base, quote, on, rate })
        context.changed('rates')
        return stored
      },
    },

    'rates.list': (context, { businessId, cursor, limit = defaultLimit }) => {
      getBusiness(context.db, businessId)
      const after = cursor === undefined ? null : decodeCursor(cursor, cursorKey)
      const rows = listRates(context.db, businessId, after, limit + 1)
      return pageOfRows(
        rows,
        limit,
        (row) => [row.on, row.base, row.quote],
        (row) => row,
      )
    },
  }
}
