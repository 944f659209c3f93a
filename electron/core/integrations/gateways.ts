import type { Provider } from '../../../shared/contract/integrations'
import { AppError } from '../../../shared/errors'
import type { Database } from '../db'
import type { Logger } from '../ports/logger'
import type { PaymentGateway } from '../ports/paymentGateway'
import type { SecretStore } from '../vault/index'
import { connectedIntegrations, type IntegrationRow, setProblem } from './integrations.repository'
import type { Mode } from './keyMode'

/** A signing secret before its successor is accepted for so long after the change. Milliseconds. */
const rotationOverlap = 86_400_000

interface SigningSecret {
  readonly value: string
  /** UTC epoch milliseconds; null while it is the one in use. */
  readonly until: number | null
}

/** A provider whose key is in memory. */
export interface Connected {
  readonly integrationId: string
  readonly businessId: string
  readonly provider: Provider
  readonly mode: Mode
  readonly pathToken: string
  readonly gateway: PaymentGateway
  readonly signingSecrets: readonly SigningSecret[]
}

export type GatewayFactory = (provider: Provider, secretKey: string) => PaymentGateway

/** The signing secrets that a webhook may bear now: one, or two for a day after a rotation. */
export function secretsInUse(connected: Connected, now: number): string[] {
  return connected.signingSecrets.filter(({ until }) => until === null || now < until).map(({ value }) => value)
}

export function notConnected(): AppError {
  return new AppError(
    'not_connected',
    'Stripe is not connected to this business. Nothing was sent. Connect it under Settings, then it goes on by itself.',
  )
}

/**
 * The providers in use, in memory alone: filled at unlock from the sealed secrets, kept while locked so that outbox and events go on,
 * emptied when the vault is sealed.
 */
export class Gateways {
  readonly #factory: GatewayFactory
  readonly #byBusiness = new Map<string, Connected>()
  readonly #byPath = new Map<string, Connected>()
  #loaded = false

  constructor(factory: GatewayFactory) {
    this.#factory = factory
  }

  /** True from the first unlock until the vault is sealed. */
  get loaded(): boolean {
    return this.#loaded
  }

  /** Makes a gateway without keeping it, to try a key. */
  make(provider: Provider, secretKey: string): PaymentGateway {
    return this.#factory(provider, secretKey)
  }

  /** Opens every connected integration that is not in memory yet. One that cannot be opened says so and does not stop the others. */
  load(database: Database, secrets: SecretStore, logger: Logger): void {
    for (const row of connectedIntegrations(database.read)) {
      if (this.#byBusiness.has(row.businessId)) continue
      try {
        this.put(this.#open(database, secrets, row))
      } catch (error) {
        logger.error({ error, integrationId: row.id }, 'A stored key could not be opened')
        database.write((w) =>
          setProblem(w, row.id, 'The stored key could not be opened. Connect Stripe again with a key from its dashboard.'),
        )
      }
    }
    this.#loaded = true
  }

  #open(database: Database, secrets: SecretStore, row: IntegrationRow): Connected {
    const text = (id: string): string => {
      const bytes = secrets.read(database.read, id)
      const value = bytes.toString('utf8')
      bytes.fill(0)
      return value
    }
    if (row.secretId === null) throw new Error('A connected integration has no key')
    const signingSecrets: SigningSecret[] = []
    if (row.webhookSecretId !== null) signingSecrets.push({ value: text(row.webhookSecretId), until: null })
    if (row.webhookPreviousId !== null) {
      signingSecrets.push({ value: text(row.webhookPreviousId), until: (row.webhookRotatedAt ?? 0) + rotationOverlap })
    }
    return {
      integrationId: row.id,
      businessId: row.businessId,
      provider: row.provider,
      mode: row.mode,
      pathToken: row.pathToken,
      gateway: this.#factory(row.provider, text(row.secretId)),
      signingSecrets,
    }
  }

  /** Opens one integration again, after its key was changed. */
  reload(database: Database, secrets: SecretStore, row: IntegrationRow): void {
    this.put(this.#open(database, secrets, row))
  }

  put(connected: Connected): void {
    this.remove(connected.businessId)
    this.#byBusiness.set(connected.businessId, connected)
    this.#byPath.set(connected.pathToken, connected)
  }

  remove(businessId: string): void {
    const known = this.#byBusiness.get(businessId)
    if (known === undefined) return
    this.#byBusiness.delete(businessId)
    this.#byPath.delete(known.pathToken)
  }

  /** Forgets every key: the vault is sealed. */
  clear(): void {
    this.#byBusiness.clear()
    this.#byPath.clear()
    this.#loaded = false
  }

  gatewayFor(businessId: string): PaymentGateway | null {
    return this.#byBusiness.get(businessId)?.gateway ?? null
  }

  /** @throws AppError not_connected */
  connectedOrThrow(businessId: string): PaymentGateway {
    const gateway = this.gatewayFor(businessId)
    if (gateway === null) throw notConnected()
    return gateway
  }

  ofBusiness(businessId: string): Connected | undefined {
    return this.#byBusiness.get(businessId)
  }

  ofIntegration(integrationId: string): Connected | undefined {
    return this.all().find((connected) => connected.integrationId === integrationId)
  }

  byPathToken(provider: Provider, pathToken: string): Connected | undefined {
    const connected = this.#byPath.get(pathToken)
    return connected?.provider === provider ? connected : undefined
  }

  all(): Connected[] {
    return [...this.#byBusiness.values()]
  }
}
