import type { SecretKind } from '../shared/contract/secrets'
import { AppError } from '../shared/errors'
import { createUpworkTester } from './adapters/upwork/index'
import { isPracticeKey } from './container.practice'
import type { Database } from './core/db/index'
import type { TaskContext } from './core/dispatch/handler'
import type { GrantAccess } from './core/grants/index'
import { type Gateways, integrationDependants, type KeyUse, keyUses, stripeTester } from './core/integrations/index'
import { bankAccountPayees } from './core/payees/index'
import type { Clock } from './core/ports/clock'
import type { CredentialTester } from './core/ports/credentialTester'
import type { FileDialogs } from './core/ports/fileDialogs'
import type { Logger } from './core/ports/logger'
import type { RewrapTarget } from './core/ports/rewrap'
import type { StepUp } from './core/ports/stepUp'
import {
  attachmentHandlers,
  attachmentKeys,
  CopyTickets,
  type DueNotice,
  type DueSummary,
  dueNotices,
  Items,
  markWarned,
  purgeBin,
  type RevealDeps,
  retireRotations,
  revealField,
  revealHandlers,
  rotationHandlers,
  secretHandlers,
  secretKeys,
  sweepAttachments,
  weeklySummary,
} from './core/secrets/index'
import { createRecordCipher, type Session, type World } from './core/vault/index'

export interface SecretParts {
  readonly session: Session
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly world: World
  readonly gateways: Gateways
  readonly stepUp: StepUp
  readonly fileDialogs: FileDialogs | undefined
  /** What the grants of helpers let them see. */
  readonly grants: GrantAccess
  /** Called after other provider keys are in use. */
  readonly onConnected: (businessId: string) => void
}

/** What is sealed under the records key in this area, for a change of keys. */
export const secretTargets: readonly RewrapTarget[] = [secretKeys, attachmentKeys]

/** The items of the vault with everything that reads, tests and tidies them. */
export class SecretVault {
  readonly items: Items
  readonly reveals: RevealDeps
  readonly #parts: SecretParts
  readonly #tickets: CopyTickets
  readonly #noteUse: (use: KeyUse) => void

  constructor(parts: SecretParts) {
    const { session, database, stepUp, grants, clock } = parts
    this.#parts = parts
    this.items = new Items(createRecordCipher(session.coreKeys().vaultId, session))
    this.items.registerDependants(integrationDependants({ ...parts, items: this.items }))
    this.items.registerDependants(bankAccountPayees(session.coreKeys().digests))
    database.afterCommit(() => this.items.settle())
    this.#tickets = new CopyTickets(this.items)
    this.#noteUse = keyUses({ ...parts, items: this.items })
    this.reveals = {
      items: this.items,
      stepUp,
      mayReveal: (r, actor, secretId) => grants.mayReveal(r, actor, secretId, clock.now()),
      countUse: (w, actor, now) => grants.countUse(w, actor, now),
    }
  }

  /** Called once, before the doors open. */
  start(): void {
    const { database, logger } = this.#parts
    sweepAttachments(database).catch((error: unknown) => logger.error({ err: error }, 'half-attached files could not be swept'))
  }

  /** Notes that a stored key was used; not for the making of a practice year. */
  noteUse(use: KeyUse): void {
    this.#noteUse(use)
  }

  /** The value of a copy ticket, once; its audit row is committed before. The caller wipes it. @throws AppError not_found */
  redeemCopyTicket(ticket: string): Buffer {
    return this.#tickets.redeem(this.#parts.database, ticket, this.#parts.clock.now())
  }

  /** The vault was locked. */
  forget(): void {
    this.#tickets.clear()
  }

  /** Retires the old values whose overlap has ended. @returns how many */
  retire(): number {
    return this.#parts.database.write((w) => retireRotations(w, this.items, this.#parts.clock.now())).length
  }

  /** Destroys what has been in the bin for 30 days. @returns how many items */
  purge(): Promise<number> {
    return purgeBin(this.#parts.database, this.items, this.#parts.clock.now())
  }

  /** The warnings that are due now; each is given once. */
  takeDueNotices(): readonly DueNotice[] {
    const { database, clock } = this.#parts
    return database.write((w) => {
      const notices = dueNotices(w, clock.now())
      markWarned(w, notices, clock.now())
      return notices
    })
  }

  /** What is overdue and what comes due, for the week's notice. */
  weeklySummary(): DueSummary {
    return weeklySummary(this.#parts.database.read, this.#parts.clock.now())
  }

  /** Shows a value of an item for another domain's command, with everything that stands before it. */
  reveal<T>(
    context: TaskContext,
    place: { readonly secretId: string; readonly field: string },
    procedure: string,
    toOutput: (value: string) => T,
  ): T {
    return revealField(context, this.reveals, place, procedure, toOutput)
  }

  handlers() {
    const { items, reveals } = this
    const testers = this.#testers()
    return {
      ...secretHandlers({
        items,
        stepUp: reveals.stepUp,
        visibleSecrets: (r, actor) => this.#parts.grants.visibleSecrets(r, actor),
      }),
      ...revealHandlers({ ...reveals, tickets: this.#tickets }),
      ...rotationHandlers({ items, testers }),
      ...attachmentHandlers({ ...reveals, dialogs: () => this.#dialogs() }),
    }
  }

  #dialogs(): FileDialogs {
    const { fileDialogs } = this.#parts
    if (fileDialogs === undefined) throw new AppError('not_found', 'There is no screen here to choose a file at.')
    return fileDialogs
  }

  /** A practice vault sends no real credential anywhere: there is no stand-in of Upwork. */
  #testers(): ReadonlyMap<SecretKind, CredentialTester> {
    const { world, gateways, database } = this.#parts
    const testers = new Map<SecretKind, CredentialTester>()
    testers.set('stripe', stripeTester({ world, gateways, isPracticeKey, read: database.read }))
    if (world === 'live') testers.set('upwork', createUpworkTester())
    return testers
  }
}
