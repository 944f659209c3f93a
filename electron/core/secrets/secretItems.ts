import type { Dependant, FieldType, SecretKind, SecretSummary, SecretUse } from '../../../shared/contract/secrets'
import type { ReadDb, WriteDb } from '../db'
import type { ActorName, Door } from '../dispatch/actor'

/** Who does something with an item, and when: what history and uses record. */
export interface Act {
  readonly actor: ActorName
  readonly door: Door
  /** The procedure that does it, as in the audit log. */
  readonly procedure: string
  /** UTC epoch milliseconds. */
  readonly now: number
}

/** A field in the open. Whoever receives one wipes `value` after use (`wipeFields`). */
export interface OpenField {
  readonly name: string
  readonly type: FieldType
  /** UTF-8. */
  readonly value: Buffer
}

export interface NewItem {
  /** Null for an item of the vault itself. */
  readonly businessId: string | null
  readonly kind: SecretKind
  readonly title: string
  readonly tags?: readonly string[] | undefined
  readonly sensitive?: boolean | undefined
  readonly fields: readonly OpenField[]
  /** The default of its kind when left out; null for never. */
  readonly rotateEveryDays?: number | null | undefined
}

/** A change of an item; what is left out stays. Any change makes a new version, the one before is kept. */
export interface ItemChange {
  readonly title?: string | undefined
  readonly tags?: readonly string[] | undefined
  readonly sensitive?: boolean | undefined
  /** The whole list in its new order. */
  readonly fields?: readonly OpenField[] | undefined
  readonly rotateEveryDays?: number | null | undefined
}

export interface NewUse extends Act {
  readonly secretId: string
  readonly action: SecretUse['action']
  /** Where the value went, for a use that left the machine. */
  readonly host?: string | null
  readonly field?: string | null
  /** `done` when left out. */
  readonly outcome?: string
  /**
   * The audit row that proves it, of the same actor and procedure. Left out by a synchronous command handler: then it is the next row of
   * the log, which dispatch writes in this very transaction.
   */
  readonly auditSeq?: number
}

/** Something that stops working when a secret does; registered by the domain that knows it. */
export interface DependantSource {
  dependantsOf(r: ReadDb, secretId: string): readonly Dependant[]
  /** True where its secrets cannot be deleted, and their hidden values change only through a rotation. */
  readonly holds: boolean
  /** In the transaction that gives an item its first values or other ones: all of them in the open, for the time of the call. */
  written?(
    w: WriteDb,
    item: {
      readonly id: string
      readonly businessId: string | null
      readonly kind: SecretKind
      /** Who gave them, and who put them in force where that is another: the last one. */
      readonly by: readonly ActorName[]
      readonly now: number
    },
    fields: readonly OpenField[],
  ): void
  /** In the transaction that gives the item other hidden values: from one version in use to the next. */
  changed?(w: WriteDb, secretId: string, step: { readonly from: number; readonly to: number; readonly now: number }): void
  /** In the transaction that puts the item into the bin. */
  deleted?(w: WriteDb, secretId: string, now: number): void
  /** After the commit of either, outside any transaction. */
  settled?(secretId: string): void
}

/** Items that were given values, and how far the log that told of them was read. */
export interface WrittenItems {
  readonly ids: readonly string[]
  readonly upTo: number
}

/** The items of the vault for other domains. All of it needs an unlocked vault, save where it says otherwise. */
export interface SecretItems {
  /** Makes an item with its first version and records the use 'created'. @returns its id */
  create(w: WriteDb, item: NewItem, act: Act): string
  /**
   * @returns the version in use afterwards; none is made where nothing differs
   * @throws AppError not_found; conflict when `version` is given and not the one in use, or a rotation is under way
   */
  change(w: WriteDb, id: string, change: ItemChange, act: Act, version?: number): number
  /** The fields of a version, of the one in use when left out. @throws AppError not_found; internal when it was tampered with */
  readFields(r: ReadDb, id: string, version?: number): OpenField[]
  /**
   * Every hidden value that an item stands for: those in use, in an overlap the old ones, in a rotation those that wait. None of an item
   * that is in the bin or gone.
   */
  hiddenValues(r: ReadDb, id: string): OpenField[]
  /** Removes an item for good: its versions, attachments and title. Also while locked. @throws AppError not_found */
  destroy(w: WriteDb, id: string, act: Act): void
  /** Also while locked. @throws AppError not_found, also for an item in the bin unless `deleted` is true */
  summary(r: ReadDb, id: string, deleted?: boolean): SecretSummary
  /** Ids of the items of a business (null: of the vault; undefined: of all), not those in the bin, in order of making. Also while locked. */
  ids(r: ReadDb, businessId?: string | null): string[]
  /** When its hidden values were last changed, UTC epoch milliseconds. Also while locked. @throws AppError not_found */
  valuesChangedAt(r: ReadDb, id: string): number
  /** Makes it due for rotation at an instant, whatever its interval; a change of its values ends that. Also while locked. */
  markDue(w: WriteDb, id: string, at: number): void
  /** Records a use; see `NewUse.auditSeq`. Also while locked. */
  recordUse(w: WriteDb, use: NewUse): void
  /** Items that were given values since a place in the log of uses; null for all. Also while locked. */
  writtenSince(r: ReadDb, after: number | null): WrittenItems
  /** What stops working when the item does. Also while locked. */
  dependantsOf(r: ReadDb, id: string): Dependant[]
  /** Called while the app is composed. */
  registerDependants(source: DependantSource): void
}

/** Overwrites values that were read. */
export function wipeFields(fields: Iterable<OpenField>): void {
  for (const { value } of fields) value.fill(0)
}
