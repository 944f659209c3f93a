import { z } from 'zod'
import { AppError } from '../../../shared/errors'
import { getBusiness } from '../businesses/index'
import { decodeCursor, defaultLimit, pageOfRows } from '../db/paging'
import type { Handlers } from '../dispatch/handler'
import { type Gateways, notConnected } from '../integrations/index'
import type { EventSync } from './eventSync'
import { findEvent, listEvents, reopenEvent, toEvent } from './events.repository'
import type { Projector } from './projector'

export interface EventDeps {
  readonly gateways: Gateways
  readonly projector: Projector
  readonly sync: EventSync
}

function noSuchEvent(): AppError {
  return new AppError('not_found', 'There is no such provider event. Nothing was done.')
}

const position = z.tuple([z.int()])

export function eventHandlers(deps: EventDeps): Handlers<'events.list' | 'events.sync' | 'events.replay'> {
  return {
    'events.list': ({ db }, { businessId, status, cursor, limit = defaultLimit }) => {
      if (businessId !== undefined) getBusiness(db, businessId)
      const [before] = cursor === undefined ? [Number.MAX_SAFE_INTEGER] : decodeCursor(cursor, position)
      const rows = listEvents(db, { businessId: businessId ?? null, status: status ?? null }, before, limit + 1)
      return pageOfRows(rows, limit, (row) => [row.seq], toEvent)
    },

    'events.sync': {
      async task(context, { businessId }) {
        if (businessId !== undefined) getBusiness(context.database.read, businessId)
        const result = await deps.sync.sync(businessId)
        context.note({ ...result })
        context.changed('events', 'integrations')
        return result
      },
    },

    'events.replay': {
      facts: (db, { eventId }) => {
        const event = findEvent(db, eventId)
        if (event === undefined) throw noSuchEvent()
        return {
          businessId: event.businessId,
          what: `Apply the provider event ${event.type} again`,
          amount: null,
          payee: null,
          before: { status: event.status },
          after: { status: 'applied' },
          undo: 'no',
        }
      },
      async task(context, { eventId }) {
        const { database } = context
        const event = findEvent(database.read, eventId)
        if (event === undefined) throw noSuchEvent()
        context.note({ businessId: event.businessId, eventId })
        if (deps.gateways.gatewayFor(event.businessId) === null) throw notConnected()
        database.write((w) => reopenEvent(w, eventId, context.now))
        await deps.projector.drain()
        context.changed('events', 'integrations')
        const replayed = findEvent(database.read, eventId)
        if (replayed === undefined) throw noSuchEvent()
        return replayed
      },
    },
  }
}
