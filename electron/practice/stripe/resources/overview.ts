import type Stripe from 'stripe'
import { API_VERSION } from '../apiVersion'
import type { Context } from '../context'
import { withPending } from '../events'
import { type Endpoint, endpoint } from '../http/endpoint'
import { invalid, parametersExclusive, resourceMissing } from '../http/errors'
import {
  bool,
  expand,
  type Keys,
  list,
  metadata,
  need,
  oneOf,
  type Param,
  page,
  range,
  text,
  unset,
  unsupported,
} from '../http/params'
import { newId, newSecret } from '../ids'
import { applyMetadata } from '../rules/metadata'
import { listPage } from '../store/list'

/** Events can be read for 30 days. */
const EVENT_LIFE = 30 * 86_400

const eventListParams = {
  ...page,
  created: range,
  delivery_success: unsupported,
  type: text(),
  types: list(text(), 20),
} satisfies Keys<Stripe.EventListParams>

/** `invoice.*` stands for every type that begins with `invoice.`; Stripe allows the star only there. */
function typeFilter(type: string | undefined): { oneOf?: readonly string[]; prefix?: string } {
  if (type === undefined || type === '*') return {}
  return type.endsWith('.*') ? { prefix: type.slice(0, -1) } : { oneOf: [type] }
}

function listEvents(
  ctx: Context,
  params: { type?: string | undefined; types?: string[] | undefined; created?: object | undefined } & Parameters<
    typeof listPage
  >[5],
): unknown {
  if (params.type !== undefined && params.types !== undefined) throw parametersExclusive(['type', 'types'])
  const { oneOf: exact, prefix } = typeFilter(params.type)
  const types =
    prefix === undefined
      ? (params.types ?? exact)
      : ctx.store.connection.all('SELECT DISTINCT type FROM event').flatMap((row) => {
          const type = String(row.type)
          return type.startsWith(prefix) ? [type] : []
        })
  const oldest = ctx.now - EVENT_LIFE
  const bounds: { gte?: number | undefined } = params.created ?? {}
  const created = { ...bounds, gte: Math.max(oldest, bounds.gte ?? oldest) }
  const answer = listPage(ctx.store.connection, 'event', '/v1/events', 'event', { oneOf: { type: types }, created }, params)
  return { ...answer, data: answer.data.map((event) => withPending(ctx.store.connection, event)) }
}

/** Money per currency, split by whether it is available yet. */
function balance(ctx: Context): Stripe.Balance {
  const rows = ctx.store.connection.all(
    `SELECT doc ->> 'currency' AS currency,
       sum(CASE WHEN doc ->> 'available_on' <= ? THEN doc ->> 'net' ELSE 0 END) AS available,
       sum(CASE WHEN doc ->> 'available_on' > ? THEN doc ->> 'net' ELSE 0 END) AS pending
     FROM object WHERE type = 'balance_transaction' GROUP BY 1 ORDER BY 1`,
    ctx.now,
    ctx.now,
  )
  const shown = rows.length === 0 ? [{ currency: ctx.account.currency, available: 0, pending: 0 }] : rows
  const part = (name: 'available' | 'pending'): Stripe.Balance.Available[] =>
    shown.map((row) => ({
      amount: Number(row[name]),
      currency: String(row.currency),
      source_types: { card: Number(row[name]) },
    }))
  return {
    object: 'balance',
    available: part('available'),
    connect_reserved: shown.map((row) => ({ amount: 0, currency: String(row.currency) })),
    livemode: false,
    pending: part('pending'),
  } satisfies Stripe.Balance
}

/** Only this machine: the practice world never calls anyone else. */
const webhookUrl: Param<string | undefined> = {
  read(raw, name) {
    const url = text(5000).read(raw, name)
    if (url === undefined) return undefined
    if (!URL.canParse(url))
      throw invalid('Invalid URL: An explicit scheme (such as https) must be provided.', { code: 'url_invalid', param: name })
    const { protocol, hostname } = new URL(url)
    if (protocol !== 'http:' || !['127.0.0.1', 'localhost'].includes(hostname))
      throw invalid(
        'The practice Stripe delivers webhooks on this machine only: the url must be http on 127.0.0.1 or localhost.',
        {
          code: 'url_invalid',
          param: name,
        },
      )
    return url
  },
}

const endpointParams = {
  api_version: oneOf(API_VERSION),
  connect: unsupported,
  description: unset(text()),
  enabled_events: need(list(text(), 300)),
  expand,
  metadata,
  url: need(webhookUrl),
} satisfies Keys<Stripe.WebhookEndpointCreateParams>

const payoutListParams = {
  ...page,
  arrival_date: range,
  created: range,
  destination: text(),
  status: text(),
} satisfies Keys<Stripe.PayoutListParams>

export const overviewEndpoints: readonly Endpoint[] = [
  endpoint('GET', '/v1/events', eventListParams, listEvents),
  endpoint('GET', '/v1/events/:id', { expand } satisfies Keys<Stripe.EventRetrieveParams>, (ctx, _params, id) => {
    const row = ctx.store.connection.one('SELECT doc FROM event WHERE id = ? AND created >= ?', id, ctx.now - EVENT_LIFE)
    if (row === undefined) throw resourceMissing('event', id, 'id')
    return withPending(ctx.store.connection, JSON.parse(String(row.doc)))
  }),
  endpoint('GET', '/v1/balance', { expand } satisfies Keys<Stripe.BalanceRetrieveParams>, balance),
  endpoint('GET', '/v1/payouts', payoutListParams, () => ({ object: 'list', url: '/v1/payouts', has_more: false, data: [] })),

  endpoint('POST', '/v1/webhook_endpoints', endpointParams, (ctx, params) => {
    const secret = newSecret('whsec')
    const created = {
      id: newId('we'),
      object: 'webhook_endpoint',
      api_version: params.api_version ?? null,
      application: null,
      created: ctx.now,
      description: params.description ?? null,
      enabled_events: params.enabled_events,
      livemode: false,
      metadata: applyMetadata({}, params.metadata),
      status: 'enabled',
      url: params.url,
    } satisfies Stripe.WebhookEndpoint
    ctx.store.put(created)
    ctx.store.setMeta(`secret:${created.id}`, secret)
    return { ...created, secret } satisfies Stripe.WebhookEndpoint
  }),
  endpoint('GET', '/v1/webhook_endpoints', page satisfies Keys<Stripe.WebhookEndpointListParams>, (ctx, params) =>
    listPage(
      ctx.store.connection,
      'object',
      '/v1/webhook_endpoints',
      'webhook endpoint',
      { equal: { type: 'webhook_endpoint' } },
      params,
    ),
  ),
  endpoint(
    'GET',
    '/v1/webhook_endpoints/:id',
    { expand } satisfies Keys<Stripe.WebhookEndpointRetrieveParams>,
    (ctx, _params, id) => ctx.store.get('webhook_endpoint', id),
  ),
  endpoint(
    'POST',
    '/v1/webhook_endpoints/:id',
    {
      description: unset(text()),
      disabled: bool,
      enabled_events: list(text(), 300),
      expand,
      metadata,
      url: webhookUrl,
    } satisfies Keys<Stripe.WebhookEndpointUpdateParams>,
    (ctx, params, id) => {
      const before = ctx.store.get('webhook_endpoint', id)
      return ctx.store.put({
        ...before,
        description: params.description === undefined ? before.description : params.description,
        enabled_events: params.enabled_events ?? before.enabled_events,
        metadata: applyMetadata(before.metadata, params.metadata),
        status: params.disabled === undefined ? before.status : params.disabled ? 'disabled' : 'enabled',
        url: params.url ?? before.url,
      })
    },
  ),
  endpoint('DELETE', '/v1/webhook_endpoints/:id', {} satisfies Keys<Stripe.WebhookEndpointDeleteParams>, (ctx, _params, id) => {
    ctx.store.get('webhook_endpoint', id)
    ctx.store.delete(id)
    return { id, object: 'webhook_endpoint', deleted: true } satisfies Stripe.DeletedWebhookEndpoint
  }),
]
