import { AppError } from '../shared/errors'
import { type AuditFileDeps, appendAudit, openExport } from './core/audit/index'
import type { Database } from './core/db/index'
import { type Actor, type Caller, type Dispatcher, openApi } from './core/dispatch/index'
import type { WebhookIngest } from './core/events/index'
import { exportJournal } from './core/ledger/index'
import type { Clock } from './core/ports/clock'
import type { Logger } from './core/ports/logger'
import { type ApiDoor, openApiDoor } from './server/apiDoor'
import { Authenticator } from './server/authenticator'
import { openWebhookDoor, type WebhookDelivery, type WebhookDoor } from './server/webhookDoor'

export interface DoorParts {
  readonly dispatcher: Dispatcher
  readonly ingest: WebhookIngest
  readonly auditFiles: AuditFileDeps
  readonly database: Database
  readonly owner: Actor
  /** The actor that a bearer token stands for. */
  readonly actorOfToken: (text: string) => Actor | null
  readonly isLocked: () => boolean
  readonly clock: Clock
  readonly logger: Logger
  readonly version: string
  /** Whether `practice.*` exists. */
  readonly practice: boolean
}

/** The doors of one open vault on loopback: one for webhooks, any number for the API. */
export class Doors {
  readonly #parts: DoorParts
  readonly #apiDoors = new Set<ApiDoor>()
  #webhookDoor: WebhookDoor | null = null

  constructor(parts: DoorParts) {
    this.#parts = parts
  }

  /** Origin of the webhook door; null while it is closed. */
  get webhookOrigin(): string | null {
    return this.#webhookDoor === null ? null : `http://127.0.0.1:${this.#webhookDoor.port}`
  }

  /** @param port 0 for any free one */
  async openWebhooks(port: number): Promise<void> {
    const ingest = (delivery: WebhookDelivery) => this.#ingestWebhook(delivery)
    this.#webhookDoor = await openWebhookDoor({ ingest, logger: this.#parts.logger }, port)
  }

  /** Opens an API door. @param ownerToken bearer token of the owner, kept here only as a hash */
  async openApi(port: number, ownerToken: string): Promise<ApiDoor> {
    const { dispatcher, owner, actorOfToken, clock, version, practice, isLocked, logger } = this.#parts
    const door = await openApiDoor(
      {
        authenticator: new Authenticator({ ownerToken, owner, find: actorOfToken, clock }),
        call: (name, input, caller) => dispatcher.callByName(name, input, caller),
        exports: {
          'ledger/export': (query, caller) => this.#exportJournal(query, caller),
          'audit/export': (query, caller) => this.#exportLog(query, caller),
        },
        openApi: () => openApi(version, practice),
        health: () => ({ status: 'ok', locked: isLocked(), version }),
        onTokenFlood: () => this.#recordTokenFlood(),
        logger,
      },
      port,
    )
    this.#apiDoors.add(door)
    return { port: door.port, close: async () => void (this.#apiDoors.delete(door) && (await door.close())) }
  }

  /** Takes nothing more and answers what is here. */
  async close(): Promise<void> {
    const webhooks = this.#webhookDoor === null ? [] : [this.#webhookDoor]
    await Promise.all([...this.#apiDoors, ...webhooks].map((door) => door.close()))
  }

  async #ingestWebhook(delivery: WebhookDelivery): Promise<void> {
    if (delivery.provider !== 'stripe') throw new AppError('not_found', 'There is nothing here.')
    const answer = await this.#parts.ingest.ingest({ ...delivery, provider: 'stripe' })
    if (answer.status === 400) throw new AppError('invalid_input', 'The event was not accepted: its signature or form is wrong.')
    if (answer.status === 404) throw new AppError('not_found', 'There is nothing here.')
    if (answer.status === 503) throw new AppError('unavailable', 'Too many events wait. Send it again later.')
  }

  #exportJournal(query: Readonly<Record<string, string>>, caller: Caller) {
    const { dispatcher, database } = this.#parts
    const { businessId, format } = dispatcher.authorise('ledger.export', query, caller)
    return exportJournal(database.read, businessId, format)
  }

  #exportLog(query: Readonly<Record<string, string>>, caller: Caller) {
    const { dispatcher, auditFiles, database, clock } = this.#parts
    const times = Object.fromEntries(
      Object.entries(query).map(([name, text]) => [
        name,
        /^(from|to)$/.test(name) && /^\d{1,15}$/.test(text) ? Number(text) : text,
      ]),
    )
    return openExport(auditFiles, database.read, dispatcher.authorise('audit.export', times, caller), clock.now())
  }

  #recordTokenFlood(): void {
    const { database, clock } = this.#parts
    database.write((w) =>
      appendAudit(w, {
        at: clock.now(),
        actor: 'provider:unknown',
        door: 'api',
        procedure: 'api.authenticate',
        businessId: null,
        outcome: 'rate_limited',
        details: {},
      }),
    )
  }
}
