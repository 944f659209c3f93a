import packageJson from '../package.json' with { type: 'json' }
import type { Topic } from '../shared/contract/events'
import { scopes } from '../shared/contract/procedure'
import { createStripeGateway, stripeWebhookReader } from './adapters/stripe/index'
import { Actors } from './container.actors'
import { AuditLog } from './container.audit'
import { Doors } from './container.doors'
import { grantAccess, HelperAccess } from './container.grants'
import { buildHandlers } from './container.handlers'
import { VaultSecurityDesk } from './container.keys'
import type { AppOptions, KeptOptions } from './container.options'
import {
  livePracticeYear,
  markReady,
  type PracticeProviders,
  QuietNotifier,
  rebasePracticeUrls,
  startPracticeProviders,
  sweepHalfMadeYear,
} from './container.practice'
import { Safety, vaultJobs } from './container.safety'
import { SecretVault } from './container.secrets'
import { SecretTransfer } from './container.transfer'
import { registerWork, triedAgain } from './container.work'
import { failInterrupted, WaitingApprovals } from './core/approvals/index'
import { businessIds } from './core/businesses/index'
import { CustomerDirectory } from './core/customers/index'
import { type Database, sql } from './core/db/index'
import { type Actor, Dispatcher } from './core/dispatch/index'
import { EventSync, Projector, pollEvery, timerScheduler, WebhookIngest } from './core/events/index'
import { Gateways } from './core/integrations/index'
import { LedgerImporter } from './core/ledger/index'
import { OutboxWorker } from './core/outbox/index'
import { SimulatedClock } from './core/ports/clock'
import type { Logger } from './core/ports/logger'
import { floorCost, type OpenVault, openVaultFolder, type ProofInput, sealerOf, type World } from './core/vault/index'
import type { ApiDoor } from './server/apiDoor'

export { practicePassphrase } from './container.practice'

export const appVersion: string = packageJson.version

/** Opens a vault and composes the app around it. The order of the lines is the order of starting; `close` goes back. */
export async function openApp(options: AppOptions): Promise<App> {
  const clock = new SimulatedClock()
  const vault = await openVaultFolder({
    dir: options.dataDir,
    world: options.world,
    proof: options.proof,
    door: options.door,
    now: () => clock.now(),
    ...(options.kdf === undefined ? {} : { kdf: options.kdf }),
    ...(options.world === 'practice' ? { kdf: floorCost, beforeOpen: sweepHalfMadeYear } : {}),
  })
  const { proof: _, ...kept } = options
  const app = new App(kept, vault, clock)
  try {
    await app.start()
    return app
  } catch (error) {
    await app.close()
    throw error
  }
}

/** Everything behind the doors of one open vault. */
export class App {
  readonly version = appVersion
  readonly world: World
  readonly owner: Actor = { name: 'owner', scopes: new Set(scopes) }
  readonly dispatcher: Dispatcher
  readonly #options: KeptOptions
  readonly #vault: OpenVault
  readonly #database: Database
  readonly #clock: SimulatedClock
  readonly #logger: Logger & { close(): void }
  readonly #gateways: Gateways
  readonly #outbox: OutboxWorker
  readonly #projector: Projector
  readonly #ingest: WebhookIngest
  readonly #doors: Doors
  readonly #notifier: QuietNotifier
  readonly #sync: EventSync
  readonly #actors: Actors
  readonly #waiting: WaitingApprovals
  readonly #directory = new CustomerDirectory()
  readonly #importer: LedgerImporter
  readonly #secrets: SecretVault
  readonly #helpers: HelperAccess
  readonly #audit: AuditLog
  readonly #security: VaultSecurityDesk
  readonly #safety: Safety
  readonly #lockListeners: (() => void)[] = []
  readonly #stops: (() => void)[] = []
  #providers: PracticeProviders | null = null
  #closing: Promise<void> | null = null
  /** False while a practice year is being made. */
  #started = false

  constructor(options: KeptOptions, vault: OpenVault, clock: SimulatedClock) {
    const { session, database } = vault
    const keys = session.coreKeys()
    this.#options = options
    this.world = options.world
    this.#vault = vault
    this.#database = database
    this.#clock = clock
    this.#logger = options.createLogger(vault.dir)
    const logger = this.#logger
    this.#notifier = new QuietNotifier(options.notifier)
    const tokenKey = () => session.coreKeys().tokens
    const grants = grantAccess(tokenKey, clock)
    this.#actors = new Actors({ database, owner: this.owner, tokenKey, grants, clock, logger })
    this.#waiting = new WaitingApprovals({ database, clock, notifier: this.#notifier })
    const publish = (topics: ReadonlySet<Topic>) => {
      options.publish({ kind: 'changed', topics: [...topics] })
      if (topics.has('approvals')) this.#waiting.tell()
    }
    this.#gateways = new Gateways(
      (_, secretKey) =>
        createStripeGateway({ secretKey, ...(this.#providers === null ? {} : { baseUrl: this.#providers.stripe.url }) }),
      (use) => this.#started && this.#secrets.noteUse(use),
    )
    const gateways = this.#gateways
    this.#audit = new AuditLog({
      ...{ dir: vault.dir, keys, database, clock, logger, anchorFolder: options.anchorFolder },
      ...{ fileDialogs: options.fileDialogs, keyStore: options.keyStore },
      onProblem: () => this.#warnOfAuditLog(),
    })
    this.#safety = new Safety({
      ...{ dir: vault.dir, world: this.world, version: this.version, session, database, clock, logger },
      ...{ notifier: this.#notifier, publish: options.publish, sign: () => this.#audit.signNow() },
      ...{ fileDialogs: options.fileDialogs, backupWorker: options.backupWorker },
      ...(this.world === 'practice' ? { finishRestore: markReady } : {}),
    })
    this.#importer = new LedgerImporter({ database })
    this.#outbox = new OutboxWorker({
      ...{ database, clock, logger, publish },
      mayWork: () => !this.#safety.pause.paused && this.#security.maySend,
    })
    this.#projector = new Projector({ database, gateways, clock, logger, notifier: this.#notifier, publish })
    this.#ingest = new WebhookIngest({
      ...{ database, gateways, reader: stripeWebhookReader, clock, logger, publish },
      onKept: (events) => this.#projector.wake(events),
    })
    this.#sync = new EventSync({
      ...{ database, gateways, projector: this.#projector, clock, logger, publish },
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
    })
    registerWork(this.#outbox, this.#projector, { database, gateways })
    const sealer = () => sealerOf(session)
    this.#security = new VaultSecurityDesk({
      ...{ vault, version: this.version, sealer, clock, logger, publish: options.publish },
      ...{ keyStore: options.keyStore, passkeyProblem: options.passkeyProblem },
      keyChangeHelp: this.#safety.keyChangeHelp(() => this.dispatcher),
      lock: () => this.lock(),
      onMayWork: () => this.#outbox.wake(),
    })
    const onConnected = () => {
      this.#outbox.wake()
      void this.#sync.poll()
    }
    this.#secrets = new SecretVault({
      ...{ session, database, clock, logger, gateways, onConnected, world: this.world, stepUp: this.#security.stepUp },
      fileDialogs: options.fileDialogs,
      grants,
    })
    for (const job of vaultJobs(this.#secrets, this.#notifier)) this.#safety.scheduler.register(job)
    this.#helpers = new HelperAccess({
      ...{ database, access: grants, secrets: this.#secrets, tokenKey, clock, publish, world: this.world },
      ...{
        pause: this.#safety.pause,
        actors: this.#actors,
        outbound: options.outbound,
        practiceStripe: () => this.practiceOrigin,
      },
    })
    const transfer = new SecretTransfer({ ...options, items: this.#secrets.items, stepUp: this.#security.stepUp })
    this.onLock(() => transfer.forget())
    this.onLock(() => this.#helpers.broker.cutOff())
    const dispatchDeps = {
      database,
      stepUp: this.#security.stepUp,
      handlers: new Map(),
      sealer,
      digestKey: keys.digests,
      clock,
      actors: this.#actors,
      publish,
      logger,
      practice: this.world === 'practice',
    }
    this.dispatcher = new Dispatcher(dispatchDeps)
    buildHandlers(dispatchDeps.handlers, {
      dispatchDeps,
      dispatcher: this.dispatcher,
      world: this.world,
      security: this.#security,
      tokenKey: keys.tokens,
      secrets: this.#secrets,
      helpers: this.#helpers,
      transfer,
      gateways,
      projector: this.#projector,
      sync: this.#sync,
      directory: this.#directory,
      importer: this.#importer,
      auditFiles: this.#audit.files,
      safety: this.#safety,
      fileDialogs: options.fileDialogs ?? null,
      publish: options.publish,
      webhookOrigin: () => this.webhookOrigin,
      practiceStripe: () => this.#providers?.stripe ?? null,
      onConnected,
    })
    this.#doors = new Doors({
      dispatcher: this.dispatcher,
      ingest: this.#ingest,
      auditFiles: this.#audit.files,
      database,
      owner: this.owner,
      actorOfToken: (text) => this.#actors.ofToken(text),
      isLocked: () => this.isLocked,
      clock,
      logger,
      version: this.version,
      practice: this.world === 'practice',
    })
  }

  get isLocked(): boolean {
    return this.#vault.session.state !== 'unlocked'
  }

  /** Origin of the webhook door; null until it is open. */
  get webhookOrigin(): string | null {
    return this.#doors.webhookOrigin
  }

  /** Where the practice provider's pages are; null in a live world. */
  get practiceOrigin(): string | null {
    return this.#providers?.stripe.url ?? null
  }

  get databaseVersion(): string {
    return this.#database.read.get<{ v: string }>(sql`SELECT sqlite_version() AS v`)?.v ?? ''
  }

  /** Opens doors and schedules; called once by `openApp`. */
  async start(): Promise<void> {
    const { session, dir } = this.#vault
    await this.#audit.openKeychain()
    const tail = this.#audit.verifyTail()
    if (!tail.ok) {
      this.#logger.error({ firstBad: tail.firstBad }, 'the newest audit rows do not verify')
      this.#warnOfAuditLog()
    }
    this.#database.write((w) => failInterrupted(w, this.#clock.now()))
    this.#importer
      .sweep()
      .catch((error: unknown) => this.#logger.error({ err: error }, 'leftovers of an import could not be swept'))
    await this.#doors.openWebhooks(this.#options.webhookPort)
    if (this.world === 'practice') await this.#startPractice(dir)
    session.onChange((state) => {
      if (state === 'unlocked') this.#fillMemory()
    })
    this.#fillMemory()
    this.#outbox.start()
    this.#projector.start()
    this.#stops.push(
      timerScheduler(pollEvery[this.world], () => void this.#sync.poll()),
      timerScheduler(60_000, triedAgain(this.#logger, this.#everyMinute)),
    )
    this.#audit.start()
    this.#security.start()
    this.#secrets.start()
    this.#started = true
    this.#safety.start()
    void this.#sync.poll()
  }

  /** What is kept in memory while the vault is unlocked: the providers' keys, and the customers' names ahead of their first list. */
  #fillMemory(): void {
    this.#gateways.load(this.#database, this.#secrets.items, this.#logger)
    this.#directory
      .warm(this.#database.read, businessIds(this.#database.read))
      .catch((error: unknown) => this.#logger.warn({ err: error }, 'the customers could not be read ahead'))
  }

  #warnOfAuditLog(): void {
    const body = 'Open Activity and verify the log.'
    this.#notifier.notify({ title: 'The audit log needs a look', body, route: '/activity?verify=true' })
  }

  async #startPractice(dir: string): Promise<void> {
    let live = false
    this.#providers = await startPracticeProviders(dir, this.#clock, () => {
      const token = this.#gateways.all()[0]?.pathToken
      const origin = this.webhookOrigin
      return !live || origin === null || token === undefined ? null : `${origin}/webhooks/stripe/${token}`
    })
    rebasePracticeUrls(this.#database, this.#providers.stripe.url)
    await this.#notifier.quietWhile(() =>
      livePracticeYear(dir, this.#clock, {
        dispatcher: this.dispatcher,
        actor: (token) => (token === undefined ? this.owner : this.#actors.ofToken(token)),
        settle: async () => {
          await this.#outbox.drain()
          await this.#sync.sync()
          await this.#outbox.drain()
        },
        onProgress: this.#options.onPracticeProgress,
      }),
    )
    live = true
  }

  /** Drops the records key and closes the doors to everything but unlocking. Schedules, outbox and webhooks go on. */
  lock(): void {
    if (this.isLocked) return
    this.#audit.signNow()
    this.#vault.session.lock()
    this.#directory.clear()
    this.#secrets.forget()
    for (const listener of this.#lockListeners) listener()
  }

  /** Stops schedules, sends and broker calls at once, also while locked: for the tray and its hotkey. */
  async pauseEverything(): Promise<void> {
    await this.dispatcher.call('safety.pause', {}, { actor: this.owner, door: 'window' })
  }

  onLock(listener: () => void): void {
    this.#lockListeners.push(listener)
  }

  /** When the vault locks, and what goes on then. */
  get locking(): VaultSecurityDesk['locking'] {
    return this.#security.locking
  }

  async unlock(proof: ProofInput, door: 'window' | 'api'): Promise<void> {
    await this.dispatcher.call('vault.unlock', proof, { actor: this.owner, door })
  }

  /** The value of a copy ticket, once; the caller wipes it. @throws AppError not_found */
  redeemCopyTicket(ticket: string): Buffer {
    return this.#secrets.redeemCopyTicket(ticket)
  }

  /** Opens the API door. @param ownerToken bearer token of the owner, kept here only as a hash */
  openApiDoor(port: number, ownerToken: string): Promise<ApiDoor> {
    return this.#doors.openApi(port, ownerToken)
  }

  /** Seals: stops taking work, lets what is under way finish, signs and anchors the log, closes the database and forgets every key. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /** However it goes, the keys are forgotten and the folder is given back; what went wrong stands in the log of the folder. */
  async #close(): Promise<void> {
    try {
      try {
        await this.#stopWork()
        this.#audit.signNow()
      } finally {
        this.#gateways.clear()
        this.#directory.clear()
        this.#vault.close()
      }
    } catch (error) {
      this.#logger.error({ err: error }, 'the vault was not closed cleanly; nothing that was acknowledged is lost')
      throw error
    } finally {
      this.#logger.close()
    }
  }

  async #stopWork(): Promise<void> {
    for (const stop of this.#stops) stop()
    this.dispatcher.stop()
    this.#helpers.broker.stop()
    await Promise.all([this.#safety.stop(), this.#security.stop(), this.#doors.close()])
    const syncEnds = this.#sync.stop(2000)
    this.#ingest.stop()
    await this.#importer.stop()
    await Promise.all([syncEnds, this.#outbox.stop(2000), this.#projector.stop(2000)])
    await this.#providers?.close()
  }

  readonly #everyMinute = (): void => {
    if (this.#database.isStill) return
    if (this.#waiting.sweep() > 0) this.#options.publish({ kind: 'changed', topics: ['approvals', 'audit'] })
    if (this.#secrets.retire() > 0) this.#options.publish({ kind: 'changed', topics: ['secrets', 'audit'] })
    this.#helpers.sweep()
    this.#audit.signIfDue()
  }
}
