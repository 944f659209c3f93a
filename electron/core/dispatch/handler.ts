import type { Approval, ApprovalFacts } from '../../../shared/contract/approvals'
import type { Topic } from '../../../shared/contract/events'
import type { CommandName, Output, Parsed, QueryName } from '../../../shared/contract/index'
import type { Database, ReadDb, WriteDb } from '../db/connection'
import type { Actor, Door } from './actor'

/** JSON that may stand in an audit row: ids, field names, amounts, keyed digests; never personal data or secrets. */
export type AuditDetail = string | number | boolean | null | readonly AuditDetail[] | { readonly [key: string]: AuditDetail }

export interface CallContext {
  readonly actor: Actor
  readonly door: Door
  /** UTC epoch milliseconds, taken once for the whole call. */
  readonly now: number
}

export interface QueryContext extends CallContext {
  readonly db: ReadDb
}

interface Recorder {
  /** Adds to the audit row of this command. */
  note(details: { readonly [key: string]: AuditDetail }): void
  /** Says which lists of the window are out of date once this is committed. */
  changed(...topics: readonly Topic[]): void
}

/** A command inside its one transaction: no await. */
export interface CommandContext extends CallContext, Recorder {
  readonly db: WriteDb
}

/** A command that takes longer than one transaction: it opens its own, each of them short. */
export interface TaskContext extends CallContext, Recorder {
  readonly database: Database
  readonly signal: AbortSignal
  /**
   * Ends the command inside a transaction of its own making: the audit row and the stored outcome then commit together with what it did.
   * Called at most once, in the transaction that makes the effect; what was noted before stands in the row.
   */
  settle(w: WriteDb, output: unknown): void
  /**
   * Uses up the permit that it runs by, for a command that acts outside before it ends: in the transaction from which on it cannot be
   * taken back. Without this call it is used up as the command is settled; without a permit this does nothing.
   * @throws AppError conflict where it was used meanwhile
   */
  spendPermit(w: WriteDb): void
  /** The streamed body, of `ledger.import` alone. */
  readonly body: AsyncIterable<Uint8Array> | null
}

/** What a command is about: the business, and what an approval card shows. `why` is added by the policy gate. */
export interface CommandFacts extends Omit<ApprovalFacts, 'why' | 'about'> {
  /** Id of the record that it changes; a screen that shows the record says that it waits. */
  readonly about?: string | null
  /** It is about an item that is marked sensitive; rules can look at it. */
  readonly sensitive?: boolean
}

/** A field of a command's input that an approver may change. */
export type EditableField = Approval['editable'][number]

export type QueryHandler<N extends QueryName> = (context: QueryContext, input: Parsed<N>) => Output<N> | Promise<Output<N>>

interface Describes<N extends CommandName> {
  /**
   * The facts of this command as they stand now; throws AppError when the input names things that do not exist.
   * Left out where `businessId` of the input and the contract's summary say all.
   */
  readonly facts?: (db: ReadDb, input: Parsed<N>, actor: Actor) => CommandFacts
  /** The fields of its input that whoever approves may change, with their present values. None when left out. */
  readonly editable?: (input: Parsed<N>) => readonly EditableField[]
  /**
   * Where the output holds personal data, which may live only in subject tables: what is kept of the first outcome (ids), and how it is
   * read back for a repeated requestId.
   */
  readonly recall?: { readonly keep: (output: Output<N>) => unknown; readonly restore: (db: ReadDb, kept: unknown) => Output<N> }
}

export type CommandHandler<N extends CommandName> = Describes<N> &
  (
    | { readonly run: (context: CommandContext, input: Parsed<N>) => Output<N> }
    | { readonly task: (context: TaskContext, input: Parsed<N>) => Promise<Output<N>> }
  )

export type Handlers<Names extends QueryName | CommandName> = {
  readonly [N in Names]: N extends QueryName ? QueryHandler<N> : N extends CommandName ? CommandHandler<N> : never
}
