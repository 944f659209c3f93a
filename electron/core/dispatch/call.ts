import type { Topic } from '../../../shared/contract/events'
import type { CommandName, ProcedureName } from '../../../shared/contract/index'
import type { Command } from '../../../shared/contract/procedure'
import type { Database, WriteDb } from '../db/connection'
import type { Clock } from '../ports/clock'
import type { Logger } from '../ports/logger'
import type { Sealer } from '../ports/sealer'
import type { StepUp } from '../ports/stepUp'
import type { Actor, ActorName, Door } from './actor'
import type { CallContext, CommandContext, CommandFacts, EditableField, TaskContext } from './handler'

/** A handler with its procedure's types forgotten; dispatch restores them through the contract's schemas. */
export interface AnyCommandHandler {
  readonly facts?: (db: WriteDb, input: unknown, actor: Actor) => CommandFacts
  readonly editable?: (input: unknown) => readonly EditableField[]
  readonly run?: (context: CommandContext, input: unknown) => unknown
  readonly task?: (context: TaskContext, input: unknown) => Promise<unknown>
  readonly recall?: { keep(output: unknown): unknown; restore(db: WriteDb, kept: unknown): unknown }
}
export type AnyQueryHandler = (context: CallContext & { readonly db: Database['read'] }, input: unknown) => unknown

export interface DispatchDeps {
  readonly database: Database
  readonly handlers: ReadonlyMap<ProcedureName, AnyCommandHandler | AnyQueryHandler>
  /** Seals parked input under the vault's records key; null while locked. */
  readonly sealer: () => Sealer | null
  /** Keys the digests of inputs that stand in audit rows and requests. */
  readonly digestKey: Uint8Array
  readonly clock: Clock
  readonly actors: {
    /** The actor of a name with the scopes it has now; null when it is gone. */
    resolve(name: ActorName): Actor | null
    /** Whether a request of `asker` counts as `decider`'s own: it is the same actor, or acts with access that `decider` gave away. */
    isOwnRequest(asker: ActorName, decider: ActorName): boolean
    /** Who may decide besides the owner. */
    approvers(): readonly ActorName[]
  }
  /** Proof that it is still them, which some approvals take. */
  readonly stepUp: StepUp
  readonly publish: (topics: ReadonlySet<Topic>) => void
  readonly logger: Logger
  /** True in a practice world, where `practice.*` exists. */
  readonly practice: boolean
}

export interface Caller {
  readonly actor: Actor
  readonly door: Door
  /** The streamed body of `ledger.import`. */
  readonly body?: AsyncIterable<Uint8Array>
}

/** One command on its way through dispatch. */
export interface CommandCall {
  readonly name: CommandName
  readonly procedure: Command
  readonly input: Record<string, unknown>
  readonly caller: Caller
  readonly now: number
  readonly handler: AnyCommandHandler
  readonly request: { readonly actor: string; readonly procedure: string; readonly requestId: string } | null
  /** Of the whole body: what makes a repeated request the same. */
  readonly digest: Buffer
  /** In hex and of the body without its secrets, which may be guessable: for audit rows. */
  readonly inputDigest: string
  /** What it states, to be kept with its audit row. */
  readonly stated: CommandFacts | null
  /** The approval whose permit is used up when it is done. */
  readonly permit: string | null
}
