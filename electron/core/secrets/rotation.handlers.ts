import type { SecretKind } from '../../../shared/contract/secrets'
import { AppError } from '../../../shared/errors'
import { auditEnd } from '../audit/index'
import type { ReadDb } from '../db'
import type { Handlers } from '../dispatch/handler'
import type { CredentialTest, CredentialTester } from '../ports/credentialTester'
import { itemFacts, itemNote } from './facts'
import { plainName } from './fieldRules'
import type { Head } from './heads.repository'
import type { Items } from './items'
import { presentSecret } from './present'
import { defaultOverlapHours } from './rotationPolicy'
import { cancelRotation, finishRotation, settleTest, startRotation, waitingValue } from './rotations'
import { openFields } from './sealedFields'
import { type OpenField, wipeFields } from './secretItems'
import { actOf, bytesOf, recallSecret } from './secrets.handlers'

type Names =
  | 'secrets.startRotation'
  | 'secrets.testRotation'
  | 'secrets.finishRotation'
  | 'secrets.cancelRotation'
  | 'secrets.test'

export interface RotationDeps {
  readonly items: Items
  /** How credentials of a kind are tried; a kind that is missing cannot be. */
  readonly testers: ReadonlyMap<SecretKind, CredentialTester>
}

/** Values by the plain names of their fields: a tester does not care how its owner wrote "Secret key". */
function byPlainName(fields: readonly OpenField[]): Map<string, Buffer> {
  return new Map(fields.filter(({ value }) => value.length > 0).map(({ name, value }) => [plainName(name), value]))
}

async function tryOut(tester: CredentialTester, head: Head, fields: readonly OpenField[]): Promise<CredentialTest> {
  try {
    return await tester.test(byPlainName(fields), { businessId: head.businessId })
  } finally {
    wipeFields(fields)
  }
}

export function rotationHandlers({ items, testers }: RotationDeps): Handlers<Names> {
  const recall = recallSecret(items)
  const factsOf = (db: ReadDb, secretId: string, what: string) =>
    itemFacts(items.liveHead(db, secretId), { what, undo: 'yes', after: { phase: items.liveHead(db, secretId).phase } })

  /** What to say of the value that waits: the provider's answer, or the owner's word where nobody can be asked. */
  const judge = async (
    head: Head,
    fields: readonly OpenField[],
    confirmed: boolean,
    byOwner: boolean,
  ): Promise<CredentialTest> => {
    const tester = testers.get(head.kind)
    if (tester !== undefined) return tryOut(tester, head, fields)
    wipeFields(fields)
    if (!confirmed) {
      throw new AppError(
        'invalid_input',
        'Nobody can be asked whether this value works. Nothing was changed. Try it yourself, then confirm that it works.',
      )
    }
    if (!byOwner) {
      throw new AppError('forbidden', 'Only the owner can confirm that a value works. Nothing was changed.')
    }
    return { ok: true, message: '' }
  }

  return {
    'secrets.startRotation': {
      recall,
      facts: (db, { secretId }) => factsOf(db, secretId, 'Begin a rotation: a new value waits beside the old one'),
      run: (context, { secretId, version, fields: given }) => {
        const fields = bytesOf(given)
        try {
          startRotation(context.db, items, secretId, { version, fields }, actOf(context, 'secrets.startRotation'))
        } finally {
          wipeFields(fields)
        }
        context.note(itemNote(items.head(context.db, secretId)))
        context.changed('secrets')
        return presentSecret(context.db, items, secretId)
      },
    },

    'secrets.testRotation': {
      recall,
      facts: (db, { secretId }) => factsOf(db, secretId, 'Try the new value of a rotation at its provider'),
      async task(context, { secretId, confirmedByOwner = false }) {
        const { database } = context
        const head = items.liveHead(database.read, secretId)
        context.note(itemNote(head))
        const { fields, mark } = waitingValue(database.read, items, head)
        const { ok, message } = await judge(head, fields, confirmedByOwner, context.actor.name === 'owner')
        const host = testers.get(head.kind)?.host ?? null
        const shown = database.write((w) => {
          const act = actOf(context, 'secrets.testRotation')
          settleTest(w, items, secretId, { mark, problem: ok ? null : message, host }, act)
          context.note({ ok })
          const secret = presentSecret(w, items, secretId)
          context.settle(w, secret)
          return secret
        })
        context.changed('secrets')
        return shown
      },
    },

    'secrets.finishRotation': {
      recall,
      facts: (db, { secretId, overlapHours }) => {
        const retires = overlapHours === 0 && items.liveHead(db, secretId).phase === 'overlap'
        const what = retires ? 'Retire the old value of a rotation now' : 'Use the new value of a rotation from now on'
        return factsOf(db, secretId, what)
      },
      run: (context, { secretId, overlapHours = defaultOverlapHours }) => {
        finishRotation(context.db, items, secretId, overlapHours, actOf(context, 'secrets.finishRotation'))
        const head = items.head(context.db, secretId)
        context.note({ ...itemNote(head), version: head.version, overlapHours })
        context.changed('secrets', 'integrations')
        return presentSecret(context.db, items, secretId)
      },
    },

    'secrets.cancelRotation': {
      recall,
      facts: (db, { secretId }) => factsOf(db, secretId, 'Drop the new value of a rotation, or go back to the old one'),
      run: (context, { secretId }) => {
        cancelRotation(context.db, items, secretId, actOf(context, 'secrets.cancelRotation'))
        const head = items.head(context.db, secretId)
        context.note({ ...itemNote(head), version: head.version })
        context.changed('secrets', 'integrations')
        return presentSecret(context.db, items, secretId)
      },
    },

    'secrets.test': {
      facts: (db, { secretId }) => factsOf(db, secretId, 'Try a stored credential at its provider'),
      async task(context, { secretId }) {
        const { database } = context
        const head = items.liveHead(database.read, secretId)
        context.note(itemNote(head))
        const tester = testers.get(head.kind)
        if (tester === undefined) {
          throw new AppError('invalid_input', 'Nobody can be asked whether a secret of this kind works. Nothing was tried.')
        }
        const test = await tryOut(tester, head, openFields(database.read, items.cipher, secretId, head.version))
        database.write((w) => {
          context.note({ ok: test.ok })
          context.settle(w, test)
          const outcome = test.ok ? 'done' : 'failed'
          const use = { ...actOf(context, 'secrets.test'), secretId, action: 'tested', host: tester.host, outcome } as const
          items.recordUse(w, { ...use, auditSeq: auditEnd(w).rows })
        })
        context.changed('secrets')
        return test
      },
    },
  }
}
