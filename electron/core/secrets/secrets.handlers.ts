import { z } from 'zod'
import type { Parsed } from '../../../shared/contract/index'
import type { Secret } from '../../../shared/contract/secrets'
import { foldedWords } from '../../../shared/domain/fold'
import { AppError } from '../../../shared/errors'
import { getBusiness } from '../businesses/index'
import type { ReadDb } from '../db'
import { cursorOfAnotherList, decodeCursor, defaultLimit, pageOfRows } from '../db/paging'
import type { Actor } from '../dispatch/actor'
import type { CommandContext, Handlers } from '../dispatch/handler'
import type { StepUp } from '../ports/stepUp'
import { itemFacts, itemNote } from './facts'
import { fieldNamed, isHidden, plainName } from './fieldRules'
import { countTags, isListed, searchHeads, setDeleted } from './heads.repository'
import { type Items, noSuchSecret, staleVersion, summaryOf, versionOf } from './items'
import { presentSecret } from './present'
import { dayMs } from './rotationPolicy'
import { isPending, rotationUnderWay } from './rotationState'
import { openFields } from './sealedFields'
import { type Act, type OpenField, wipeFields } from './secretItems'
import { usesBefore } from './uses.repository'
import { authorOf, versionsUpTo } from './versions.repository'

type Names =
  | 'secrets.create'
  | 'secrets.update'
  | 'secrets.get'
  | 'secrets.list'
  | 'secrets.tags'
  | 'secrets.history'
  | 'secrets.restoreVersion'
  | 'secrets.delete'
  | 'secrets.undelete'
  | 'secrets.usage'

/** The cursor of the list names its last item: the sort key is read back, so that no title stands in a cursor. */
const listKey = z.tuple([z.string()])
const numberKey = z.tuple([z.int().min(1)])

/** A stored outcome holds the id alone: what is shown of an item may be personal. */
export function recallSecret(items: Items) {
  return {
    keep: (output: Secret) => output.id,
    restore: (db: ReadDb, kept: unknown) => presentSecret(db, items, z.string().parse(kept)),
  }
}

export function actOf(context: Pick<CommandContext, 'actor' | 'door' | 'now'>, procedure: string): Act {
  return { actor: context.actor.name, door: context.door, procedure, now: context.now }
}

/** Values as they came in, for sealing. The caller wipes them. */
export function bytesOf(fields: Parsed<'secrets.create'>['fields']): OpenField[] {
  return fields.map(({ name, type, value }) => ({ name, type, value: Buffer.from(value, 'utf8') }))
}

type FieldChanges = NonNullable<Parsed<'secrets.update'>['fields']>

/**
 * The new list of fields: a value left out stays as it is, under the name as it is written now.
 * @throws AppError invalid_input when a hidden value left out would be shown from now on
 */
function changedFields(before: readonly OpenField[], changes: FieldChanges): OpenField[] {
  return changes.map(({ name, type, value }) => {
    if (value !== undefined) return { name, type, value: Buffer.from(value, 'utf8') }
    const old = fieldNamed(before, name)
    if (old !== undefined && isHidden(old.type) && !isHidden(type) && old.value.length > 0) {
      throw new AppError(
        'invalid_input',
        `The field ${name} is hidden and would be shown. Nothing was changed. Enter its value again to keep it in the open.`,
      )
    }
    return { name, type, value: Buffer.from(old?.value ?? '') }
  })
}

/** A field as it stood in an earlier version; one that was hidden since, under its name or another, stays hidden. */
function stillHidden(field: OpenField, now: readonly OpenField[]): OpenField {
  if (isHidden(field.type)) return field
  const isIt = ({ name, value }: OpenField) =>
    plainName(name) === plainName(field.name) || (value.length > 0 && value.equals(field.value))
  const since = now.find((other) => isHidden(other.type) && isIt(other))
  return since === undefined ? field : { ...field, type: since.type }
}

export interface SecretHandlerDeps {
  readonly items: Items
  readonly stepUp: StepUp
  /** Ids of the items that a helper sees: those of its grant; null for everyone else. */
  readonly visibleSecrets: (r: ReadDb, actor: Actor) => ReadonlySet<string> | null
}

export function secretHandlers({ items, stepUp, visibleSecrets }: SecretHandlerDeps): Handlers<Names> {
  const recall = recallSecret(items)
  const done = (context: CommandContext, id: string): Secret => {
    const head = items.head(context.db, id)
    context.note({ ...itemNote(head), version: head.version })
    context.changed('secrets')
    return presentSecret(context.db, items, id)
  }

  return {
    'secrets.create': {
      recall,
      facts: (db, { businessId, kind, sensitive, fields }) => ({
        businessId: businessId === undefined ? null : getBusiness(db, businessId).id,
        what: 'Keep a new secret in the vault',
        amount: null,
        payee: null,
        before: {},
        after: { kind, sensitive: sensitive === true ? 'yes' : 'no', fields: String(fields.length) },
        undo: 'yes',
      }),
      // Facts hold no names; whoever decides is shown the title from the sealed request.
      editable: ({ title }) => [{ field: 'title', kind: 'text', value: title }],
      run: (context, input) => {
        const fields = bytesOf(input.fields)
        try {
          const item = { ...input, businessId: input.businessId ?? null, fields }
          return done(context, items.create(context.db, item, actOf(context, 'secrets.create')))
        } finally {
          wipeFields(fields)
        }
      },
    },

    'secrets.update': {
      recall,
      facts: (db, { secretId }) =>
        itemFacts(items.liveHead(db, secretId), { what: 'Change a secret in the vault; its versions are kept', undo: 'yes' }),
      run: (context, { secretId, version, fields: changes, ...change }) => {
        const { db } = context
        const head = items.liveHead(db, secretId)
        if (version !== head.version) throw staleVersion(head.version)
        if (isPending(head.phase)) throw rotationUnderWay()
        if (head.sensitive && change.sensitive === false) stepUp.require(context.actor.name)
        const before = changes === undefined ? [] : openFields(db, items.cipher, secretId, head.version)
        const fields = changes === undefined ? undefined : changedFields(before, changes)
        wipeFields(before)
        try {
          const how = { act: actOf(context, 'secrets.update'), action: 'changed', guarded: true } as const
          items.write(db, head, { ...change, fields }, how)
          return done(context, secretId)
        } finally {
          wipeFields(fields ?? [])
        }
      },
    },

    'secrets.get': ({ db, actor }, { secretId }) => {
      const visible = visibleSecrets(db, actor)
      if (visible === null) return presentSecret(db, items, secretId)
      if (!visible.has(secretId)) throw noSuchSecret()
      return { ...presentSecret(db, items, secretId), dependants: [] }
    },

    'secrets.list': (context, input) => {
      const { db, now, actor } = context
      const { businessId, kind, tag, dueWithinDays, cursor, limit = defaultLimit } = input
      if (businessId !== undefined) getBusiness(db, businessId)
      const after = cursor === undefined ? null : decodeCursor(cursor, listKey)[0]
      if (after !== null && !isListed(db, after)) throw cursorOfAnotherList()
      const heads = searchHeads(db, {
        among: visibleSecrets(db, actor),
        businessId,
        withVault: input.withVault,
        kind,
        tag,
        words: foldedWords(input.query ?? ''),
        dueBy: dueWithinDays === undefined ? null : now + dueWithinDays * dayMs,
        deleted: input.deleted ?? false,
        after,
        limit,
      })
      return pageOfRows(heads, limit, ({ id }) => [id], summaryOf)
    },

    'secrets.tags': (context, { businessId, withVault }) => {
      if (businessId !== undefined) getBusiness(context.db, businessId)
      return { items: countTags(context.db, businessId, withVault) }
    },

    'secrets.history': (context, { secretId, cursor, limit = defaultLimit }) => {
      const { version } = items.head(context.db, secretId)
      const last = cursor === undefined ? version + 1 : decodeCursor(cursor, numberKey)[0]
      const rows = versionsUpTo(context.db, secretId, Math.min(version, last - 1), limit + 1)
      return pageOfRows(
        rows,
        limit,
        (row) => [row.version],
        (row) => row,
      )
    },

    'secrets.restoreVersion': {
      recall,
      facts: (db, { secretId, restore }) =>
        itemFacts(items.liveHead(db, secretId), {
          what: 'Make an earlier version of a secret the newest one again',
          undo: 'yes',
          after: { restores: String(restore) },
        }),
      run: (context, { secretId, version, restore }) => {
        const { db } = context
        const head = items.liveHead(db, secretId)
        if (version !== head.version) throw staleVersion(head.version)
        if (isPending(head.phase)) throw rotationUnderWay()
        const wanted = versionOf(head, restore)
        const now = openFields(db, items.cipher, secretId, head.version)
        const fields = openFields(db, items.cipher, secretId, wanted).map((field) => stillHidden(field, now))
        wipeFields(now)
        try {
          const title = versionsUpTo(db, secretId, wanted, 1)[0]?.title ?? head.title
          const givenBy = authorOf(db, secretId, wanted)
          const how = { act: actOf(context, 'secrets.restoreVersion'), action: 'changed', guarded: true, givenBy } as const
          items.write(db, head, { fields, title }, how)
          context.note({ restored: wanted })
          return done(context, secretId)
        } finally {
          wipeFields(fields)
        }
      },
    },

    'secrets.delete': {
      recall,
      facts: (db, { secretId }) =>
        itemFacts(items.liveHead(db, secretId), {
          what: 'Put a secret away for 30 days, after which it is gone for good',
          undo: 'yes',
        }),
      run: (context, { secretId, version }) => {
        const head = items.liveHead(context.db, secretId)
        if (version !== head.version) throw staleVersion(head.version)
        items.bin(context.db, head, actOf(context, 'secrets.delete'))
        return done(context, secretId)
      },
    },

    'secrets.undelete': {
      recall,
      facts: (db, { secretId }) => itemFacts(items.head(db, secretId), { what: 'Bring a deleted secret back', undo: 'yes' }),
      run: (context, { secretId }) => {
        const head = items.head(context.db, secretId)
        if (head.deletedAt !== null) {
          setDeleted(context.db, secretId, null)
          const use = { secretId, action: 'changed', outcome: 'brought back' } as const
          items.recordUse(context.db, { ...actOf(context, 'secrets.undelete'), ...use })
        }
        return done(context, secretId)
      },
    },

    'secrets.usage': (context, { secretId, cursor, limit = defaultLimit }) => {
      items.head(context.db, secretId)
      const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(cursor, numberKey)[0]
      return pageOfRows(
        usesBefore(context.db, secretId, before, limit + 1),
        limit,
        ({ seq }) => [seq],
        ({ seq: _, ...use }) => use,
      )
    },
  }
}
