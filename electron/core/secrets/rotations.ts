import { AppError } from '../../../shared/errors'
import type { ReadDb, WriteDb } from '../db'
import { changedNames, checkFields, hiddenValuesDiffer, laidOver } from './fieldRules'
import { type Head, noRotation, setRotation } from './heads.repository'
import { type Items, staleVersion } from './items'
import { retiringAt } from './rotationPolicy'
import { assertStep, isPending } from './rotationState'
import { openFields, writeVersion } from './sealedFields'
import { type Act, type OpenField, wipeFields } from './secretItems'
import { authorOf, dropVersionsAbove, sealedKeyOf, stampVersion } from './versions.repository'

/**
 * Adds a new value as the next version, beside the one in use.
 * @throws AppError conflict, invalid_input
 */
export function startRotation(
  w: WriteDb,
  items: Items,
  id: string,
  next: { readonly version: number; readonly fields: readonly OpenField[] },
  act: Act,
): void {
  const head = items.liveHead(w, id)
  if (head.version !== next.version) throw staleVersion(head.version)
  assertStep('start', head.phase)
  const before = openFields(w, items.cipher, id, head.version)
  try {
    const fields = laidOver(before, next.fields)
    checkFields(head.kind, fields)
    if (!hiddenValuesDiffer(before, fields)) {
      throw new AppError(
        'invalid_input',
        'The new value is the one that is in use already. Nothing was changed. Make a new one first.',
      )
    }
    writeVersion(w, items.cipher, {
      secretId: id,
      version: head.version + 1,
      at: act.now,
      actor: act.actor,
      title: head.title,
      changed: changedNames(before, fields),
      fields,
    })
  } finally {
    wipeFields(before)
  }
  setRotation(w, id, { ...noRotation, phase: 'added' })
  items.recordUse(w, { ...act, secretId: id, action: 'rotated', outcome: 'started' })
}

/** The value that waits, and what tells it from another one that may wait later. */
export interface WaitingValue {
  readonly fields: OpenField[]
  readonly mark: Buffer
}

/** @throws AppError conflict when none waits */
export function waitingValue(r: ReadDb, items: Items, head: Head): WaitingValue {
  assertStep('test', head.phase)
  return { fields: openFields(r, items.cipher, head.id, head.version + 1), mark: markOf(r, head) }
}

function markOf(r: ReadDb, head: Head): Buffer {
  return sealedKeyOf(r, head.id, head.version + 1) ?? Buffer.alloc(0)
}

/**
 * Keeps what a test said of the waiting value.
 * @param mark of the value that was tested
 * @param problem null when the provider took it
 * @throws AppError conflict when another value waits by now, or none
 */
export function settleTest(
  w: WriteDb,
  items: Items,
  id: string,
  test: { readonly mark: Buffer; readonly problem: string | null; readonly host: string | null },
  act: Act,
): void {
  const head = items.liveHead(w, id)
  assertStep('test', head.phase)
  if (!markOf(w, head).equals(test.mark)) {
    throw new AppError('conflict', 'Another value waits by now, so the test says nothing about it. Test it again.')
  }
  const ok = test.problem === null
  setRotation(w, id, { ...noRotation, phase: ok ? 'tested' : 'added', testedAt: act.now, problem: test.problem })
  items.recordUse(w, { ...act, secretId: id, action: 'tested', host: test.host, outcome: ok ? 'done' : 'failed' })
}

/**
 * Makes the tested value the one in use. The old one is kept for the overlap; without one it is retired at once, also where an overlap runs
 * already. @throws AppError conflict
 */
export function finishRotation(w: WriteDb, items: Items, id: string, overlapHours: number, act: Act): void {
  const head = items.liveHead(w, id)
  if (head.phase === 'overlap' && overlapHours === 0) {
    retire(w, items, id, act)
    return
  }
  assertStep('finish', head.phase)
  const givenBy = authorOf(w, id, head.version + 1)
  stampVersion(w, id, head.version + 1, { at: act.now, actor: act.actor })
  setRotation(w, id, noRotation)
  items.promote(w, head, act, givenBy)
  if (overlapHours > 0) {
    const retiresAt = retiringAt(act.now, overlapHours)
    setRotation(w, id, { ...noRotation, phase: 'overlap', testedAt: head.testedAt, rotationFrom: head.version, retiresAt })
  }
  items.recordUse(w, { ...act, secretId: id, action: 'rotated' })
}

/** Drops the waiting value; within the overlap the old value comes back as the newest version. @throws AppError conflict */
export function cancelRotation(w: WriteDb, items: Items, id: string, act: Act): void {
  const head = items.liveHead(w, id)
  assertStep('cancel', head.phase)
  setRotation(w, id, noRotation)
  if (isPending(head.phase)) {
    dropVersionsAbove(w, id, head.version)
    items.recordUse(w, { ...act, secretId: id, action: 'rotated', outcome: 'cancelled' })
    return
  }
  const from = head.rotationFrom ?? head.version
  const fields = openFields(w, items.cipher, id, from)
  try {
    items.write(w, head, { fields }, { act, action: 'rotated', outcome: 'cancelled', givenBy: authorOf(w, id, from) })
  } finally {
    wipeFields(fields)
  }
}

/** Ends the overlap: the old value is history. @param auditSeq the row that proves it, where dispatch does not write it */
export function retire(w: WriteDb, items: Items, id: string, act: Act, auditSeq?: number): void {
  assertStep('retire', items.head(w, id).phase)
  setRotation(w, id, noRotation)
  const proof = auditSeq === undefined ? {} : { auditSeq }
  items.recordUse(w, { ...act, secretId: id, action: 'rotated', outcome: 'retired', ...proof })
}
