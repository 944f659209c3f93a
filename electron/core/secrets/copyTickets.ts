import { randomBytes } from 'node:crypto'
import { AppError } from '../../../shared/errors'
import { appendAudit } from '../audit/index'
import type { Database } from '../db'
import type { ActorName } from '../dispatch/actor'
import { currentCode } from './currentCode'
import type { Items } from './items'
import { openField } from './sealedFields'

/** How long a ticket is good, in milliseconds. */
export const ticketLife = 10_000

interface Ticket {
  readonly secretId: string
  readonly version: number
  readonly field: string
  readonly actor: ActorName
  readonly expiresAt: number
}

/** Tickets in memory with which this machine's window takes one value to the clipboard. Each is good once. */
export class CopyTickets {
  readonly #tickets = new Map<string, Ticket>()
  readonly #items: Items

  constructor(items: Items) {
    this.#items = items
  }

  issue(ticket: Omit<Ticket, 'expiresAt'>, now: number): { ticket: string; expiresAt: number } {
    for (const [text, { expiresAt }] of this.#tickets) if (expiresAt <= now) this.#tickets.delete(text)
    const text = randomBytes(24).toString('base64url')
    const expiresAt = now + ticketLife
    this.#tickets.set(text, { ...ticket, expiresAt })
    return { ticket: text, expiresAt }
  }

  /** The vault was locked: no ticket is good any more. */
  clear(): void {
    this.#tickets.clear()
  }

  /**
   * The value of a ticket, once; of a code generator its code of now, since whoever copies it wants to sign in, not to pass the generator on.
   * The use and its audit row are committed before it leaves. The caller wipes it.
   * @param now UTC epoch milliseconds
   * @throws AppError not_found when the ticket is unknown, was used or has expired; invalid_input for a generator that cannot be read;
   *   whatever stops the audit row
   */
  redeem(database: Database, text: string, now: number): Buffer {
    const ticket = this.#tickets.get(text)
    this.#tickets.delete(text)
    if (ticket === undefined || ticket.expiresAt <= now) {
      throw new AppError('not_found', 'This copy has expired. Nothing was copied. Press copy again.')
    }
    const { secretId, version, field, actor } = ticket
    const procedure = 'secrets.copy'
    let value: Buffer | undefined
    try {
      return database.write((w) => {
        const head = this.#items.liveHead(w, secretId)
        const opened = openField(w, this.#items.cipher, { secretId, version }, field)
        value = opened.value
        const copied = opened.type === 'totp' ? currentCode(value, now) : value
        const { seq } = appendAudit(w, {
          at: now,
          actor,
          door: 'window',
          procedure,
          businessId: head.businessId,
          outcome: 'done',
          details: { secretId, version, field: opened.name },
        })
        const act = { actor, door: 'window', procedure, now } as const
        this.#items.recordUse(w, { ...act, secretId, action: 'copied', field: opened.name, auditSeq: seq })
        if (copied !== value) value.fill(0)
        return copied
      })
    } catch (error) {
      value?.fill(0)
      throw error
    }
  }
}
