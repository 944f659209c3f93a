import { resourceMissing } from '../http/errors'
import type { Connection } from './database'
import { type AnyDocument, columnsOf, createdOf, type Documents, type DocumentType } from './documents'

/** What a message calls a type: `No such invoice: 'in_...'`. */
const NOUNS: Record<DocumentType, string> = {
  balance_transaction: 'balance transaction',
  charge: 'charge',
  customer: 'customer',
  invoice: 'invoice',
  invoice_payment: 'invoice payment',
  invoiceitem: 'invoice item',
  payment_intent: 'payment_intent',
  refund: 'refund',
  tax_rate: 'tax rate',
  webhook_endpoint: 'webhook endpoint',
}

const COLUMNS = [
  'status',
  'customer',
  'invoice',
  'payment_intent',
  'charge',
  'source',
  'kind',
  'currency',
  'email',
  'number',
  'token',
] as const
const PUT = `INSERT INTO object (id, type, created, ${COLUMNS.join(', ')}, doc)
  VALUES (${Array(COLUMNS.length + 4)
    .fill('?')
    .join(', ')})
  ON CONFLICT (id) DO UPDATE SET ${COLUMNS.map((name) => `${name} = excluded.${name}`).join(', ')}, doc = excluded.doc`

/** Documents by type and id. Writes belong inside a transaction of the connection. */
export class Store {
  constructor(readonly connection: Connection) {}

  /** Inserts, or replaces what has the same id. */
  put<D extends AnyDocument>(doc: D): D {
    const columns = columnsOf(doc)
    const values = COLUMNS.map((name) => columns[name] ?? null)
    this.connection.run(PUT, doc.id, doc.object, createdOf(doc), ...values, JSON.stringify(doc))
    return doc
  }

  find<T extends DocumentType>(type: T, id: string): Documents[T] | undefined {
    const row = this.connection.one('SELECT doc FROM object WHERE id = ? AND type = ?', id, type)
    return row === undefined ? undefined : parse<T>(row.doc)
  }

  /** @param param the parameter that named it; `id` when it stands in the path. @throws ApiError `resource_missing` */
  get<T extends DocumentType>(type: T, id: string, param = 'id'): Documents[T] {
    const doc = this.find(type, id)
    if (doc === undefined) throw resourceMissing(NOUNS[type], id, param)
    return doc
  }

  /** For list filters: `undefined` passes. @throws ApiError `resource_missing` */
  mustExist(type: DocumentType, id: string | undefined, param: string): string | undefined {
    if (id !== undefined) this.get(type, id, param)
    return id
  }

  findBy<T extends DocumentType>(type: T, column: 'number' | 'token', value: string): Documents[T] | undefined {
    const row = this.connection.one(`SELECT doc FROM object WHERE ${column} = ? AND type = ?`, value, type)
    return row === undefined ? undefined : parse<T>(row.doc)
  }

  /** All documents of a type that match, oldest first. */
  allBy<T extends DocumentType>(
    type: T,
    column: 'charge' | 'customer' | 'invoice' | 'payment_intent' | 'type',
    value: string,
  ): Documents[T][] {
    return this.connection
      .all(`SELECT doc FROM object WHERE ${column} = ? AND type = ? ORDER BY created, seq`, value, type)
      .map((row) => parse<T>(row.doc))
  }

  delete(id: string): void {
    this.connection.run('DELETE FROM object WHERE id = ?', id)
  }

  meta(name: string): string | undefined {
    const value = this.connection.one('SELECT value FROM meta WHERE name = ?', name)?.value
    return typeof value === 'string' ? value : undefined
  }

  setMeta(name: string, value: string): void {
    this.connection.run(
      'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      name,
      value,
    )
  }
}

function parse<T extends DocumentType>(doc: unknown): Documents[T] {
  return JSON.parse(String(doc)) as Documents[T]
}
