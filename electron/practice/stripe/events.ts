import type Stripe from 'stripe'
import { API_VERSION } from './apiVersion'
import type { Cause } from './context'
import { newId } from './ids'
import type { Connection } from './store/database'
import type { AnyDocument } from './store/documents'
import { changedFields, freeze, isJson } from './view'

/** Where an event goes: `endpoint` '' is the door the app was started with, else the id of a webhook endpoint. */
export type Subscribers = (type: string) => string[]

/** Writes an event and what is owed to its subscribers. Runs inside the transaction of the change it reports. */
export function recordEvent(
  connection: Connection,
  now: number,
  cause: Cause,
  subscribers: Subscribers,
  type: Stripe.Event.Type,
  object: AnyDocument,
  before?: AnyDocument,
): void {
  const snapshot = freeze(object, now)
  const earlier = before === undefined ? undefined : freeze(before, now)
  const event = {
    id: newId('evt'),
    object: 'event',
    api_version: API_VERSION,
    created: now,
    data: {
      object: snapshot as Stripe.Event.Data.Object,
      ...(isJson(earlier) && isJson(snapshot) ? { previous_attributes: changedFields(earlier, snapshot) } : {}),
    },
    livemode: false,
    pending_webhooks: 0,
    request: cause,
    type,
  } satisfies Stripe.EventBase
  connection.run('INSERT INTO event (id, type, created, doc) VALUES (?, ?, ?, ?)', event.id, type, now, JSON.stringify(event))
  for (const endpoint of subscribers(type))
    connection.run('INSERT INTO delivery (event, endpoint) VALUES (?, ?)', event.id, endpoint)
}

/** The event with the number of deliveries it still waits for, as Stripe reports it. */
export function withPending(connection: Connection, event: unknown): unknown {
  if (!isJson(event)) return event
  const row = connection.one('SELECT count(*) AS owed FROM delivery WHERE event = ?', String(event.id))
  return { ...event, pending_webhooks: Number(row?.owed ?? 0) }
}
