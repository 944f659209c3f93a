import type { Context } from '../context'
import type { DocumentType } from '../store/documents'
import { isJson, type Json } from '../view'
import { invalid } from './errors'

type Expansion =
  | { kind: 'object'; types: readonly DocumentType[] }
  | { kind: 'included'; load: (ctx: Context, owner: Json) => unknown }

const object = (...types: DocumentType[]): Expansion => ({ kind: 'object', types })
const included = (load: (ctx: Context, owner: Json) => unknown): Expansion => ({ kind: 'included', load })

/** What may be expanded, by the `object` of the owner. Hashes without an id (`payment`, `lines`) are stepped through. */
const EXPANDABLE: Record<string, Record<string, Expansion>> = {
  balance_transaction: { source: object('charge', 'refund') },
  charge: {
    balance_transaction: object('balance_transaction'),
    customer: object('customer'),
    failure_balance_transaction: object('balance_transaction'),
    payment_intent: object('payment_intent'),
    refunds: included((ctx, charge) => ({
      object: 'list',
      url: `/v1/charges/${String(charge.id)}/refunds`,
      has_more: false,
      data: ctx.store.allBy('refund', 'charge', String(charge.id)).reverse(),
    })),
  },
  invoice: {
    customer: object('customer'),
    payments: included((ctx, invoice) => ({
      object: 'list',
      url: `/v1/invoice_payments?invoice=${String(invoice.id)}`,
      has_more: false,
      data: ctx.store.allBy('invoice_payment', 'invoice', String(invoice.id)).reverse(),
    })),
  },
  invoice_payment: { invoice: object('invoice') },
  invoice_payment_payment: { charge: object('charge'), payment_intent: object('payment_intent') },
  invoiceitem: { customer: object('customer'), invoice: object('invoice') },
  payment_intent: { customer: object('customer'), latest_charge: object('charge') },
  refund: {
    balance_transaction: object('balance_transaction'),
    charge: object('charge'),
    customer: object('customer'),
    payment_intent: object('payment_intent'),
  },
}
const MAX_LEVELS = 4

/**
 * Replaces ids by their objects, in place, for each path (`data.latest_charge.balance_transaction`).
 * @throws ApiError 400 for a path that is too deep or names nothing expandable
 */
export function expandPaths(ctx: Context, body: unknown, paths: readonly string[]): void {
  for (const path of paths) {
    const steps = path.split('.')
    if (steps.length > MAX_LEVELS)
      throw invalid(`You cannot expand more than ${MAX_LEVELS} levels of a property: ${path}`, { param: 'expand' })
    if (isJson(body) && body.object === 'list' && steps[0] !== 'data')
      throw cannot(path, `You may want to try expanding 'data.${path}' instead.`)
    expandStep(ctx, body, steps, path, '')
  }
}

function expandStep(ctx: Context, at: unknown, steps: readonly string[], path: string, hashName: string): void {
  const [step, ...rest] = steps
  if (step === undefined) return
  if (Array.isArray(at)) {
    for (const item of at) expandStep(ctx, item, steps, path, '')
    return
  }
  if (!isJson(at)) return
  const owner = typeof at.object === 'string' ? at.object : hashName
  const expansion = EXPANDABLE[owner]?.[step]
  if (expansion?.kind === 'included') {
    if (!isJson(at[step])) at[step] = expansion.load(ctx, at)
  } else if (expansion?.kind === 'object') {
    const id = at[step]
    if (typeof id === 'string')
      at[step] = expansion.types.map((type) => ctx.store.find(type, id)).find((doc) => doc !== undefined) ?? id
  } else if (at[step] === undefined || (typeof at[step] !== 'object' && at[step] !== null)) {
    throw cannot(path)
  }
  expandStep(ctx, at[step], rest, path, `${owner}_${step}`)
}

function cannot(path: string, hint = ''): Error {
  return invalid(`This property cannot be expanded (${path}). ${hint}`.trim(), { param: 'expand' })
}
