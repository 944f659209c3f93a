import type { Dependant, SecretSummary, SecretUse } from '../../../shared/contract/secrets'
import { defaultInterval } from '../../../shared/domain/rotation'
import { AppError } from '../../../shared/errors'
import { getBusiness } from '../businesses/index'
import type { ReadDb, WriteDb } from '../db'
import type { ActorName } from '../dispatch/actor'
import { newId } from '../ports/ids'
import type { RecordCipher } from '../vault/index'
import { removeAttachmentsOf } from './attachments.repository'
import { changedNames, checkFields, hiddenValuesDiffer, isHidden } from './fieldRules'
import {
  advanceHead,
  blankHead,
  countHeads,
  findHead,
  type Head,
  headIds,
  insertHead,
  noRotation,
  setDeleted,
  setDue,
  setRotation,
} from './heads.repository'
import { hintOf, hostsOf } from './hint'
import { dueAt } from './rotationPolicy'
import { isPending, rotationUnderWay } from './rotationState'
import { openFields, writeVersion } from './sealedFields'
import {
  type Act,
  type DependantSource,
  type ItemChange,
  type NewItem,
  type NewUse,
  type OpenField,
  type SecretItems,
  type WrittenItems,
  wipeFields,
} from './secretItems'
import { recordUse, writtenSince } from './uses.repository'
import { dropVersions, dropVersionsAbove } from './versions.repository'

export function noSuchSecret(): AppError {
  return new AppError('not_found', 'There is no such secret. Nothing was done.')
}

/** The refusal of a change by someone who saw another version. */
export function staleVersion(version: number): AppError {
  return new AppError('conflict', 'This secret was changed meanwhile. Nothing was changed now. Look at it again and repeat.', {
    version,
  })
}

/** What a head says about the fields of its version. */
function told(kind: Head['kind'], fields: readonly OpenField[]): Pick<Head, 'hint' | 'hosts'> {
  return { hint: hintOf(kind, fields), hosts: hostsOf(kind, fields) }
}

/** The items of the vault, as `SecretItems` says, with what only this domain may do. */
export class Items implements SecretItems {
  readonly cipher: RecordCipher
  readonly #sources: DependantSource[] = []
  /** Items whose dependants hear of a change once it is committed. */
  readonly #unsettled = new Set<string>()

  constructor(cipher: RecordCipher) {
    this.cipher = cipher
  }

  registerDependants(source: DependantSource): void {
    this.#sources.push(source)
  }

  dependantsOf(r: ReadDb, id: string): Dependant[] {
    return this.#sources.flatMap((source) => source.dependantsOf(r, id))
  }

  /** Dependants that stop the item from being deleted or given other values beside a rotation. */
  holders(r: ReadDb, id: string): Dependant[] {
    return this.#sources.filter(({ holds }) => holds).flatMap((source) => source.dependantsOf(r, id))
  }

  /** Tells dependants of what was committed; the container calls it after each commit. One rolled back is told for nothing, which is harmless. */
  settle(): void {
    const ids = [...this.#unsettled]
    this.#unsettled.clear()
    for (const id of ids) for (const source of this.#sources) source.settled?.(id)
  }

  /** @throws AppError not_found; an item in the bin is found */
  head(r: ReadDb, id: string): Head {
    const head = findHead(r, id)
    if (head === undefined) throw noSuchSecret()
    return head
  }

  /** @throws AppError not_found; conflict for an item in the bin */
  liveHead(r: ReadDb, id: string): Head {
    const head = this.head(r, id)
    if (head.deletedAt !== null) {
      throw new AppError('conflict', 'This secret is in the bin. Nothing was done. Bring it back first.')
    }
    return head
  }

  summary(r: ReadDb, id: string, deleted = false): SecretSummary {
    const head = this.head(r, id)
    if (head.deletedAt !== null && !deleted) throw noSuchSecret()
    return summaryOf(head)
  }

  ids(r: ReadDb, businessId?: string | null): string[] {
    return headIds(r, businessId)
  }

  /** How many items there are of a business (null: of the vault; undefined: of all), and how many of them are sensitive. */
  count(r: ReadDb, businessId?: string | null): { readonly items: number; readonly sensitive: number } {
    return countHeads(r, businessId)
  }

  valuesChangedAt(r: ReadDb, id: string): number {
    return this.head(r, id).valuesChangedAt
  }

  markDue(w: WriteDb, id: string, at: number): void {
    setDue(w, this.head(w, id).id, at)
  }

  recordUse(w: WriteDb, use: NewUse): void {
    recordUse(w, use)
  }

  writtenSince(r: ReadDb, after: number | null): WrittenItems {
    return writtenSince(r, after)
  }

  readFields(r: ReadDb, id: string, version?: number): OpenField[] {
    const head = this.summary(r, id)
    return openFields(r, this.cipher, id, versionOf(head, version))
  }

  hiddenValues(r: ReadDb, id: string): OpenField[] {
    const head = findHead(r, id)
    if (head === undefined || head.deletedAt !== null) return []
    const beside = [isPending(head.phase) ? head.version + 1 : null, head.rotationFrom]
    const versions = [head.version, ...beside.filter((version) => version !== null)]
    return versions.flatMap((version) =>
      openFields(r, this.cipher, id, version).filter(({ type, value }) => {
        if (isHidden(type)) return true
        value.fill(0)
        return false
      }),
    )
  }

  create(w: WriteDb, item: NewItem, act: Act): string {
    const { businessId, kind, title, fields } = item
    if (businessId !== null) getBusiness(w, businessId)
    checkFields(kind, fields)
    const id = newId('sec', act.now)
    const rotateEveryDays = item.rotateEveryDays === undefined ? defaultInterval(kind) : item.rotateEveryDays
    insertHead(w, {
      id,
      businessId,
      kind,
      title,
      tags: [...new Set(item.tags ?? [])],
      ...told(kind, fields),
      sensitive: item.sensitive ?? false,
      createdAt: act.now,
      rotateEveryDays,
      valuesChangedAt: act.now,
      dueAt: dueAt(act.now, rotateEveryDays),
    })
    writeVersion(w, this.cipher, { secretId: id, version: 1, at: act.now, actor: act.actor, title, changed: [], fields })
    recordUse(w, { ...act, secretId: id, action: 'created' })
    this.#tellWritten(w, { id, businessId, kind }, act, fields)
    return id
  }

  change(w: WriteDb, id: string, change: ItemChange, act: Act, version?: number): number {
    const head = this.liveHead(w, id)
    if (version !== undefined && version !== head.version) throw staleVersion(head.version)
    if (isPending(head.phase)) throw rotationUnderWay()
    return this.write(w, head, change, { act, action: 'changed' })
  }

  /**
   * Writes the next version of an item and makes it the one in use. Where nothing differs, none is written.
   * @param how.guarded refuses other hidden values while a dependant holds the item
   * @param how.givenBy whose values they were before, where they are put back
   * @returns the version in use afterwards
   */
  write(
    w: WriteDb,
    head: Head,
    change: ItemChange,
    how: {
      readonly act: Act
      readonly action: SecretUse['action']
      readonly outcome?: string
      readonly guarded?: boolean
      readonly givenBy?: ActorName | undefined
    },
  ): number {
    const { now, actor } = how.act
    const before = openFields(w, this.cipher, head.id, head.version)
    try {
      const fields = change.fields ?? before
      checkFields(head.kind, fields)
      const title = change.title ?? head.title
      const tags = [...new Set(change.tags ?? head.tags)]
      const sensitive = change.sensitive ?? head.sensitive
      const rotateEveryDays = change.rotateEveryDays === undefined ? head.rotateEveryDays : change.rotateEveryDays
      const changed = changedNames(before, fields)
      const asBefore =
        changed.length === 0 &&
        sameOrder(
          before.map(({ name }) => name),
          fields.map(({ name }) => name),
        ) &&
        sameOrder(tags, head.tags) &&
        title === head.title &&
        sensitive === head.sensitive &&
        rotateEveryDays === head.rotateEveryDays
      if (asBefore) return head.version
      const renewed = hiddenValuesDiffer(before, fields)
      if (renewed && how.guarded === true) this.#assertNotHeld(w, head.id)
      const version = head.version + 1
      writeVersion(w, this.cipher, { secretId: head.id, version, at: now, actor, title, changed, fields })
      if (changed.length > 0) this.#tellWritten(w, head, how.act, fields, how.givenBy)
      const valuesChangedAt = renewed ? now : head.valuesChangedAt
      const keepsDue = !renewed && rotateEveryDays === head.rotateEveryDays
      advanceHead(w, head.id, {
        title,
        tags,
        ...told(head.kind, fields),
        sensitive,
        version,
        now,
        rotateEveryDays,
        valuesChangedAt,
        dueAt: keepsDue ? head.dueAt : dueAt(valuesChangedAt, rotateEveryDays),
      })
      const { action, outcome } = how
      recordUse(w, { ...how.act, secretId: head.id, action, ...(outcome === undefined ? {} : { outcome }) })
      if (renewed) {
        if (head.phase === 'overlap') setRotation(w, head.id, noRotation)
        this.announce(w, head.id, { from: head.version, to: version, now })
      }
      return version
    } finally {
      wipeFields(before)
    }
  }

  /** Makes the version that waits in a rotation the one in use. @param givenBy who made it */
  promote(w: WriteDb, head: Head, act: Act, givenBy: ActorName | undefined): void {
    const { now } = act
    const version = head.version + 1
    const fields = openFields(w, this.cipher, head.id, version)
    try {
      advanceHead(w, head.id, {
        ...head,
        ...told(head.kind, fields),
        version,
        now,
        valuesChangedAt: now,
        dueAt: dueAt(now, head.rotateEveryDays),
      })
      this.#tellWritten(w, head, act, fields, givenBy)
      this.announce(w, head.id, { from: head.version, to: version, now })
    } finally {
      wipeFields(fields)
    }
  }

  /** Tells dependants, in the transaction and again after it, that an item has other values. */
  announce(w: WriteDb, id: string, step: { readonly from: number; readonly to: number; readonly now: number }): void {
    for (const source of this.#sources) source.changed?.(w, id, step)
    this.#unsettled.add(id)
  }

  /** Puts an item into the bin. A rotation of it ends: what waited is dropped. @throws AppError conflict */
  bin(w: WriteDb, head: Head, act: Act): void {
    const [holder] = this.holders(w, head.id)
    if (holder !== undefined) {
      throw new AppError(
        'conflict',
        `${holder.label} uses this secret and would stop working. Nothing was deleted. Disconnect it first.`,
      )
    }
    dropVersionsAbove(w, head.id, head.version)
    setRotation(w, head.id, noRotation)
    setDeleted(w, head.id, act.now)
    recordUse(w, { ...act, secretId: head.id, action: 'deleted' })
    this.#tellDeleted(w, head.id, act.now)
  }

  destroy(w: WriteDb, id: string, act: Act): void {
    this.destroyFor(w, id, act)
  }

  /** As `destroy`. @param auditSeq the row that proves it, where dispatch does not write it */
  destroyFor(w: WriteDb, id: string, act: Act, auditSeq?: number): void {
    const head = this.head(w, id)
    blankHead(w, id, act.now)
    dropVersions(w, id)
    removeAttachmentsOf(w, id)
    const proof = auditSeq === undefined ? {} : { auditSeq }
    recordUse(w, { ...act, secretId: id, action: 'deleted', outcome: 'destroyed', ...proof })
    if (head.deletedAt === null) this.#tellDeleted(w, id, act.now)
  }

  #tellWritten(
    w: WriteDb,
    { id, businessId, kind }: Pick<Head, 'id' | 'businessId' | 'kind'>,
    { actor, now }: Act,
    fields: readonly OpenField[],
    givenBy = actor,
  ): void {
    const by = [...new Set([givenBy, actor])]
    for (const source of this.#sources) source.written?.(w, { id, businessId, kind, by, now }, fields)
  }

  #tellDeleted(w: WriteDb, id: string, now: number): void {
    for (const source of this.#sources) source.deleted?.(w, id, now)
    this.#unsettled.add(id)
  }

  #assertNotHeld(r: ReadDb, id: string): void {
    const [holder] = this.holders(r, id)
    if (holder === undefined) return
    throw new AppError(
      'conflict',
      `${holder.label} uses this secret, so its values change only through a rotation, which tries the new one first. Nothing was changed. Start a rotation.`,
    )
  }
}

function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index])
}

/**
 * The number of a version that may be read: the one in use, or one before it.
 * @throws AppError not_found, also for one that waits in a rotation
 */
export function versionOf(head: Pick<Head, 'version'>, version: number | undefined): number {
  if (version === undefined) return head.version
  if (version >= 1 && version <= head.version) return version
  throw new AppError('not_found', 'There is no such version of this secret. Nothing was done.')
}

export function summaryOf(head: Head): SecretSummary {
  const { id, businessId, kind, title, hint, sensitive, version, createdAt, updatedAt, lastUsedAt, attachmentCount, deletedAt } =
    head
  return {
    id,
    businessId,
    kind,
    title,
    tags: [...head.tags],
    hint,
    sensitive,
    version,
    createdAt,
    updatedAt,
    lastUsedAt,
    dueAt: head.dueAt,
    rotationPhase: head.phase,
    attachmentCount,
    deletedAt,
  }
}
