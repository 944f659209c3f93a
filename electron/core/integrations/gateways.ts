import type { Provider } from '../../../shared/contract/integrations'
import { AppError } from '../../../shared/errors'
import type { Database, ReadDb } from '../db'
import type { Logger } from '../ports/logger'
import type { PaymentGateway } from '../ports/paymentGateway'
import { fieldNamed, type SecretItems, wipeFields } from '../secrets/index'
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

/** A call to a provider with a key of the vault. */
export interface KeyUse {
  readonly secretId: string
  readonly businessId: string
  readonly mode: Mode
}

export interface ProviderKeys {
  readonly secretKey: string
  readonly webhookSecret: string | null
}

export const secretKeyField = 'Secret key'
export const webhookSecretField = 'Webhook secret'

/** The keys that a version of an item holds, the one in use when left out. */
export function readKeys(r: ReadDb, items: SecretItems, secretId: string, version?: number): ProviderKeys {
  const fields = items.readFields(r, secretId, version)
  try {
    const text = (name: string) => fieldNamed(fields, name)?.value.toString('utf8') ?? ''
    return { secretKey: text(secretKeyField), webhookSecret: text(webhookSecretField) || null }
  } finally {
    wipeFields(fields)
  }
}

/** The same gateway, telling of each call that goes to the provider: one that answers with a promise. */
function watched(gateway: PaymentGateway, onCall: () => void): PaymentGateway {
  return new Proxy(gateway, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return (...input: unknown[]): unknown => {
        const answer: unknown = member.apply(target, input)
        if (answer instanceof Promise) onCall()
        return answer
      }
    },
  })
}

export type GatewayFactory = (provider: Provider, secretKey: string) => PaymentGateway

/** The signing secrets that a webhook may bear now: one, or two for a day after a rotation. */
export function secretsInUse(connected: Connected, now: number): string[] {
  return connected.signingSecrets.filter(({ until }) => until === null || now < until).map(({ value }) => value)
}

export function notConnected(): AppError {
  return new AppError(
    'not_connected',
    'Stripe is not connected to this business. Nothing was done. Connect it under Settings, then try again.',
  )
}

/**
 * The providers in use, in memory alone: filled at unlock from the sealed secrets, kept while locked so that outbox and events go on,
 * emptied when the vault is sealed.
 */
export class Gateways {
  readonly #factory: GatewayFactory
  readonly #onUse: ((use: KeyUse) => void) | undefined
  readonly #byBusiness = new Map<string, Connected>()
  readonly #byPath = new Map<string, Connected>()
  #loaded = false

  /** @param onUse told of every call that a stored key is used for */
  constructor(factory: GatewayFactory, onUse?: (use: KeyUse) => void) {
    this.#factory = factory
    this.#onUse = onUse
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
  load(database: Database, items: SecretItems, logger: Logger): void {
    for (const row of connectedIntegrations(database.read)) {
      if (this.#byBusiness.has(row.businessId)) continue
      try {
        this.put(this.#open(database, items, row))
      } catch (error) {
        logger.error({ error, integrationId: row.id }, 'A stored key could not be opened')
        database.write((w) =>
          setProblem(w, row.id, 'The stored key could not be opened. Connect Stripe again with a key from its dashboard.'),
        )
      }
    }
    this.#loaded = true
  }

  #open(database: Database, items: SecretItems, row: IntegrationRow): Connected {
    const { id, businessId, provider, mode, pathToken, secretId, webhookPrevious, webhookRotatedAt } = row
    if (secretId === null) throw new Error('A connected integration has no key')
    const keys = readKeys(database.read, items, secretId)
    const signingSecrets: SigningSecret[] = []
    if (keys.webhookSecret !== null) signingSecrets.push({ value: keys.webhookSecret, until: null })
    const previous = webhookPrevious === null ? null : readKeys(database.read, items, secretId, webhookPrevious).webhookSecret
    if (previous !== null) signingSecrets.push({ value: previous, until: (webhookRotatedAt ?? 0) + rotationOverlap })
    const gateway = this.#factory(provider, keys.secretKey)
    const onUse = this.#onUse
    return {
      integrationId: id,
      businessId,
      provider,
      mode,
      pathToken,
      gateway: onUse === undefined ? gateway : watched(gateway, () => onUse({ secretId, businessId, mode })),
      signingSecrets,
    }
  }

  /** Opens one integration again, after its key was changed. */
  reload(database: Database, items: SecretItems, row: IntegrationRow): void {
    this.put(this.#open(database, items, row))
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
