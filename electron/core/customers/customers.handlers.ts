import { z } from 'zod'
import type { Customer } from '../../../shared/contract/customers'
import { AppError } from '../../../shared/errors'
import { getBusiness } from '../businesses/index'
import type { ReadDb, WriteDb } from '../db/index'
import { cursorOfAnotherList, decodeCursor, defaultLimit, encodeCursor } from '../db/paging'
import type { Handlers } from '../dispatch/handler'
import {
  type CustomerHead,
  customerHead,
  findCustomerHead,
  insertCustomer,
  readCustomer,
  updateProfile,
} from './customers.repository'
import { type CustomerDirectory, type DirectoryEntry, directoryEntry } from './directory'

/** The cursor names the last customer of the page: its sort key (name, then id) is read back, so that no name stands in a cursor. */
const cursorKey = z.tuple([z.string()])

/** What a repeated requestId is answered from: the id alone, so that no personal data is stored with the request. */
const recall = {
  keep: (output: Customer) => output.id,
  restore: (db: ReadDb, kept: unknown) => readCustomer(db, z.string().parse(kept)),
}

/** Names of the fields that an update touches, for audit rows and approval cards; never their contents. */
function changedFields(input: { name?: unknown; email?: unknown; address?: unknown }): string[] {
  return (['name', 'email', 'address'] as const).filter((field) => input[field] !== undefined)
}

/** The customer to be changed by someone who saw that version of it. Throws AppError not_found, conflict. */
function headForChange(db: ReadDb, input: { readonly customerId: string; readonly version?: number | undefined }): CustomerHead {
  const head = customerHead(db, input.customerId)
  if (input.version === undefined || input.version === head.version) return head
  throw new AppError(
    'conflict',
    'This customer was changed meanwhile. Nothing was saved; look at the current data and change it again.',
    { version: head.version },
  )
}

function contactOf({ email, address }: Customer): string {
  return JSON.stringify([email, address])
}

function entryOf(db: ReadDb, businessId: string, cursor: string): DirectoryEntry {
  const [id] = decodeCursor(cursor, cursorKey)
  if (findCustomerHead(db, id)?.businessId !== businessId) throw cursorOfAnotherList()
  return directoryEntry(readCustomer(db, id))
}

/** How a customer is reached, after a change of it. */
export interface ChangedContact extends Pick<Customer, 'businessId' | 'email' | 'address'> {
  readonly customerId: string
  /** The actor who changed it. */
  readonly by: string
  readonly now: number
}

export interface CustomerDeps {
  /** Names and e-mails in memory; the container clears it when the vault is sealed. */
  readonly directory: CustomerDirectory
  /** Told, in the transaction of the change, when the e-mail or the address of a customer has really changed. */
  readonly onContactChanged?: (w: WriteDb, changed: ChangedContact) => void
}

/** The handlers of `customers.*`. */
export function customerHandlers({
  directory,
  onContactChanged,
}: CustomerDeps): Handlers<'customers.create' | 'customers.update' | 'customers.get' | 'customers.list'> {
  return {
    'customers.create': {
      recall,
      run: (context, input) => {
        getBusiness(context.db, input.businessId)
        const profile = { name: input.name, email: input.email, address: input.address ?? null }
        const customerId = insertCustomer(context.db, input.businessId, profile, context.now)
        context.note({ customerId })
        context.changed('customers')
        return readCustomer(context.db, customerId)
      },
    },
    'customers.update': {
      recall,
      facts: (db, input) => {
        const { businessId, version } = headForChange(db, input)
        return {
          businessId,
          what: `Change ${changedFields(input).join(', ') || 'nothing'} of a customer.`,
          amount: null,
          payee: input.customerId,
          before: { Version: String(version) },
          after: { Version: String(version + 1) },
          undo: 'yes',
        }
      },
      run: (context, input) => {
        const { businessId } = headForChange(context.db, input)
        const change = {
          ...(input.name === undefined ? {} : { name: input.name }),
          ...(input.email === undefined ? {} : { email: input.email }),
          ...(input.address === undefined ? {} : { address: input.address }),
        }
        const before = readCustomer(context.db, input.customerId)
        updateProfile(context.db, input.customerId, change)
        const after = readCustomer(context.db, input.customerId)
        if (contactOf(before) !== contactOf(after)) {
          const { email, address } = after
          const changed = { businessId, customerId: after.id, email, address, by: context.actor.name, now: context.now }
          onContactChanged?.(context.db, changed)
        }
        context.note({ businessId, customerId: input.customerId, fields: changedFields(input) })
        context.changed('customers')
        return after
      },
    },
    'customers.get': (context, input) => readCustomer(context.db, input.customerId),
    'customers.list': async (context, input) => {
      getBusiness(context.db, input.businessId)
      const after = input.cursor === undefined ? null : entryOf(context.db, input.businessId, input.cursor)
      const limit = input.limit ?? defaultLimit
      const found = await directory.page(context.db, input.businessId, { query: input.query ?? '', after, limit: limit + 1 })
      const shown = found.slice(0, limit)
      const last = shown.at(-1)
      return {
        items: shown.map((entry) => readCustomer(context.db, entry.id)),
        nextCursor: found.length > limit && last !== undefined ? encodeCursor([last.id]) : null,
      }
    },
  }
}
