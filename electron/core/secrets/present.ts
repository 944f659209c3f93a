import type { Secret } from '../../../shared/contract/secrets'
import type { ReadDb } from '../db'
import { attachmentsOf } from './attachments.repository'
import type { Head } from './heads.repository'
import { type Items, summaryOf } from './items'
import { stepsOf } from './rotationSteps'
import { showFields } from './sealedFields'

/** An item as it may be shown: hidden values stay sealed. */
export function presentSecret(r: ReadDb, items: Items, id: string): Secret {
  const head = items.head(r, id)
  return {
    ...summaryOf(head),
    fields: showFields(r, items.cipher, id, head.version).map((field) => ({
      ...field,
      value: field.value === null ? null : field.value.toString('utf8'),
    })),
    attachments: attachmentsOf(r, id).map(({ id: attachmentId, name, mediaType, bytes, createdAt }) => ({
      id: attachmentId,
      name,
      mediaType,
      bytes,
      createdAt,
    })),
    rotation: rotationOf(head),
    dependants: items.dependantsOf(r, id),
  }
}

function rotationOf(head: Head): Secret['rotation'] {
  return {
    everyDays: head.rotateEveryDays,
    changedAt: head.valuesChangedAt,
    dueAt: head.dueAt,
    phase: head.phase,
    testedAt: head.testedAt,
    problem: head.problem,
    retiresAt: head.retiresAt,
    steps: stepsOf(head.kind, head.phase),
  }
}
