import type { IncomingHttpHeaders } from 'node:http'
import { API_VERSION } from '../apiVersion'
import type { AccountFacts, Cause, Context } from '../context'
import { recordEvent } from '../events'
import type { Faults } from '../faults'
import { newId } from '../ids'
import { accountEndpoints } from '../resources/account'
import { customerEndpoints } from '../resources/customers'
import { invoiceActionEndpoints } from '../resources/invoiceActions'
import { invoiceItemEndpoints } from '../resources/invoiceItems'
import { invoiceEndpoints } from '../resources/invoices'
import { moneyEndpoints } from '../resources/money'
import { overviewEndpoints } from '../resources/overview'
import { taxRateEndpoints } from '../resources/taxRates'
import type { Connection } from '../store/database'
import type { Store } from '../store/store'
import { freeze } from '../view'
import type { Webhooks } from '../webhooks'
import { checkSecretKey } from './auth'
import { recordCall } from './calls'
import { Answer, match } from './endpoint'
import { ApiError, errorBody, invalid } from './errors'
import { canonical, parseForm, type RawHash } from './form'
import { checkKey, type Remembered, recall, remember } from './idempotency'

const ENDPOINTS = [
  ...accountEndpoints,
  ...customerEndpoints,
  ...invoiceEndpoints,
  ...invoiceActionEndpoints,
  ...invoiceItemEndpoints,
  ...moneyEndpoints,
  ...overviewEndpoints,
  ...taxRateEndpoints,
]

export interface ApiRequest {
  method: string
  /** Percent-decoded, without the query. */
  path: string
  query: string
  body: string
  headers: IncomingHttpHeaders
}

export interface ApiAnswer {
  status: number
  headers: Record<string, string>
  /** Web addresses in it are still paths. */
  body: unknown
  /** Whether the connection is to be cut instead of answered. */
  cut: boolean
}

interface Outcome extends Remembered {
  replayed: boolean
}

export interface ApiParts {
  /** Commits survive a power cut. */
  durable: Connection
  /** Commits survive the end of the process: enough for the record of reads and refusals. */
  quick: Connection
  store: Store
  webhooks: Webhooks
  faults: Faults
  clock: { now(): number }
  account: AccountFacts
  secretKey: string
}

/** Answers requests to `/v1/*`. Synchronous, so requests with one idempotency key follow one another. */
export class Api {
  constructor(readonly parts: ApiParts) {}

  handle(request: ApiRequest): ApiAnswer {
    const id = newId('req')
    const key = this.#key(request)
    const headers: Record<string, string> = {
      'Request-Id': id,
      'Stripe-Version': API_VERSION,
      ...(key === null ? {} : { 'Idempotency-Key': key, 'Original-Request': id }),
    }
    try {
      const outcome = this.#carryOut(request, id, key)
      const cut = outcome.status < 400 && this.parts.faults.happens('timeoutAfterSuccess')
      if (key !== null) headers['Original-Request'] = outcome.request
      if (outcome.replayed) headers['Idempotent-Replayed'] = 'true'
      if (outcome.status >= 400) headers['Stripe-Should-Retry'] = 'false'
      return { status: outcome.status, headers, body: outcome.body, cut }
    } catch (error) {
      const failure = error instanceof ApiError ? error : new ApiError(500, { type: 'api_error', message: unexpected(error) })
      this.#record(this.parts.quick, request, key, failure.status)
      const retry = failure.status === 500 || failure.status === 429
      return {
        status: failure.status,
        headers: {
          ...headers,
          'Stripe-Should-Retry': String(retry),
          ...(failure.status === 401 ? { 'WWW-Authenticate': 'Basic realm="Stripe"' } : {}),
        },
        body: errorBody(failure.fields, id),
        cut: false,
      }
    }
  }

  /** Runs `work` in one durable transaction whose events belong to `cause`, then sees to their webhooks. */
  transact<T>(cause: Cause, work: (ctx: Context) => T): T {
    const result = this.parts.durable.transaction(() => work(this.#context(cause)))
    this.parts.webhooks.wake()
    return result
  }

  #key(request: ApiRequest): string | null {
    const header = request.headers['idempotency-key']
    return request.method === 'POST' && typeof header === 'string' && header !== '' ? header : null
  }

  /** @throws ApiError when nothing was carried out: such answers are not stored under the key. */
  #carryOut(request: ApiRequest, id: string, key: string | null): Outcome {
    checkSecretKey(request.headers.authorization, this.parts.secretKey)
    if (this.parts.faults.happens('errorRate')) throw this.#fault()
    checkHeaders(request)
    const found = match(ENDPOINTS, request.method, request.path)
    if (found === undefined)
      throw invalid(
        `Unrecognized request URL (${request.method}: ${request.path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
        {},
        404,
      )
    const raw = parameters(request)
    if (request.method === 'GET') {
      const body = freeze(found.endpoint.prepare(raw, found.ids)(this.#context({ id, idempotency_key: null })), this.#now())
      this.#record(this.parts.quick, request, key, 200)
      return { status: 200, body, request: id, replayed: false }
    }
    if (key !== null) checkKey(key)
    const params = canonical(raw)
    return this.transact({ id, idempotency_key: key }, (ctx) => {
      const earlier = key === null ? undefined : recall(this.parts.durable, key, request.path, params, this.#now())
      const outcome = earlier === undefined ? this.#execute(found.endpoint.prepare(raw, found.ids), ctx, id) : earlier
      if (earlier === undefined && key !== null) remember(this.parts.durable, key, request.path, params, this.#now(), outcome)
      this.#record(this.parts.durable, request, key, outcome.status)
      return { ...outcome, replayed: earlier !== undefined }
    })
  }

  /** A refusal by the endpoint undoes its writes and is an answer like any other. */
  #execute(work: (ctx: Context) => unknown, ctx: Context, id: string): Remembered {
    try {
      const result = this.parts.durable.transaction(() => work(ctx))
      if (result instanceof Answer)
        return { status: result.error.status, body: freeze(errorBody(result.error.fields, id), ctx.now), request: id }
      return { status: 200, body: freeze(result, ctx.now), request: id }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return { status: error.status, body: errorBody(error.fields, id), request: id }
    }
  }

  #context(cause: Cause): Context {
    const { durable, store, account, webhooks } = this.parts
    const now = this.#now()
    return {
      store,
      now,
      account,
      emit: (type, object, before) =>
        recordEvent(durable, now, cause, (wanted) => webhooks.subscribers(wanted), type, object, before),
    }
  }

  #now(): number {
    return Math.floor(this.parts.clock.now() / 1000)
  }

  #fault(): ApiError {
    return this.parts.faults.random() < 0.5
      ? new ApiError(500, { type: 'api_error', message: 'An unknown error occurred (a fault of the practice world).' })
      : invalid('Too many requests hit the API too quickly (a fault of the practice world).', { code: 'rate_limit' }, 429)
  }

  #record(connection: Connection, request: ApiRequest, idempotencyKey: string | null, status: number): void {
    recordCall(connection, { at: this.parts.clock.now(), method: request.method, path: request.path, idempotencyKey, status })
  }
}

function checkHeaders(request: ApiRequest): void {
  const version = request.headers['stripe-version']
  if (version !== undefined && version !== API_VERSION)
    throw invalid(`Invalid Stripe API version: ${String(version).slice(0, 50)}. The practice Stripe speaks only ${API_VERSION}.`)
  const account = request.headers['stripe-account']
  if (account !== undefined)
    throw invalid(
      'The practice Stripe has one account and no connected ones.',
      { code: 'account_invalid', param: 'Stripe-Account' },
      403,
    )
}

function parameters(request: ApiRequest): RawHash {
  if (request.method !== 'POST') return parseForm(request.query)
  const type = request.headers['content-type'] ?? ''
  if (request.body !== '' && !type.startsWith('application/x-www-form-urlencoded'))
    throw invalid('Invalid request (check that your POST content type is application/x-www-form-urlencoded).')
  return parseForm(request.query === '' ? request.body : `${request.query}&${request.body}`)
}

function unexpected(error: unknown): string {
  return `The practice Stripe failed: ${error instanceof Error ? error.message : 'unknown error'}`
}
