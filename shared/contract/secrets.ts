import { z } from 'zod'
import { id, textLine } from '../domain/ids'
import { command, page, pageOf, query } from './procedure'

export const secretKinds = ['api_key', 'login', 'card', 'bank_account', 'note', 'file', 'stripe', 'upwork'] as const
export const secretKind = z.enum(secretKinds)
export type SecretKind = z.infer<typeof secretKind>

/** `hidden` and `totp` values leave the vault only by a reveal, a copy or the broker; the others are shown with the item. */
export const fieldTypes = ['text', 'hidden', 'multiline', 'url', 'email', 'phone', 'date', 'totp'] as const
export const fieldType = z.enum(fieldTypes)
export type FieldType = z.infer<typeof fieldType>

/** The word that a placeholder names: `{{secret.password}}`. */
export const fieldName = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,59}$/u, {
  error: 'must start with a letter or digit and have at most 60 letters, digits, spaces, - or _',
})
const fieldValue = z.string().max(20_000)
const tag = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u, { error: 'must be a short word or phrase' })
const tags = z.array(tag).max(20)
export const rotateEveryDays = z.int().min(1).max(3650)
const base64 = z.base64()

export const newField = z.strictObject({ name: fieldName, type: fieldType, value: fieldValue })
/** A value left out stays as it is. */
export const fieldChange = z.strictObject({ name: fieldName, type: fieldType, value: fieldValue.optional() })

export const secretField = z.object({
  name: z.string(),
  type: fieldType,
  /** Null where it is hidden or empty. */
  value: z.string().nullable(),
  filled: z.boolean(),
})
export type SecretField = z.infer<typeof secretField>

export const attachment = z.object({
  id,
  name: z.string(),
  mediaType: z.string(),
  bytes: z.int(),
  createdAt: z.int(),
})
export type Attachment = z.infer<typeof attachment>

export const rotationPhases = ['none', 'added', 'tested', 'overlap'] as const
export const rotation = z.object({
  /** Null: it is never due. */
  everyDays: z.int().nullable(),
  /** When the value was last changed. */
  changedAt: z.int(),
  dueAt: z.int().nullable(),
  /** `added`: a new value waits beside the old one; `tested`: the provider took it; `overlap`: the new one is in use, the old one is kept until it is retired. */
  phase: z.enum(rotationPhases),
  /** What the last test said; null before one. */
  testedAt: z.int().nullable(),
  problem: z.string().nullable(),
  /** When the old value is retired; only in `overlap`. */
  retiresAt: z.int().nullable(),
  /** What to do next at the provider, in order. */
  steps: z.array(z.string()),
})
export type Rotation = z.infer<typeof rotation>

/** What stops working when the secret does. */
export const dependant = z.object({ kind: z.enum(['integration', 'grant', 'payee']), id, label: z.string() })
export type Dependant = z.infer<typeof dependant>

export const secretSummary = z.object({
  id,
  businessId: id.nullable(),
  kind: secretKind,
  title: z.string(),
  tags: z.array(z.string()),
  /** A line that tells it from others of its name: a user name, a host, the last four digits. */
  hint: z.string().nullable(),
  /** Asks for step-up before it is shown. */
  sensitive: z.boolean(),
  version: z.int(),
  createdAt: z.int(),
  updatedAt: z.int(),
  lastUsedAt: z.int().nullable(),
  dueAt: z.int().nullable(),
  rotationPhase: z.enum(rotationPhases),
  attachmentCount: z.int(),
  deletedAt: z.int().nullable(),
})
export type SecretSummary = z.infer<typeof secretSummary>

export const secret = secretSummary.extend({
  fields: z.array(secretField),
  attachments: z.array(attachment),
  rotation,
  dependants: z.array(dependant),
})
export type Secret = z.infer<typeof secret>

export const secretVersion = z.object({
  version: z.int(),
  at: z.int(),
  actor: z.string(),
  title: z.string(),
  /** Names of the fields that differ from the version before. */
  changed: z.array(z.string()),
})
export type SecretVersion = z.infer<typeof secretVersion>

export const secretUse = z.object({
  at: z.int(),
  actor: z.string(),
  door: z.string(),
  action: z.enum(['created', 'changed', 'revealed', 'copied', 'used', 'tested', 'rotated', 'exported', 'deleted']),
  /** Procedure that did it, and the host that received the value where it left through the broker or an adapter. */
  procedure: z.string(),
  host: z.string().nullable(),
  field: z.string().nullable(),
  outcome: z.string(),
  /** Row of the audit log that proves it. */
  auditSeq: z.int(),
})
export type SecretUse = z.infer<typeof secretUse>

export const importFormats = ['bitwarden', '1pux', 'kdbx', 'csv', 'env', 'countinghouse'] as const
export const importFormat = z.enum(importFormats)
export type ImportFormat = z.infer<typeof importFormat>

/** Most items that one import takes. */
export const mostImported = 20_000

export const importPreview = z.object({
  importId: id,
  format: importFormat,
  items: z.array(
    z.object({
      index: z.int(),
      kind: secretKind,
      title: z.string(),
      hint: z.string().nullable(),
      fieldNames: z.array(z.string()),
      attachmentCount: z.int(),
      /**
       * `same`: an equal item is here already; `changed`: one of the same title and hint is here with other values. Who may not see
       * values is told `changed` of both.
       */
      state: z.enum(['new', 'same', 'changed']),
    }),
  ),
  /** What was in the file and cannot be taken over, a sentence each. */
  left: z.array(z.string()),
})
export type ImportPreview = z.infer<typeof importPreview>

const itemInput = { title: textLine(200), tags: tags.optional(), sensitive: z.boolean().optional() }

export const secrets = {
  'secrets.create': command({
    summary: 'Keep a secret in the vault',
    input: {
      businessId: id.optional(),
      kind: secretKind,
      ...itemInput,
      fields: z.array(newField).max(60),
      /** 90 when left out for keys and credentials; null for never. */
      rotateEveryDays: rotateEveryDays.nullable().optional(),
    },
    output: secret,
    scope: 'secrets:write',
    secretInput: ['fields'],
  }),
  'secrets.update': command({
    summary: 'Change a secret; the version before is kept in its history',
    input: {
      secretId: id,
      version: z.int().min(1),
      title: textLine(200).optional(),
      tags: tags.optional(),
      sensitive: z.boolean().optional(),
      /** The whole list in its new order; a value left out stays. */
      fields: z.array(fieldChange).max(60).optional(),
      rotateEveryDays: rotateEveryDays.nullable().optional(),
    },
    output: secret,
    scope: 'secrets:write',
    secretInput: ['fields'],
  }),
  'secrets.get': query({
    summary: 'One secret with what may be shown without revealing it',
    input: { secretId: id },
    output: secret,
    scope: 'secrets:read',
  }),
  'secrets.list': query({
    summary:
      'Secrets by title; `query` searches title, tags, hint and hosts. Without a business: those of every business and of the vault',
    input: {
      businessId: id.optional(),
      /** Those of the vault itself beside those of the business. */
      withVault: z.boolean().optional(),
      query: z.string().max(200).optional(),
      kind: secretKind.optional(),
      tag: tag.optional(),
      /** Only those due for rotation within so many days (overdue ones too), soonest first. */
      dueWithinDays: z.int().min(0).max(3650).optional(),
      deleted: z.boolean().optional(),
      ...page,
    },
    output: pageOf(secretSummary),
    scope: 'secrets:read',
  }),
  'secrets.tags': query({
    summary: 'Every tag in use with how many secrets carry it',
    input: { businessId: id.optional(), withVault: z.boolean().optional() },
    output: z.object({ items: z.array(z.object({ tag: z.string(), count: z.int() })) }),
    scope: 'secrets:read',
  }),
  'secrets.reveal': command({
    summary: 'Show one value; the audit row is written before the value leaves',
    input: { secretId: id, field: fieldName, version: z.int().min(1).optional() },
    output: z.object({ value: z.string() }),
    scope: 'vault:reveal',
    secretOutput: true,
  }),
  'secrets.copyTicket': command({
    summary:
      'A ticket, good once and for 10 seconds, with which the window of this machine puts the value (of a code generator its code of now) on the clipboard without showing it',
    input: { secretId: id, field: fieldName },
    output: z.object({ ticket: z.string(), expiresAt: z.int() }),
    scope: 'vault:reveal',
    secretOutput: true,
  }),
  'secrets.history': query({
    summary: 'Versions of a secret, newest first',
    input: { secretId: id, ...page },
    output: pageOf(secretVersion),
    scope: 'secrets:read',
  }),
  'secrets.restoreVersion': command({
    summary: 'Make an earlier version the newest one again',
    input: { secretId: id, version: z.int().min(1), restore: z.int().min(1) },
    output: secret,
    scope: 'secrets:write',
  }),
  'secrets.delete': command({
    summary: 'Put a secret away for 30 days; until then it can be brought back',
    input: { secretId: id, version: z.int().min(1) },
    output: secret,
    scope: 'secrets:write',
  }),
  'secrets.undelete': command({
    summary: 'Bring a deleted secret back',
    input: { secretId: id },
    output: secret,
    scope: 'secrets:write',
  }),
  'secrets.usage': query({
    summary: 'Who used a secret, when, for which action and through which door, newest first',
    input: { secretId: id, ...page },
    output: pageOf(secretUse),
    scope: 'secrets:read',
  }),
  'secrets.startRotation': command({
    summary: 'Begin a rotation: the new value waits beside the old one until it is tested',
    input: { secretId: id, version: z.int().min(1), fields: z.array(newField).min(1).max(10) },
    output: secret,
    scope: 'secrets:write',
    secretInput: ['fields'],
  }),
  'secrets.testRotation': command({
    summary: 'Try the new value at its provider; where no test exists the owner says that they tried it',
    input: { secretId: id, confirmedByOwner: z.boolean().optional() },
    output: secret,
    scope: 'secrets:write',
  }),
  'secrets.finishRotation': command({
    summary:
      'Use the new value from now on; the old one is kept for the overlap, then retired. In the overlap, with `overlapHours` 0, the old one is retired now',
    input: { secretId: id, overlapHours: z.int().min(0).max(720).optional() },
    output: secret,
    scope: 'secrets:write',
  }),
  'secrets.cancelRotation': command({
    summary: 'Drop the new value of a rotation; within the overlap, go back to the old one',
    input: { secretId: id },
    output: secret,
    scope: 'secrets:write',
  }),
  'secrets.test': command({
    summary: 'Try the stored credential at its provider now',
    input: { secretId: id },
    output: z.object({ ok: z.boolean(), message: z.string() }),
    scope: 'secrets:write',
  }),
  'secrets.attach': command({
    summary: 'Attach a file of at most 512 KiB, sealed like a value; larger ones are chosen at this machine',
    input: {
      secretId: id,
      name: textLine(200),
      mediaType: textLine(100),
      base64: base64.max(700_000, { error: 'must hold a file of at most 512 KiB' }),
    },
    output: secret,
    scope: 'secrets:write',
    secretInput: ['base64'],
  }),
  'secrets.attachFile': command({
    summary: 'Attach a file of at most 50 MiB chosen in a native dialog',
    input: { secretId: id },
    output: z.object({ attached: z.boolean(), secret }),
    scope: 'secrets:write',
    doors: 'window',
  }),
  'secrets.attachment': command({
    summary: 'The content of an attachment of at most 512 KiB, for its preview; audited as a reveal',
    input: { attachmentId: id },
    output: z.object({ name: z.string(), mediaType: z.string(), base64: z.string() }),
    scope: 'vault:reveal',
    secretOutput: true,
  }),
  'secrets.saveAttachment': command({
    summary: 'Write an attachment where a native dialog says; audited as a reveal',
    input: { attachmentId: id },
    output: z.object({ saved: z.boolean() }),
    scope: 'vault:reveal',
    doors: 'window',
  }),
  'secrets.detach': command({
    summary: 'Remove an attachment for good',
    input: { attachmentId: id },
    output: secret,
    scope: 'secrets:write',
  }),
  'secrets.previewImport': command({
    summary:
      'Read an export of another vault and say what is in it; without `content` it is chosen in a native dialog. Kept in memory for 15 minutes',
    input: {
      businessId: id.optional(),
      format: importFormat,
      content: base64.max(1_000_000).optional(),
      password: z.string().max(1024).optional(),
    },
    output: z.object({ preview: importPreview.nullable() }),
    scope: 'secrets:write',
    secretInput: ['content', 'password'],
    parkable: false,
  }),
  'secrets.import': command({
    summary: 'Take over the chosen items of a preview; where one fails, those before it are taken out again',
    input: { importId: id, indexes: z.array(z.int().min(0)).min(1).max(mostImported) },
    output: z.object({ imported: z.int(), skipped: z.int() }),
    scope: 'secrets:write',
    parkable: false,
  }),
  'secrets.export': command({
    summary:
      'Write the secrets to a file: `encrypted` opens only with its own passphrase, `plain` asks for step-up. In the window a native dialog says where',
    input: {
      businessId: id.optional(),
      format: z.enum(['encrypted', 'plain']),
      passphrase: z.string().min(1).max(1024).optional(),
    },
    /** `base64` for callers of the API alone; the window writes the file and gets null. */
    output: z.object({
      saved: z.boolean(),
      count: z.int(),
      /** Files that are not in it, a sentence each. */
      left: z.array(z.string()),
      fileName: z.string(),
      base64: z.string().nullable(),
    }),
    scope: 'vault:reveal',
    secretInput: ['passphrase'],
    secretOutput: true,
  }),
} as const
